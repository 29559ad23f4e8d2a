"""Cloud gaming and remote play: the shapes of the titles that their windows and pages bear while a game runs.

The words between title and service are those of the services' own pages in each language. A shape is the whole title, so
that an article about a service, which says more, does not fit.
"""

from __future__ import annotations

import re
from enum import Enum

from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import alternatives, names


class Shape(Enum):
    """Who writes titles of a shape, and so how much more it takes to believe one."""

    ITS_OWN = "only the service: a page among others counts"
    SHARED = "headlines too: in a page among others it must not read like one"
    ALONE = "pages about the service too: only a window that shows nothing else counts"


BROWSERS = names(
    """
    chrome google-chrome google-chrome-stable google-chrome-beta google-chrome-unstable googlechrome chromium chromium-browser
    ungoogled-chromium msedge microsoft-edge microsoft-edge-stable microsoft-edge-beta microsoft-edge-dev microsoftedge firefox
    firefox-esr firefox-bin brave brave-browser brave-browser-stable bravebrowser opera opera-stable operagx opera-gx
    opera-browser vivaldi vivaldi-bin vivaldi-stable thorium thorium-browser safari arc librewolf librewolf-bin waterfox
    waterfox-bin floorp floorp-bin zen zen-bin zen-browser yandex yandex-browser yandex-browser-beta browser whale iridium
    epiphany epiphany-browser gnome-web falkon qutebrowser org.gnome.epiphany
    """
)
"""Keys of browsers' programs."""

CLIENTS = names(
    """
    geforcenow geforcenowstreamer geforcenowcontainer nvidiageforcenow geforcenow-electron geforce-now-electron gfn-electron
    gfnelectron opennow xboxpcapp xboxapp xcloud greenlight xcloud-electron betterxcloud better-xcloud xbox-xcloud-player
    xbox-cloud-gaming luna amazonluna boosteroid boosteroidgamess blacknut antstream antstreamarcade airgpu utomik vkplaycloud
    """
)
"""Keys of the services' own programs, and of wrappers around their pages."""

_BROWSER_NAMES = alternatives(
    r"""
    mozilla firefox( private browsing)?; firefox; google chrome( \(incognito\))?; chrome; chromium;
    (microsoft\W{0,3})?edge( beta| dev| canary)?; opera( gx)?; brave( browser)?; vivaldi; thorium; safari; arc; librewolf;
    waterfox; floorp; zen browser; yandex(\.browser| browser)?; яндекс.?браузер; whale; iridium; epiphany; falkon; web
    """
)
_MORE_PAGES = r"\s+\w{1,4}\s+\d+\s+\w+\s+(?:pages?|seiten?|páginas?|pagine|stron\w*|страниц\w*)"
_PROFILE = r"\s+[-–—]\s+(?:personal|work|profile? ?\d*|profil ?\d*|default|persönlich|personnel|guest|gast)"
TAIL = Pattern(
    rf"(?:{_MORE_PAGES})?(?:{_PROFILE})?\s+[-–—]\s+(?:{_BROWSER_NAMES})(?:\s+[-–—]\s+[^-–—|]{{1,40}})?$", re.IGNORECASE
)
"""What browsers put behind a page's title: further pages, the person's profile, their own name."""

APP_WINDOW = Pattern(r"--(app|app-id|kiosk|start-fullscreen)(=.*)?|-kiosk", re.IGNORECASE)
"""Arguments with which a browser shows one page as a program of its own."""
APP_CLASS = Pattern(r"crx_[a-p]{32}|(chrome|msedge|brave)-[a-p]{32}-.*|(chrome|msedge|brave)-\S+__\S*", re.IGNORECASE)
"""Window classes of such programs."""

_GFN = r"(?:nvidia\s+)?geforce\s*now"
_ON = alternatives(
    "on; in; auf; bei; sur; dans; en; a través de; su; no; na; em; pelo; através do; op; på; w; we; w usłudze; v; ve; в; во; на; через; у; pe; üzerinde"
)
_WITH = "with; via; mit; avec; con; tramite; com; met; med; przez; з; с; prin; trên"
_QUOTED = r"[「《『\"“]?(?P<title>.+?)[」》』\"”]?"
GEFORCE_NOW: tuple[Pattern, ...] = tuple(
    Pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<title>.+?)\s+(?:{_ON})\s+{_GFN}",
        rf"{_GFN}\s*(?:['’](?:da|de)|üzerinde|['’]ssa|:ssa|-on)\s+(?P<title>.+)",
        rf"{_GFN}\s*(?:の|で|での|上の|上的(?:游戏|遊戲)?|에서의?|의)\s*{_QUOTED}",
        rf"[在于於]\s*{_GFN}\s*上?\s*(?:玩|运行|運行|畅玩|暢玩|游玩|遊玩)?\s*{_QUOTED}",
        rf"{_QUOTED}\s*(?:に|で|上|在|于|에서|을|를)?\s*{_GFN}\s*(?:で|上|에서|でプレイ|üzerinde|['’](?:da|de))",
        rf"{_QUOTED}\s*(?:に|で|在|于|에서)\s*{_GFN}",
    )
)
"""GeForce NOW's titles in its languages; its desktop program and its page word them alike."""
GEFORCE_NOW_ALONE: tuple[Pattern, ...] = (
    Pattern(rf"(?P<title>.+?)\s+(?:{alternatives(_WITH)})\s+{_GFN}", re.IGNORECASE),
    Pattern(rf"(?P<title>.+?)\s*[-–—|:·•]\s*{_GFN}", re.IGNORECASE),
    Pattern(rf"(?P<title>.+?)\s*[(（\[]{_GFN}[)）\]]", re.IGNORECASE),
)
"""Further shapes, which pages about the service have too: they count only in a window of its own."""

_PLAY = alternatives(
    "play; spiele?; jouez? (?:à|a); jouer (?:à|a); jugar a; juega a; juega; gioca a; jogar; jogue; zagraj w; graj w; играть в; speel; spela; spil; プレイ"
)
_BETA = r"(?:\s*\((?:beta|bêta|бета(?:-версия)?|ベータ版?|베타|测试版|測試版)\))?"
_SITE = r"(?:\s+(?:on|auf|bei|sur|en|su|no|em|na|w|op|på|в|на|i)\s+xbox\.com|\s*[-(]\s*xbox\.com\)?)?"
XBOX: tuple[Pattern, ...] = (
    Pattern(
        rf"(?:(?:{_PLAY})\s+)?(?P<title>.+?)\s*(?:を?プレイ(?:する)?|플레이|oyna)?\s*[|–—-]\s*xbox\s+cloud\s+gaming{_BETA}{_SITE}",
        re.IGNORECASE,
    ),
)
"""Xbox Cloud Gaming's page in its languages."""
LUNA: tuple[Pattern, ...] = (
    Pattern(rf"(?:(?:{_PLAY})\s+)?(?P<title>.+?)\s*(?:\||\s[–—-])\s*amazon\s+luna", re.IGNORECASE),
    Pattern(r"(?P<title>.+?)\s+(?:on|auf|sur|en|su|no)\s+amazon\s+luna", re.IGNORECASE),
)
BOOSTEROID: tuple[Pattern, ...] = (
    Pattern(r"(?:play\s+)?(?P<title>.+?)\s*(?:\||\s[-–—]|\son)\s*boosteroid(?:\s+cloud(?:\s+gaming)?)?", re.IGNORECASE),
)
_OTHER_NAMES = alternatives(
    "now\\.gg; airgpu; blacknut; vk ?play(?: cloud)?; antstream arcade; utomik(?: cloud)?; jiogamescloud"
)
OTHERS: tuple[Pattern, ...] = (Pattern(rf"(?:play\s+)?(?P<title>.+?)\s*[|–—-]\s*(?:{_OTHER_NAMES})", re.IGNORECASE),)

SERVICES: tuple[tuple[str, tuple[Pattern, ...], Shape], ...] = (
    ("Xbox Cloud Gaming", XBOX, Shape.ITS_OWN),
    ("Amazon Luna", LUNA[:1], Shape.ITS_OWN),
    ("Amazon Luna", LUNA[1:], Shape.ALONE),
    ("GeForce NOW", GEFORCE_NOW, Shape.SHARED),
    ("GeForce NOW", GEFORCE_NOW_ALONE, Shape.ALONE),
    ("Boosteroid", BOOSTEROID, Shape.ALONE),
    ("its cloud service", OTHERS, Shape.ALONE),
)
"""Service, the shapes of its titles, and who else writes titles of that shape."""

MENUS = Pattern(
    alternatives(
        r"""
        (my |all |new |play |available |supported )?(games?|library|home|store|shop|search|settings|account|profile|queue);
        memberships?|subscriptions?|pricing|plans?|downloads?|log ?in|sign ?(in|out|up)|welcome|get started|faq|support|help|news|blog;
        (server )?status|about|play( now)?|cloud gaming|consoles?|browse|catalog(ue)?|featured|games? list|loading.*|error.*|official site;
        app|overview|friends|controllers?|luna\+?|prime gaming|play (more |your )?games?|launching.*|starting.*|connecting.*|network test;
        free|ultimate|performance|priority|release notes|terms.*|privacy.*|system requirements|partners?|careers|forums?|community;
        troubleshooting|channels?|ubisoft\+.*|included with.*|game ?night.*|leaderboards?|favou?rites|recent(ly)?.*|most popular|genres?|collections?;
        what (is|are) .*|how (do|does|can) .*|discover (something|more|new|games).*|explore (more|games).*|.*\bcloud gaming\b.*|(.*\s[-–—|:]\s*)?play( now)?;
        (meine |alle |neue )?(spiele|bibliothek|startseite|suche|einstellungen|konto|mitgliedschaft(en)?|anmeld(en|ung)|hilfe|spielen);
        (mes |tous les |les )?(jeux|bibliothèque|accueil|recherche|paramètres|compte|abonnements?|connexion|aide|jouer|adhésions?);
        (mis |todos los |los )?(juegos|biblioteca|inicio|búsqueda|buscar|configuración|ajustes|cuenta|suscripci(ón|ones)|ayuda|jugar);
        (i miei |tutti i )?(giochi|libreria|ricerca|cerca|impostazioni|abbonament[oi]|accedi|accesso|aiuto|gioca);
        (meus |todos os )?(jogos|início|pesquisar?|configurações|definições|conta|assinaturas?|entrar|ajuda|jogar);
        (moje |wszystkie )?(gry|strona główna|szukaj|ustawienia|konto|członkostwo|zaloguj się|pomoc|graj);
        (мои |все )?(игры|библиотека|главная|поиск|настройки|аккаунт|подписк[аи]|войти|вход|помощь|играть);
        oyunlar(ım)?|kütüphane(m)?|ana sayfa|ara|ayarlar|hesap|üyelik(ler)?|giriş yap|yardım|oyna;
        (マイ)?(ゲーム|ライブラリー?|ホーム|検索|設定|アカウント|メンバーシップ|ログイン|ヘルプ|プレイ);
        (내 )?(게임|라이브러리|홈|검색|설정|계정|멤버십|로그인|도움말|플레이);
        (我的)?(游戏|遊戲|游戏库|遊戲庫|主页|首頁|首页|搜索|搜尋|设置|設定|帐户|帳戶|账户|会员|會員|登录|登入|帮助|說明);
        (nvidia )?geforce ?now.*|xbox.*|game pass.*|pc game pass.*|nvidia.*|amazon( luna)?.*|boosteroid.*|desktop|steam|epic games( store)?;
        ubisoft connect|ea app|battle\.net|gog galaxy|steam big picture( mode)?|big picture|microsoft store|prime.*
        """
    ),
    re.IGNORECASE,
)
"""What a service's own pages are called, and the launchers that it may run in a game's stead."""

REMOTE = names(
    """
    chiaki chiaki-ng chiaki4deck parsec parsecd remoteplay rpplay psremoteplay steamlink steamdeckremoteplay shadow shadow-prod
    rainway moonlight-qt moonlight sunlight xbplay
    """
)
"""Keys of programs that show another computer's or a console's screen, and do not say what is on it."""

_SERVICE_ALONE = alternatives(
    r"""
    (nvidia )?geforce ?now( beta)?; xbox cloud gaming; xbox game pass cloud gaming; (amazon )?luna; amazon luna\+?; boosteroid( cloud gaming)?;
    blacknut( cloud gaming)?; antstream arcade; now\.gg; airgpu; vk ?play cloud; utomik cloud; playstation remote play; playstation plus cloud streaming;
    steam (link|remote play)
    """
)
SERVICE_ALONE = Pattern(rf"(?P<service>{_SERVICE_ALONE}){_BETA}{_SITE}", re.IGNORECASE)
"""A whole title that names a service and no game."""
PAGES = Pattern(
    r"(play\.geforcenow\.com|(www\.)?xbox\.com/([a-z]{2}-[a-z]{2}/)?play|luna\.amazon\.[a-z.]+|cloud\.boosteroid\.com|now\.gg|"
    r"antstream\.com|cloud\.vkplay\.ru)(?![\w.-])",
    re.IGNORECASE,
)
"""Where the services' pages are, in a browser's arguments or in the class of a page's own window."""

_BEGINS = alternatives(
    r"""
    how; why; what('|’)?s; what (is|are); when; where; which; who; can; could; does; do; should; will; the best; best; top; playing; reviews?; guide;
    tips; fix; every; all; more; these; watch; try; stream(ing)?; get; download; install; using; running; this week; announcing; introducing; coming;
    \d+ \w+; r/\S+; \(\d+\); warum; wie; die besten; comment; pourquoi; les meilleurs; cómo; por qué; los mejores; perché; i migliori; jak; dlaczego;
    как; почему; nasıl; play with; is; are
    """
)
_HOLDS = alternatives(
    r"""
    is; are; comes?; coming; came; launch(es|ed|ing)?; arriv(es?|ed|ing); add(s|ed); joins?; joined; available; playable; review(ed)?; tested; hands-on; vs\.?;
    versus; guide; gameplay; trailer; tutorial; settings; performance; latency; not working; error; fix(ed)?; news; wiki; reddit; support(ed|s)?; runs?;
    works?; games; titles; library; leaving; removed; released?; cheap; deals?; spiele; jeux; juegos; giochi; jogos; gry; игры; jetzt; verfügbar;
    disponible; disponibile; disponível; dostępn[aey]; доступн[аоы]; mevcut
    """
)
HEADLINE = Pattern(rf"(?:{_BEGINS})(?!\w).*|.*(?<!\w)(?:{_HOLDS})(?!\w).*|.*\?.*", re.IGNORECASE)
"""Headlines: they begin or go on as sentences do, and names of games rarely do."""

NO_GAMES = names(
    """
    desktop steam steambigpicture bigpicture steambigpicturemode mstsc mstscexe explorer remotedesktop virtualdesktop playnite
    playnitefullscreen launchbox bigbox emulationstation esde retroarch heroic lutris kodi plex spotify xbox epicgameslauncher
    epicgames gog goggalaxy battlenet terminal lowresdesktop
    """
)
"""What hosts of Moonlight offer beside games, squeezed."""
