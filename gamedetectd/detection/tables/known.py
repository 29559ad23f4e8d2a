"""Programs that are known not to be games, by what they are.

Names are spelled as ``paths.key`` spells them: lower case, no ``.exe``, no blanks, no underscores. They are facts about
programs people meet every day; a name here never needs a second look.
"""

from __future__ import annotations

from collections.abc import Mapping

_LAUNCHERS = """
2klauncher 5earena airshipper amazongames amazongamesservices amazongamesui androidemulator arcclient archeagelauncher
arma3launcher atlauncher attract attractmode attractplus badlion badlionclient battle.net battle.nethelper
battle.netlauncher battlestatelauncher beatsaberiplauncher bethesda.netlauncher bethesdanetlauncher bigbox
blackdesertlauncher blizzardagent blizzardbrowser blizzarderror bolt boosteroid bottles bottles-cli bsglauncher
bsmanager butler cartridges cdpr-launcher chiaki chiaki-ng crossover curseforge cxbottle cxmenu dayzlauncher
dolphin-launcher dowser eaanticheat.gameservice eaanticheat.gameservicelauncher eaapp eabackgroundservice
eaconnectmicroservice eadesktop ealauncher ealinkdirector ealocalhostsvc eldergamelauncher emudeck emulationstation
emulationstation-de eosbootstrapper eosoverlayrenderer eosoverlayrenderer-win64-shipping epicgameslauncher
epicgameslauncher-mac-shipping epicgameslauncher-win64-shipping epiconlineservices epiconlineservicesuserhelper
epicwebhelper es-de esea eseaclient eso-launcher eve-online-launcher evelauncher faceit faceit-ac faceitclient
faceitservice fallout3launcher fallout4launcher falloutlauncher faugus-launcher faugus-run feather featherlauncher
feedtheweb ffxivboot ffxivlauncher ffxivlauncher64 ficsitmod fivem-launcher fjordlauncher freesmlauncher ftb-app
ftbapp gaijinagent gaijinnetagent galaxyclient galaxyclienthelper galaxyclientservice galaxycommunication
galaxyoverlay gameassistant gamebar gamebarelevatedft gamebarftserver gamebarpresencewriter gamecenter gamehub
gameinputredistservice gameinputsvc gamejolt gamejoltclient gamelauncher gamelaunchhelper gameloop gameoverlayui
gameoverlayui64 gamescope-session gamesplatform gamingservices gamingservicesnet gamingservicesui garena
garenamessenger gdlauncher gdlaunchercarbon geforceexperience geforcenow geforcenowcontainer geforcenowstreamer
genshinlauncher gfnruntimesdk glossi glyphclient glyphclientapp glyphcrashhandler glyphdownloader gog-galaxy
gogcomgalaxy gogdl goggalaxy grapejuice greenlight heroic heroic-run heroicgameslauncher hmcl hoyoplay humble
humbleapp hyp hypupdater hytalelauncher indiegala indiegalaclient ipcserver itch itch-setup jagexlauncher
jagexlaunchermain kittystore labymodlauncher larianlauncher larilauncher launchbox launcher-truckersmp
launcher.hoyoplay launchereac launcherpatcher launchpad leagueclient leagueclientux leagueclientuxrender legendary
lollauncher lumafly luna lunar-client lunarclient lutris lutris-wrapper maplestorylauncher mclauncher
minecraft-launcher minecraftlauncher minigalaxy mo2 modassistant moddb.client modorganizer modorganizer2 modrinth
modrinth-app modrinthapp moonlight moonlight-qt morrowindlauncher multimc mygames mygamescenter ncsoftlauncher
newworldlauncher nexonclient nexonlauncher nexonplug nexus-mods-app nexusmodsapp nile nvidiaapp
nvidiageforceexperience nvstreamer oblivionlauncher openplanetlauncher origin originclientservice originer
originthinsetupinternal originwebhelperservice overwolf overwolfbrowser overwolfhelper overwolfhelper64
overwolflauncher paradoxlauncher paradoxlauncherv2 parsec parsecd pegasus-fe pegasus-frontend perfectworldarena
phoenicis plarium plariumplay playgtav playnite playnite.desktopapp playnite.fullscreenapp playonlinux playonlinux4
playrdr2 polly pollymc polymc portingkit prismlauncher protonplus protontricks protontricks-launch protonup
protonup-qt psremoteplay purple purplelauncher r2modman rainway rare redlauncher redprelauncher remoteplay riotclient
riotclientcrashhandler riotclientelectron riotclientservices riotclientux riotclientuxrender robloxcrashhandler
robloxplayerinstaller robloxplayerlauncher robloxstudiolauncher rockstarerrorhandler rockstargameslauncher
rockstarlauncher rockstarservice rpcs3-launcher rsilauncher runelite-launcher satisfactorymodmanager scarab scrcpy
shadow shadow-prod skyrimlauncher skyrimmodmanager skyrimselauncher smapiinstaller sober-launcher socialclubhelper
squareenixlauncher stadia starcitizenlauncher starraillauncher steam steam-launch-wrapper steam-rom-manager
steam-runtime-launcher-service steam.sh steamcmd steamdeckremoteplay steamerrorreporter steamerrorreporter64
steamlauncher steamlink steamosx steamservice steamstreamingclient steamsysinfo steamtours steamvr steamwebhelper
sunshine swtorlauncher technic technic-launcher technicplatform tgp thunderstoremodmanager tl tlauncher truckersmp
truckersmp-launcher ubisoftconnect ubisoftconnectwebcore ubisoftextension ubisoftgamelauncher ubisoftgamelauncher64
ultimmc umu-launcher unifiedremote unrealcefsubprocess unrealcefsubprocess-win64-shipping unrealversionselector upc
uplay uplayservice uplaywebcore vanguard vavoo vgc vgtray vinegar vivoxlauncher vkplay wargaminggamecenter
warthunderlauncher wegame wgc wgcrendererhost whisky winetricks worldoftankslauncher wotlauncher wowslauncher
wurmlauncher64 xboxapp xboxappservices xboxgamebarspotify xboxgamebarwidgets xboxpcapp xboxpcapptray xcloud
xgamehelper xivlauncher xivlauncher-rb xivlauncher.core xivlauncher.core.desktop xmcl zenimaxonline zoslauncher
zulalauncher
"""

_HELPERS = """
7z 7za 7zr abrt-applet acebase aceclient activationui adb alvr alvrdashboard anticheatexpert apport apport-gtk aria2c
autoplay autorun awesomiumprocess battleye battleyeinstaller beclient beinstall belauncher beservice beservicex64
breakpadinjector browsersubprocess bsndrpt bssndrpt bssndrpt64 bugreport bugreporter bugsplathd cef cefclient
cefprocess cefsharp.browsersubprocess cefsubprocess chromiumembedded cleanupthis coherentui coherentuigthost
coherentuihost cohtml crashhandler crashhandler64 crashpad-handler crashpadhandler crashreport crashreportclient
crashreportclienteditor crashreporter crashrpt crashsender crashsender1402 crashsender1403 crashuploader createdump
curl d3dcompilerhelper d3ddriverquery d3ddriverquery64 directxredist dotnet-host dotnet-runtime dotnetfx
dotnetinstaller drkonqi drwtsn32 dumpfile dxcpl dxdiag dxsetup dxwebsetup easyanticheat easyanticheateos
easyanticheateoslauncher easyanticheateossetup easyanticheatlauncher easyanticheatsetup elevate elevationservice equ8
equ8-anti-cheat equ8conf errorreport errorreporter faceitac ffmpeg ffprobe fossilize-replay fossilizereplay
fossilizereplay64 gamebrowser gameguard gamelauncherhelper gamemon gamemon64 gameprocess gameux gfwlive gfwlivesetup
gldriverquery gldriverquery64 gpuprocess helpctr hyperion innosetup install installer isuninst libcef
lighthouseconsole mhyprot mhyprotect minidumpuploader mixedrealityportal monado-service mono-symbolicate
msedgewebview2 nacl64 ndp48-x86-x64-allos-enu nexusguard notification-helper notificationhelper npggnt nprotect
oalinst oculus oculusapp oculusclient oculusdash openxr-explorer ovrredir ovrserverx64 ovrservicelauncher pbsvc
physx-legacy physxsetup pnkbstra pnkbstrb punkbuster qtwebengineprocess quicksfv renderprocess ricochet
ricochetlauncher robloxcrashhandler rpt senddmp sendrpt sentry-crash setup setup-x64 setuphelper setupx64 sguard64
sguardsvc64 sguardupdate64 shadercompiler shadercompileworker startgame startprotectedgame steam-launch-options
steamoverlayvulkanlayer steamvrroomsetup steamxboxutil steamxboxutil64 streamingclient subprocess tensafe touchup
tp3helper ucrtbased ucsvc ue4prereqsetup ue4prereqsetupx64 ue4prereqsetupx86 ue5prereqsetupx64 ueprereqsetup
ueprereqsetupx64 unins000 unins001 unins002 uninst uninstall uninstaller unitycrashhandler unitycrashhandler32
unitycrashhandler64 unrar uwpsetup vc-redist vc-redist.x64 vc-redist.x86 vcredist vcredist.arm64 vcredist.x64
vcredist.x64.x86 vcredist.x86 vcredist2005x86 vcredist2008x86 vcredist2010x64 vcredist2010x86 vcredist2012x64
vcredist2013x64 vcredist2015x64 vcredistx64 vcredistx86 vrcmd vrcompositor vrdashboard vrmonitor vrserver
vrserverhelper vrservice vrstartup vrurlhandler vrwebhelper vulkandriverquery vulkandriverquery64 vuplexwebview
webkitgpuprocess webkitnetworkprocess webkitwebprocess webviewhost wer werfault werfaultsecure wget wivrn-server
x64launcher xdelta xdelta3 xhunter xigncode xnafx31redist xnafx40redist zfgamebrowser zfgamebrowsercef
zfgamebrowserhelper
"""

_SYSTEM = """
7zfm accounts-daemon activitymonitor applicationframehost appstore apt apt-get arp as at-spi-bus-launcher atop audiodg
automator avahi-daemon awesome awk backgroundtaskhost bash bazel books brew bspwm btop budgie-panel budgie-wm bzip2
c++ cacls calc calculator calculatorapp calendar cargo cat cc cc1 cc1plus ccache cfprefsd charmap cinnamon
cinnamon-session clang clang++ cleanmgr clock cmake cmd collect2 colord compattelrunner compton conhost consent
console contacts containerd control controlcenter coreaudiod coreservicesd cp cron crond cscript csh csrss ctfmon
cupsd cut dash dbus-broker dbus-broker-launch dbus-daemon dictionary diskutility distcc dllhost dmenu dnf doas dock
dockerd dpkg dunst dwm dxdiag earlyoom eject enlightenment env eventvwr evolution-data-server explorer facetime fcitx
fcitx5 find finder fish flatpak flatpak-session-helper fluxbox fontbook fontdrvhost fwupd g++ gamebarpresencewriter
gawk gcc gdb gdm gdm3 geoclue git git-remote-https gnome-keyring-daemon gnome-session gnome-session-binary
gnome-settings-daemon gnome-shell go gofmt gpg-agent grapher grep gsd-xsettings gvfsd gzip head hh hostname htop
hyprland i3 i3lock ibus-daemon ibus-x11 icewm icinfo iexplore imageviewer init iotop ipconfig irqbalance jackd
jackdbus javac kded5 kded6 kernel-task keychainaccess krunner ksh ksmserver kwalletd5 kwalletd6 kwin kwin-wayland
kwin-x11 labwc launchd ld ld.lld legacyscreensaver less lightdm lightdm-gtk-greeter lld lldb lockapp login loginwindow
logonui ls lsass ltrace lxpanel lxqt-panel lxqt-session magnify make mako man maps marco mate-panel mate-session mawk
mds mdworker mdworkershared meson messages metacity migrationassistant mkdir mmc modemmanager more mpcmdrun msconfig
mscorsvw mshta msiexec msinfo32 msmpeng mspaint msra mstsc muffin music musnotification mutter mv narrator net
networkmanager ngentask nice ninja nissrv nohup notepad notes notificationcenter nvtop oleview openbox openconsole osk
packagekitd pacman perf perfmon phoneexperiencehost photobooth photos picom pipewire pipewire-pulse plasmashell
plugplay podcasts polkitd polybar powershell preview progman ps pulseaudio pwsh qtile quicktimeplayer reg regedit
regsvr32 reminders resmon river rm rofi rpcss rpm rsync rtkit-daemon rundll32 runtimebroker rustc sc sccache scp
screenclippinghost screensaverengine screensketch scripteditor sddm searchapp searchfilterhost searchhost
searchindexer searchprotocolhost searchui securityhealthservice securityhealthsystray sed services services.exe setsid
settingsynchost sftp sh shellexperiencehost shortcuts sihost sleep smartscreen smss snap snapd snippingtool sort
spoolsv spotlight sppsvc ssh ssh-agent sshd start start.exe startmenuexperiencehost stdbuf stickies strace su sudo
svchost sway swaybg swaylock swaync systemd systemd-journald systemd-logind systempreferences systemsettings
systemsettingsbroker systemuiserver tabtip tail tar taskhost taskhostw taskkill taskmgr taskset tcsh tee terminal
textedit textinputhost thermald timeout tiworker top tr tracker-miner-fs-3 trustedinstaller tsc tv udevd uninstaller
unsecapp unzip upowerd usereventagent userinit usoclient valgrind view vmmem vmmemwsl wallpaperagent waybar wayfire
werfault weston widgets widgetservice windowserver wine wine-preloader wine64 wine64-preloader wineboot winecfg
wineconsole winedbg winedevice winefile winemenubuilder wineserver wineserver32 wineserver64 winhlp32 wininit winlogon
winrar winver wireplumber wlanext wmiprvse wofi wordpad wpa-supplicant write wscript wsl wslhost wslservice wuauclt
wudfhost xargs xcopy xdg-desktop-portal xdg-desktop-portal-gnome xdg-desktop-portal-gtk xdg-desktop-portal-kde xephyr
xfce4-panel xfce4-session xfdesktop xfwm4 xnest xorg xvfb xwayland xz yourphone yum zip zsh zstd zypper
"""

_APPLICATIONS = """
1password 3dsmax 3tene 7zfm 7zg abiword ableton abletonlive acad acdsee acrobat acrobatdc acrodist acrord32 acrotray
action adobearm adobedesktopservice adobeipcbroker adobemediaencoder adobenotificationclient adobepremierepro
adobesubstance3dpainter adobexd aegisub affinitydesigner affinityphoto affinitypublisher afterfx ahk aida64 aimp
alacritty albert alfred alienfxagent alienwarecommandcenter amarok amdcleanuputility amdnoisesuppression amdow
amdrsserv amdryzenmaster anbox android-studio androidstudio animaze anki antimicro antimicrox anydesk apitrace
applemusic applicationupdater arc arccontrol arcgispro ardour arduino arduino-ide aria ark armcord armorpaint
armourycrate armourycrate.service armourycrate.usersessionhelper artmoney aseprite assetforge asus-framework atom
atril audacious audacity audition aurasync authy autocad autohotkey autohotkey64 autohotkeyu64 avastui avguard avgui
avidemux avogadro avogadro2 avp awcc balenaetcher bambu-studio bambustudio bandicam bandiview bandizip baobab bcompare
bdagent bdcam beeper betterbird betterjoy beyondcompare biglybt bigscreen bimx bitsum bittorrent bitwarden
bitwig-studio bitwigstudio blackbox bleachbit blend blender blender-launcher blockbench blueberry blueman-manager
bluestacks bodyslide brackets brave brave-browser bravebrowser bricklinkstudio bridge browser bstkagent caja calibre
calligra calligrawords cam camtasia camtasiastudio caprine carla cartesduciel catia ccc ccleaner ccleaner64 cclibrary
ccxprocess celestia celestia-gtk celestia-qt celestia-qt5 celluloid cheatengine cheatengine-i386 cheatengine-x86-64
cheatengine-x86-64-sse4-avx2 cheese chemdraw chimerax chitubox chrome chrome-beta chrome-remote-desktop chromium
chromium-browser cider cinema4d ciscocollabhost ckb-next clamtk claws-mail clementine clickmonitorddc clion clion64
clipstudio clipstudiopaint cloudcompare cloudflarewarp cmder cmus cncmd code code-insiders code-oss codeblocks
codelite codium comodo completeanatomy conemu conemu64 construct construct3 contour cool-retro-term coolercontrol
corectrl coreldrw coresync corona corsair.service cortexlauncher cpu-z cpuz cpuz-x64 creationkit creativecloud
crocotile3d cryengine crystaldiskinfo crystaldiskmark cubase cubismeditor cue3 cura cursor d-feet d3doverrider
darktable dashlane datagrip datagrip64 davinciresolve dazstudio dbeaver dconf-editor ddu deadbeef deezer defold
deja-dup deluge deluge-gtk depressurizer deskscapes desktopeditors desmos devenv digikam dillo discord discordcanary
discorddevelopment discordptb discover diskinfo64 display display-im6.q16 displaycal displaydriveruninstaller
displayfusion dnplayer docker docker-desktop dockerdesktop dolbyaccess doombuilder dopus doublecmd dragon dragoncenter
drawpile droidcam dropbox ds4windows dsaservice dsatray duckduckgo dungeondraft duolingo dwservice dxtory eagle
easyeffects ebook-viewer eclipse eeschema egui ekrn element element-desktop elisa emacs emacs-gtk encoderserver
endeavour engrampa enpass enscape eog eom epiphany equalizerapo equibop eset esrvsvc et etcher evernote everything
everything-1.5a everything64 evgaprecision evince evolution excel expressvpn f.lux f3d faceposer facerig falkon
fancontrol faststone fbreader fdm feh fences ferdium ffplay figma figma-linux fiji file-roller filelight filezilla
firefox firefox-bin firefox-esr fl64 flameshot fleet fling floorp flow.launcher flstudio fluffychat flux fnis fo4edit
foliate foobar2000 foot footclient fork foxitpdfreader foxitreader franz fraps fraps64 freecad freecad-link freecadcmd
freecommander freerdp fritzing frostwire fsviewer fusion360 gaea gaia-sky gaiasky galculator gamemaker
gamemaker-studio gamemakerstudio gamemoded gamemodelist gammastep garageband gcompris-editor gdevelop geany geary geck
gedit geeqie genymotion geogebra ghb ghostty gigabytecontrolcenter gimp gimp-2.10 gimp-2.99 gimp-3.0 git-gui
github-desktop githubdesktop gitk gitkraken glasswire gnome-boxes gnome-builder gnome-calculator gnome-calendar
gnome-characters gnome-clocks gnome-connections gnome-console gnome-contacts gnome-control-center gnome-disks
gnome-font-viewer gnome-logs gnome-maps gnome-music gnome-photos gnome-screenshot gnome-software gnome-system-monitor
gnome-terminal gnome-terminal-server gnome-text-editor gnome-todo gnome-tweaks gnome-videos gnome-weather gnome-web
gnucash gnumeric godot godot-mono godot3 godot4 goland goland64 gomplayer google-chrome google-chrome-stable
google-earth google-earth-pro googlechrome googlecrashhandler googlecrashhandler64 googledrivefs googledrivesync
googleearth googleearthpro googleupdate goverlay goxel gparted gpu-screen-recorder gpu-screen-recorder-gtk gpu-z gpuz
gpxsee grass gravitysketch greenshot groove groovemusic gthumb gtkradiant guacd guake gufw guilded guitarpro
guitarpro8 guvcview gvim gwenview gzdoombuilder hamachi hamachi-2 hammer hammer++ hammerplusplus handbrake
handbrakecli haruna hd-adb hd-player helix helvum hexchat hindie hlmv hlmviewer homebank honeyview houdini houdinifx
hwinfo hwinfo32 hwinfo64 hwmonitor hwmonitorpro hx hxoutlook hxtsr hydrapaper hydrogen hyper hyper-v hyperxngenuity
i-view32 i-view64 iceweasel icloud icue icuedevicepluginhost idea idea64 idman igcc igcctray igfxcuiservice igfxem
igfxtray igor iina illustrator imageglass imagej imager immersed imv indesign infinity inkscape input-remapper
insomnia instruments insync intelcphecisvc intelgraphicssoftware intellij-idea intelmeservice inventor
iobituninstaller irfanview irssi iterm iterm2 itunes jabref java-control-panel javacpl jdownloader jdownloader2
jellyfin-media-player jellyfinmediaplayer jhiservice jmol joplin josm joytokey jpegview jucheck jupyter-lab jusched
kakaotalk katana kate kavtray kazam kcalc kdenlive kdevelop kdiff3 keepass keepass2 keepassxc kenneyshape keyshot kgx
kicad kindle kinfocenter kitty kitty.exe klavaro kmail kmplayer kmymoney kodi kodi-wayland kodi-x11 kodi.bin
kolourpaint komorebi konqueror konsole kooha krdc krita krusader ksnip kst2 kstars ksysguard ktorrent ktouch kwrite
l3afpad labplot labview lact ladybird lastpass launchy lazarus lcore ldd ldplayer ldtk ldview leafpad legcord
legionzone legodigitaldesigner lenovovantage leocad lghub lghubagent lghubupdater librecad librefox
librehardwaremonitor libreoffice libresprite librewolf licecap lightbulb lightingservice lightroom lightroomclassic
lightshot lightwave line linux-wallpaperengine listary live11 live12 live2dcubismeditor4 live2dviewerex lively
lively.ui.winui livelywpf lmms lms logicprox logioptions logioptionsplus logioptionsplusagent logisim logseq lollypop
loot lossless-scaling losslesscut losslessscaling loupe ltspice lumion luppet lxterminal lychee lynx magicavoxel mail
mailspring makehuman makemkv malwarebytes mangoapp mangohud manycam maple marble mari marmoset marmosettoolbag
mate-terminal materialmaker mathematica matlab maya maya.bin mbam mbamservice mbamtray mc mcshield mcuicnt medal
medalencoder mediaencoder mediamonkey medibang megasync meld memrise memu meshlab meshmixer micro microsoft-edge
microsoft.media.player microsoft.photos microsoftedge microsoftedgeupdate midori mikumikudance min mintty
mirillisaction missioncenter mkvtoolnix-gui mmd mobaxterm moc modengine2launcher modo monitorian monodevelop moodle
mousepad movies mpc-be mpc-be64 mpc-hc mpc-hc64 mplayer mpv mpv.net mpvnet mpvpaper ms-teams msaccess msbuild mscore
msedge msi.centralserver msiafterburner msiappplayer msicenter mspub msrdc msteams mullvad mullvad-browser mullvad-vpn
mullvadvpn mumble mumble-ui mumuplayer mupdf mupdf-gl musescore musescore3 musescore4 music.ui musicbee mypaint
mysqlworkbench mysticlight nahimic nahimic3 nano nanome nautilus ncmpcpp nemesis nemo neovide netbeans netbeans64
netfabb netflix netradiant netradiant-custom netsurf netsurf-gtk nextcloud ngenuity ni nifskope nightshade nitrogen
nitrosense nizima-live nm-applet nm-connection-editor nomachine nomacs nordpass nordvpn norton nortonsecurity
notepad++ notepadplusplus notion notion-app nox noxplayer nsight nsxiv nuke nuke13 nvbackend nvcleanstall nvcontainer
nvcplui nvdisplay.container nvidia-settings nvidiabroadcast nvidiafrontend nvidiainspector nvidiaoverlay
nvidiaprofileinspector nvidiashare nvidiawebhelper nvim nvim-qt nvsphelper64 nvtelemetry nvtray nxclient nxplayer nyxt
nzxtcam obs obs-studio obs32 obs64 obsidian octave octave-gui octopi okular olive-editor olk omencommandcenter
omengaminghub omniverse oneapp.igcc onedrive onedrivesetup onenote onenoteim onenotem onlyoffice oosplash openbrush
openhardwaremonitor openrgb openscad openshot openshot-qt openspace openvpn openvpn-gui opera opera-gx operagx
operagxlauncher orca-slicer orcaslicer outfitstudio outlook outplayed owncloud paint.net paintdotnet paintstudio.view
palemoon pamac pamac-manager parallelsdesktop paraview parole parsechost pavucontrol pbidesktop pcbnew pcmanfm
pcmanfm-qt peace peazip peek pgadmin4 photoqt photoshop phpstorm phpstorm64 pico8-editor pidgin pinta piper piskel
pitivi pix pixelcomposer pixelorama planner plasma-discover plasma-systemmonitor plasma-wallpaper plex plexamp
plexhtpc plexmediaplayer plitch pluma pmxeditor polychromatic poser postbox postman potplayer potplayermini
potplayermini64 powerbi powerpnt powertoys powertoys.runner precisionx predatorsense premiere prlclientapp prlvmapp
processgovernor processing processlasso proteus protonmail protonpass protonvpn protonvpn-app protools prprlive
prusa-slicer prusaslicer ptyxis pureref putty pycharm pycharm64 pymol qalculate-gtk qapitrace qbittorrent qcad qemu
qemu-system-x86-64 qemu-system-x8664 qgis qgis-bin qimgv qjackctl qjoypad qq qrenderdoc qtcreator qterminal quark
quartus quickbooks quickemu quicktime quodlibet qutebrowser radeonsoftware radiant radminvpn rainmeter rambox ranger
rapidraw raspberrypiimager ravcpl64 rawtherapee raycast razerappengine razercentral razercortex
razergamemanagerservice razersynapse razersynapse3 rclone realtekaudioconsole realvnc reaper redshift redshift-gtk
remmina remote-viewer remotedesktop renderdoc reshadesetup resolve resources revit revouninstaller rewasd rgbfusion
rhino rhinoceros rhythmbox rider rider64 rio ristretto robloxstudio robloxstudiobeta roccat-swarm rogliveservice
rosegarden rosettastone rpcs3-updater rpginabox rpgmakermv rpgmakermz rpgmakervxace rpgmv rpgmz rpgvxace rpgxp
rstmwservice rstudio rtkngui64 rtss rtsshooksloader rtsshooksloader64 rtxremix rtxvoice rubymine rufus rustdesk rxvt
ryzenmaster rzsynapse safari sage sagemath sai sai2 sam.game sam.picker sandbox sas sc-controller scalc scilab scratch
scratch-desktop scratch3 screenconnect screenflow screentogif seahorse seamonkey setpoint sfm shadowplay shapesxr
sharex shotcut shotwell showtime shutter sidequest signal signal-desktop signalrgb signalrgblauncher simple-scan
simplenote simplescreenrecorder simplify3d simpress simulator sketch sketchup skif skrooge skype slack slade sldworks
slic3r smartgit smplayer snagit32 snagiteditor snapcamera soffice soffice.bin solaar sonicstudio3 sophosui soundpad
sourcetree spaceengine.exe-editor spacefm spark speccy speccy64 specialk spectacle speedcrunch speedfan spine
spinetrial splashtop spotify spritestack spss spyder squirrel sseedit ssms st stacer standardnotes stata station
steamachievementmanager steamtools steelseriesengine steelseriesgg steelseriesggclient stellarium strawberry
streamlabs streamlabsdesktop streamlabsobs stremio stud.io studio studio64 subl sublimemerge sublimetext
substancedesigner substancepainter subtitleedit sumatrapdf sunshinesvc superslicer surf surfshark swriter sxiv
synaptic syncthing syncthing-gtk system-config-printer systemsettings5 tabby tableau tailscale tailscale-ipn
tailscaled teams teamspeak teamspeak3 teamviewer teamviewerservice telegram telegram-desktop terminator terminology
termius terragen tes5edit tesvconstructionset textpad texturepacker thorium throttlestop thunar thunderbird
thunderbird-bin tic80-editor ticktick tidal tigervnc tightvnc tiled tilix tiltbrush tim timeshift-gtk tixati todoist
toolbag tor-browser torbrowser tortoisegitproc totalcmd totalcmd64 totem tower tracy tracy-profiler trainer
translucenttb transmission transmission-gtk transmission-qt trcc trenchbroom ts3client ts3client-runscript
ts3client-win64 turbotax tuxtype-admin tvnviewer twinkletray twinmotion twitchstudio udk ue4editor ue4editor-cmd
ue4editor-win64-debug ue5editor uedit64 ui32 ui64 ulauncher ultimaker-cura ultimatedoombuilder ultraedit unetbootin
ungoogled-chromium unity unity-hub unityeditor unityhub unityhubbeta unrealdatasmith unrealeditor unrealeditor-cmd
update urxvt usdcomposer usdview utm utorrent uxterm variety vboxheadless vboxmanage vboxsvc veadotube veadotube-mini
ventoy2disk ventrilo vesktop veusz viber video.ui viewnior vigem vim vinagre virt-manager virt-viewer virtualbox
virtualboxvm virtualdesktop virtualdesktop.streamer visio visit vivado vivaldi vivaldi-bin vkbasalt vlc vmagicmirror
vmconnect vmd vmplayer vmware vmware-vmx vmwaretray vncviewer vncviewer64 vnyan voicemeeter voicemeeter8
voicemeeterpro voicemod vokoscreen vokoscreenng vray vroidstudio vscodium vseeface vtubestudio vuze w3m wallpaper32
wallpaper64 wallpaperservice32 warp warp-svc warudo waterfox waydroid webcord webex webroot webstorm webstorm64
webwallpaper32 webwallpaper64 wechat weechat wemod wemodapp wezterm wezterm-gui wf-recorder whale whatsapp winamp
windowsdefender windowsterminal windscribe windsurf wings3d winmerge winmergeu winproj winrar winscp winword wireguard
wireshark wlfreerdp wmplayer woeusb wolframnb wonderdraft worldcraft worldmachine worldwind wox wpp wps wpscloudsvr
wryebash wt wxmaxima x1 x360ce xarchiver xboxaccessories xboxinsider xcode xdman xed xedit xfce4-terminal xfreerdp
xine xmaxima xnview xnviewer xnviewmp xpadder xreader xsplit xsplit.core xsplitbroadcaster xsplitvcam xterm xtu
xtuservice xviix64 xwinwrap xyplorer yakuake yandex youtubemusic zathura zbrush zed zeditor zen zen-browser zerotier
zerotier-one zoom zoom.us zoomlauncher zotero zune
"""

_BENCHMARKS = """
3dmark 3dmarkcmd 3dmarkicfworkload 3dmarklauncher 3dmarkportroyal 3dmarktimespy aida64extreme basemark basemarkgpu
cinebench cinebench2024 cinebenchr23 eglgears eglgears-wayland eglgears-x11 eglinfo es2gears es2gears-wayland
es2gears-x11 furmark furmark-gui furmark2 geekbench geekbench5 geekbench6 geeks3d gfxbench gfxbenchgl gl-spheres
glmark2 glmark2-es2 glmark2-wayland glslviewer glview glxgears glxheads glxinfo glxspheres glxspheres64 gputest
gputestgui heaven heaven-x64 heaven-x86 heavenbin kombustor mprime msikombustor msikombustor-x64 nenamark novabench
occt openglextensionsviewer passmark pcmark pcmark10 performancetest64 phoronix-test-suite prime95 sanctuary shadertoy
stress-ng superposition superpositioncli systeminfohelper teapot tropics unigine unigine-heaven unigine-superposition
unigine-valley userbenchmark valley valley-x64 vkcube vkcube-wayland vkcubepp vkgears vrmark vulkancapsviewer
vulkaninfo vulkaninfosdk
"""

_SCREENSAVERS = """
bubbles cinnamon-screensaver electricsheep gnome-screensaver kscreenlocker-greet light-locker mate-screensaver mystify
photoscreensaver ribbons rss-glx scrnsave sstext3d xfce4-screensaver xscreensaver xscreensaver-auth xscreensaver-demo
xscreensaver-gfx xscreensaver-gl-visual xscreensaver-settings xscreensaver-systemd
"""

_SERVERS = """
7daystodieserver apache2 arkascendedserver arma3server arma3serverx64 armagetronad-dedicated avorionserver
bedrock-server bedrockserver chocolate-server conansandboxserver conansandboxserver-win64-shipping corekeeperserver
cube2server dayzserver dayzserverx64 dontstarvededicatedservernullrenderer dontstarvededicatedservernullrendererx64
ecoserver enshroudedserver etlded factorioserver factoryserver factoryserver-linux-shipping
factoryserver-win64-shipping freeciv-server hedgewars-server hlds hlds-run hldslinux hldsrun httpd ioq3ded
luantiserver megaglestserver minecraftserver minetestserver mordhauserver mordhauserver-win64-shipping mosquitto
mumble-server murmur murmurd mysqld necesseserver nginx odasrv openarena-server openttd-dedicated palserver
palserver-linux-shipping palserver-win64-shipping palserver-win64-shipping-cmd postgres projectzomboidserver q3ded
quake3-server redeclipseserver redis-server rustdedicated satisfactoryserver sauerbraten-server sevendaystodieserver
shootergameserver sonsoftheforestds squadgameserver squadgameserver-win64-shipping srcds srcds-linux srcds-run
srcdslinux srcdsrun starboundserver stationeersserver supertuxkart-server teamspeak3-server teeworlds-server
teeworldssrv terrariaserver terrariaserver.bin.x86-64 theforestdedicatedserver ts3server tshock unturnedserver
unvanquished-server valheimserver vintagestoryserver vrisingserver wesnothd wolfded xonotic-dedicated
xonotic-linux64-dedicated zandronum-server
"""

_COMMON_WORDS = """
action arc atom awesome badlion bolt books brackets bridge browser bubbles calendar carla cider clock construct
contacts control corona dictionary discover dock dragon eagle everything evolution feather fences fleet foot fork
helix houdini hyper hyperion immersed infinity inventor kindle line lively loot luna maps marble mari maya memu
messages micro min moc modo music mystify nano nemesis nemo notes nuke nyxt opera origin peace photos pix planner
poser postbox preview processing proteus purple radiant rare reaper resolve resources ribbons rider river sage
sanctuary sandbox setup shadow shortcuts signal simulator sketch slack spark spine start station stickies surf teams
teapot terminal tiled tower tracy trainer udk valley vanguard view visit warp whale zed zen zoom
"""

COMMON_WORDS = frozenset(_COMMON_WORDS.split())
"""Names in ``KNOWN`` that are ordinary words, so that a game may bear them too: they weigh less."""

KNOWN: Mapping[str, str] = {
    name: kind
    for kind, names in (
        ("application", _APPLICATIONS),
        ("system", _SYSTEM),
        ("benchmark", _BENCHMARKS),
        ("screensaver", _SCREENSAVERS),
        ("server", _SERVERS),
        ("helper", _HELPERS),
        ("launcher", _LAUNCHERS),
    )
    for name in names.split()
}
"""What a program is, by its key. The later groups win where a name is in two."""

SENTENCES: Mapping[str, str] = {
    "application": "{name} is an application, not a game.",
    "system": "{name} belongs to the operating system.",
    "benchmark": "{name} is a benchmark or a graphics demo, not a game.",
    "screensaver": "{name} is a screensaver.",
    "server": "{name} is a server: it runs a game for others, nobody plays in it.",
    "helper": "{name} is a helper that games and launchers bring along, not a game.",
    "launcher": "{name} starts or streams games, it is not one itself.",
}
