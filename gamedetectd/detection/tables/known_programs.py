"""Programs that people run for themselves and that are no games, as ``known`` reads them.

``@source`` stands before the names that it confirms; ``known.SOURCES`` says what each is.
"""

from __future__ import annotations

APPLICATIONS = """
@debian
abiword aegisub alacritty antimicro antimicrox apitrace ardour ark atril audacious audacity avogadro avogadro2 baobab
biglybt bitwarden blackbox bleachbit blender blueman-manager browser caja calibre calligra calligrawords celluloid
cheese chessx chromium ckb-next clamtk claws-mail clementine cloudcompare cmus codeblocks codelite cool-retro-term
cpucores cura d-feet darktable dconf-editor deja-dup deluge deluge-gtk deluged digikam dillo discover display
display-im6.q16 displaycal docker doublecmd dragon easyeffects ebook-viewer eeschema elisa emacs emacs-gtk endeavour
engrampa eog eom epiphany evince evolution f3d falkon fancontrol fbreader feh ffplay file-roller filelight filezilla
firefox firefox-bin firefox-esr flameshot foliate foot footclient freecad freefilesync fritzing galculator
gameconqueror gamemoded gamemodelist gammastep geany geary gedit geeqie geogebra ghb ghex gimp gimp-2.10 git-gui gitk
gnome-boxes gnome-builder gnome-calculator gnome-calendar gnome-characters gnome-clocks gnome-connections
gnome-console gnome-contacts gnome-control-center gnome-disks gnome-font-viewer gnome-logs gnome-maps gnome-music
gnome-photos gnome-screenshot gnome-software gnome-system-monitor gnome-terminal gnome-terminal-server
gnome-text-editor gnome-todo gnome-tweaks gnome-weather gnucash gnumeric godot3 goldendict goverlay goxel gparted
grass gthumb guake gufw guvcview gvim gwenview handbrake handbrakecli haruna hexchat homebank hwinfo hydrapaper
hydrogen imagej imv inkscape input-remapper irssi jabref jmol josm kate kazam kcalc kdenlive kdevelop kdiff3 keepass2
keepassxc kgx kicad kinfocenter kitty klavaro kmail kmymoney kodi kolourpaint konqueror konsole krdc krita krusader
ksnip kst2 kstars ktorrent ktouch kwrite l3afpad labplot launchy lazarus ldd leocad librecad libreoffice lmms logisim
lollypop lxterminal lynx mail mangoapp mangohud marble mate-terminal mc meld meshlab micro minitube mkvtoolnix-gui
mousepad mplayer mpv mscore mumble mupdf mupdf-gl musescore musescore3 mypaint nano nautilus ncmpcpp nemo netsurf-gtk
nextcloud nitrogen nm-applet nm-connection-editor nsxiv nvim nvim-qt obs obs-studio octave octave-gui okular
olive-editor onedrive oosplash openscad openshot-qt openvpn owncloud paraview parole pavucontrol pcbnew pcmanfm
pcmanfm-qt peek photoqt pidgin piper pitivi plasma-discover plasma-systemmonitor pluma prusa-slicer putty pymol
qalculate-gtk qapitrace qbittorrent qbittorrent-nox qemu-system-x8664 qgis qimgv qjackctl qjoypad qpwgraph qrenderdoc
qtcreator qterminal qtox quodlibet qutebrowser ranger rawtherapee rclone realtimesync redshift redshift-gtk remmina
remote-viewer renderdoc rhythmbox ristretto rosegarden rxvt sagemath sayonara scalc scanmem scid scilab scratch
seahorse shotcut shotwell shutter simple-scan simplescreenrecorder simpress skrooge slic3r smplayer smtube soffice
solaar spacefm spectacle speedcrunch spyder sqlitebrowser st stacer stellarium stockfish strawberry sweethome3d
swriter sxiv synaptic syncthing syncthing-gtk system-config-printer systemsettings5 telegram-desktop terminator
terminology thonny thunar thunderbird thunderbird-bin tiled tilix timeshift-gtk totem transmission transmission-gtk
transmission-qt urxvt uxterm variety veusz viewnior vim vinagre virt-manager virt-viewer vkbasalt vlc vncviewer
vokoscreenng w3m weechat wf-recorder wings3d wireguard wireshark wlfreerdp wxmaxima x11vnc xarchiver xedit
xfce4-terminal xfreerdp xine xmaxima xterm yakuake yt-dlp zathura
@wine
wmplayer
@ananicy
android-studio arc bitwig-studio cheatengine cider discord discordcanary discorddevelopment discordptb ferdi ferdium
franz gpu-screen-recorder kotatogram-desktop magictxd mailspring parabolic rambox reaper signal-desktop
signal-desktop-beta skypeforlinux slack spotify stremio teams telegram viber vk webcord zoom
@discord
aseprite bigscreen creationkit hindie lms maschine2 proteus rpgmv rpgvxace scrivener sfm udk
@github
3dsmax acad acestudio acrobat acrord32 action adobepremierepro adobesubstance3ddesigner adobesubstance3dpainter
adobesubstance3dsampler afterfx agseditor amdrsserv anki antigravity anydesk aowexe apifox armourycrate.service
armouryswagent asusaurasyncservice asusframework atom autohotkey64 azuredatastudio bandicam bandizip bcut bdcam
betterdiscord blockbench bluestacks bluestacksai bluestacksappplayerweb borisfx brave bridge cakewalk camtasia
camtasiastudio charactercreator chatglm chrome claude claudedesktop clion64 clipstudiopaint code codebuddy codex
comfyui coreldrw corsair.service corsairservice cursor davinciresolve dbeaver deepl descript devenv ditto dnplayer
dockerdesktop doubao dxtory eagle eclipse element eudic evernote everything excel feishu figma fontbase foobar2000
fork foxitreader fraps gdevelop githubdesktop godot goland64 goldwave googledrivesync grammarly greenshot hd-player
heidisql icue icueuxprocess idea64 igcctray illustrator indesign inventor itunes jianyingpro joplin kiro krisp
languagetool ld9boxheadless ldplayer ldvboxheadless lghub lghubagent lghubsystemtray lghubupdater lightingservice
lightroom lightshot liquigen listary lmstudio logioverlay losslesscut losslessscaling mailbird marktext materialmaker
maya medal megasync memu memuheadless memusvc microsoft.photos microsoftedge mobaxterm mp3tag mpc-be64 mpc-hc64
ms-teams msaccess msedge msiafterburner msicenter mspub msrdc msteams mumunxdevice mumuplayer musescore4 musicbee
mysticlight nanazip nemuheadless nemuplayer nordvpn-service notepad++ notion nox noxplayer noxvmhandle noxvmsvc
nvcontainer nvcplui nvdisplay.container nvidiaoverlay nvidiashare nvidiawebhelper nvspcaps64 nvsphelper64 nvtray
nzxtcam obs32 obs64 obsidian ocenaudio olk ollama ollamaapp onenote opentoonz opera operagx outlook paintdotnet peazip
perplexity photoshop pixelorama pixso playclaw postman potplayermini64 powerpnt powertoys premiere processhacker
procexp pycharm64 qoder radeonsoftware ravcpl64 razerappengine razercentral razercentralservice razercortex
razercortex.shell replit revit rider64 robloxstudiobeta rtss rtsshooksloader64 screentogif sharex signal siyuan skype
sldworks snagit32 snagiteditor snipaste solar2d soundpad sourcetree ssms steelseriesclientcore steelseriesengine
steelseriesgg steelseriesggclient steelseriesprism streamdeck streamlabsdesktop streamlabsobs sublimetext subtitleedit
sumatrapdf surge-xt teamviewer topazphotoai topazvideoai trae twine typora unityhub upscayl utools video.ui virtualbox
virtualboxvm visio vivaldi vmconnect vmware voicemeeter vrew waifu2x wallpaper32 wallpaper64 warp waterfox webstorm64
whatsapp windowsterminal windsurf winmergeu winproj winword wiztree wps wt xmind xsplit.core yandexdisk2
youdaotranslate yuanbao yuque zed zettlr
@unconfirmed
1password controllermate enjoyable joystickmapper simhub simhubwpf usboverdrive 3tene 7zg ableton abletonlive acdsee acrobatdc acrodist acrotray adobearm adobedesktopservice adobeipcbroker
adobemediaencoder adobenotificationclient adobexd aeroadmin affinitydesigner affinityphoto affinitypublisher ahk
aida64 aimp albert alfred alienfxagent alienwarecommandcenter amarok amdcleanuputility amdnoisesuppression amdow
amdryzenmaster ammyy anbox androidemulatoren androidemulatorex androidstudio animaze applemusic applicationupdater
arccontrol arcgispro archicad ardour6 ardour7 ardour8 arduino arduino-ide aria armcord armorpaint armourycrate
armourycrate.usersessionhelper artmoney assetforge asus-framework audition aurasync authy autocad autohotkey
autohotkeyu64 autoruns avastui avguard avgui avidemux avp awcc balenaetcher bambu-studio bambustudio bandiview
banksiagui bcompare bdagent beekeeperstudio beeper betterbird betterjoy beyondcompare bimx bitcomet bitsum bittorrent
bitwigstudio blend blender-launcher blueberry bluestacksservices bluestacksx bodyslide brackets brave-browser
bravebrowser bricklinkstudio bstkagent calibre-portable cam caprine carla carlaue4 carlaunreal cartesduciel catia ccc ccleaner ccleaner64
cclibrary ccxprocess celestia celestia-gtk celestia-qt celestia-qt5 cheatengine-i386 cheatengine-x86-64
cheatengine-x86-64-sse4-avx2 chemdraw chessbase17 chessbase18 chimerax chitubox chrome-beta chrome-remote-desktop
chromium-browser cinema4d ciscocollabhost clickmonitorddc clion clipstudio cloudflarewarp cmder cncmd cnext
code-insiders code-oss codium comodo completeanatomy conemu conemu64 construct construct3 contour coolercontrol
corectrl coresync corona cortexlauncher cpu-z cpuz cpuz-x64 creativecloud crocotile3d cryengine crystaldiskinfo
crystaldiskmark cubase cubase12 cubase13 cubismeditor cue3 cutechess cutechess-cli d3doverrider dashlane datagrip
datagrip64 dataspell64 dazstudio ddu deadbeef deezer defold depressurizer deskscapes desktopeditors desmos diskinfo64
displaydriveruninstaller displayfusion dnmultiplayer docker-desktop dolbyaccess doombuilder dopus dorico5 dorico6
dragoncenter drawpile droidcam dropbox ds4windows dsaservice dsatray duckduckgo dungeondraft duolingo dwagent
dwservice egui ekrn element-desktop emby embytheater encoderserver enpass enscape equalizerapo equibop eset esrvsvc et
etcher euroscope everything-1.5a everything64 evgaprecision expressvpn f.lux faceposer facerig faststone fdm fences
figma-linux fiji fl64 fleet fling floorp flow.launcher flstudio fluffychat flux fnis fo4edit foxitpdfreader fraps64
freecad-link freecadcmd freecommander freedownloadmanager freerdp freetube frostwire fsviewer fusion360 gaea gaia-sky
gaiasky gamemaker gamemaker-studio gamemakerstudio garageband gcompris-editor geck genymotion ghostty
gigabytecontrolcenter gimp-2.99 gimp-3.0 github-desktop gitkraken glasswire gnirehtet gnome-videos gnome-web
godot-mono godot4 goland gomplayer google-chrome google-chrome-stable google-earth google-earth-pro googlechrome
googlecrashhandler googlecrashhandler64 googledrivefs googleearth googleearthpro googleupdate gpu-screen-recorder-gtk
gpu-z gpuz gpxsee gravitysketch groove groovemusic gtkradiant guacd guilded guitarpro guitarpro8 gzdoombuilder hamachi
hamachi-2 hammer hammer++ hammerplusplus hd-adb helix helvum hlmv hlmviewer honeyview houdini houdinifx hwinfo32
hwinfo64 hwmonitor hwmonitorpro hx hxoutlook hxtsr hyper hyper-v hyperxngenuity i-view32 i-view64 iceweasel icloud
icuedevicepluginhost idea idman igcc igfxcuiservice igfxem igfxtray igor iina imageglass imager immersed infinity
insomnia instruments insync intelcphecisvc intelgraphicssoftware intellij-idea intelmeservice iobituninstaller
iperiusremote irfanview iterm iterm2 java-control-panel javacpl jdownloader jdownloader2 jellyfin-media-player
jellyfinmediaplayer jhiservice joytokey jpegview jucheck jupyter-lab jusched kakaotalk katana kavtray keepass
kenneyshape keyshot kindle kmplayer kodi-wayland kodi-x11 komorebi kooha koplayer ksysguard labview lact ladybird
lapce lastpass lc0 lcore ldboxheadless ldtk ldview leafpad legcord legionzone legodigitaldesigner lenovovantage
librefox librehardwaremonitor libresprite librewolf licecap lightbulb lightroomclassic lightwave line
linux-wallpaperengine littlenavconnect littlenavmap live11 live12 live2dcubismeditor4 live2dviewerex lively
lively.ui.winui livelywpf logicprox logioptions logioptionsplus logioptionsplusagent logseq loot lossless-scaling
loupe ltspice lucaschess lumion luppet lychee magicavoxel makehuman makemkv malwarebytes manycam maple mari marmoset
marmosettoolbag mathematica matlab mbam mbamservice mbamtray mcshield mcuicnt medalencoder mediaencoder mediamonkey
mediaportal medibang memrise memuconsole meshagent meshmixer microsoft-edge microsoft.media.player microsoftedgeupdate
midori mikumikudance min mintty mirillisaction missioncenter mmd moc modengine2launcher modo monitorian monodevelop
moodle movies mpc-be mpc-hc mpv.net mpvnet mpvpaper msbuild msi.centralserver msiappplayer mullvad mullvad-browser
mullvad-vpn mullvadvpn mumble-ui mumunxmain mumuvmmheadless music.ui musikcube mysqlworkbench nahimic nahimic3 nanome
navicat navigraphcharts navigraphsimlink nemesis neovide netbeans netbeans64 netfabb netflix netradiant
netradiant-custom netsurf ngenuity ni nifskope nightshade nitropdf nitrosense nizima-live nomachine nomacs nordpass
nordvpn norton nortonsecurity notepadplusplus notion-app nsight nuendo nuke nuke13 nvbackend nvcleanstall
nvidia-settings nvidiabroadcast nvidiafrontend nvidiainspector nvidiaprofileinspector nvtelemetry nxclient nxplayer
nyxt octopi omencommandcenter omengaminghub omniverse oneapp.igcc onedrivesetup onenoteim onenotem onlyoffice
openbrush openhardwaremonitor openrgb openshot openspace openutau openvpn-gui opera-gx operagxlauncher orca-slicer
orcaslicer outfitstudio outplayed owotrack paint.net paintstudio.view palemoon pamac pamac-manager parallelsdesktop
parsechost pbidesktop pdfxcview pdfxedit peace pgadmin4 phpstorm phpstorm64 pico8-editor pimaxclient pinta piskel
pitool pix pixelcomposer planner plasma-wallpaper plex plexamp plexhtpc plexmediaplayer plitch pmxeditor polychromatic
poser postbox potplayer potplayermini powerbi powertoys.runner precisionx predatorsense prlclientapp prlvmapp
processgovernor processing processlasso procexp64 procmon procmon64 protonmail protonpass protonvpn protonvpn-app
protools prprlive prusaslicer ptyxis pureref pycharm qcad qemu qemu-system-x86-64 qgis-bin qq quark quartus quickbooks
quickemu quicktime radiant radminvpn rainmeter rapidraw raspberrypiimager raycast razergamemanagerservice razersynapse
razersynapse3 realtekaudioconsole realvnc remotedesktop reshadesetup resolve resources revouninstaller rewasd
rgbfusion rhino rhinoceros rider rio robloxstudio roccat-swarm rogliveservice rosettastone rpcs3-updater rpginabox
rpgmakermv rpgmakermz rpgmakervxace rpgmz rpgxp rstmwservice rstudio rtkngui64 rtsshooksloader rtxremix rtxvoice
rubymine rubymine64 rufus rustdesk rustrover64 ryzenmaster rzsynapse safari sage sai sai2 sam.game sam.picker sandbox
sas sc-controller scidvspc scratch-desktop scratch3 screenconnect screenflow seamonkey setpoint shadowplay shapesxr
showmypc showtime sibelius sidequest signalrgb signalrgblauncher simbriefdownloader simplenote simplify3d simulator
sketch sketchup skif slade sldexitapp slimevr smartgaga smartgit snapcamera sonicstudio3 sophosui
spaceengine.exe-editor spark speccy speccy64 specialk speedfan spine spinetrial splashtop spritestack spss
sqlitestudio squirrel sseedit stacher standardnotes stata station steamachievementmanager steamtools streamlabs
stremio-shell stud.io studio studio64 subl sublimemerge substancedesigner substancepainter sunshinesvc superslicer
supremo surf surfshark synthv-studio systeminformer tabby tableau tableplus tailscale tailscale-ipn tailscaled
teamspeak teamspeak3 teamspeak6 teamviewerservice termius terragen tes5edit tesvconstructionset textpad texturepacker
thorium throttlestop tic80-editor ticktick tidal tigervnc tightvnc tiltbrush tim tixati todoist toolbag tor-browser
torbrowser tortoisegitproc totalcmd totalcmd64 tower tracy tracy-profiler trainer translucenttb trcc trenchbroom
tribler ts3client ts3client-runscript ts3client-win64 turbotax tuxtype-admin tvnviewer twinkletray twinmotion
twitchstudio ue4editor ue4editor-cmd ue4editor-win64-debug ue5editor uedit64 ugraf ui32 ui64 ulauncher ultimaker-cura
ultimatedoombuilder ultraedit ultraviewer unetbootin ungoogled-chromium unity unity-hub unityeditor unityhubbeta
unrealdatasmith unrealeditor unrealeditor-cmd update usdcomposer usdview utm utorrent varjobase vatspy vboxheadless
vboxmanage vboxsvc veadotube veadotube-mini vegas190 vegas200 vegas210 vegas220 ventoy2disk ventrilo vesktop vigem
virtualdesktop virtualdesktop.streamer visit vivado vivaldi-bin vmagicmirror vmd vmplayer vmware-vmx vmwaretray
vncviewer64 vnyan vocaloid6 voicemeeter8 voicemeeterpro voicemod vokoscreen volanta vpilot vray vrcosc vrcx
vroidstudio vscodium vseeface vtubestudio vuze wallpaperservice32 warp-svc warudo waydroid webex webroot webstorm
webwallpaper32 webwallpaper64 wechat wemod wemodapp wezterm wezterm-gui whale winamp windowsdefender windscribe
wingide winmerge winscp woeusb wolframnb wonderdraft worldcraft worldmachine worldwind wox wpp wpscloudsvr wryebash
wsaclient wsasettings x1 x360ce xboxaccessories xboxinsider xcode xdman xed xnview xnviewer xnviewmp xpadder xreader
xsplit xsplitbroadcaster xsplitvcam xtu xtuservice xviix64 xwinwrap xyplorer yandex youtubemusic ytdlp zbrush zeditor
zen zen-browser zerotier zerotier-one zoom.us zoomlauncher zotero zune
"""

BENCHMARKS = """
@debian
eglinfo glmark2 glmark2-es2 glmark2-wayland glxgears glxheads glxinfo stress-ng vkcube vkcube-wayland vkcubepp
vulkaninfo
@ananicy
geekbench geekbench6 unigine-heaven
@unconfirmed
3dmark 3dmarkcmd 3dmarkicfworkload 3dmarklauncher 3dmarkportroyal 3dmarkspeedway 3dmarksteelnomad 3dmarktimespy
aida64extreme basemark basemarkgpu burnintest cinebench cinebench2024 cinebench2026 cinebenchr23 diskmark32 diskmark64
eglgears eglgears-wayland eglgears-x11 es2gears es2gears-wayland es2gears-x11 furmark furmark-gui furmark2 geekbench5
geekbenchai geeks3d gfxbench gfxbenchgl gl-spheres glslviewer glview glxspheres glxspheres64 gputest gputestgui
gravitymark heaven heaven-x64 heaven-x86 heavenbin kombustor mprime msikombustor msikombustor-x64 nenamark novabench
occt openglextensionsviewer passmark pcmark pcmark10 performancetest64 phoronix-test-suite prime95 sanctuary shadertoy
superposition superpositioncli systeminfohelper teapot tropics unigine unigine-superposition unigine-valley
userbenchmark valley valley-x64 vkgears vkmark vrmark vulkancapsviewer vulkaninfosdk y-cruncher
"""

SCREENSAVERS = """
@debian
cinnamon-screensaver gnome-screensaver light-locker mate-screensaver rss-glx xscreensaver xscreensaver-auth
xscreensaver-command xscreensaver-demo xscreensaver-gfx xscreensaver-gl-visual xscreensaver-settings
xscreensaver-systemd
@unconfirmed
bubbles electricsheep fliqlo kscreenlocker-greet mystify photoscreensaver ribbons scrnsave sstext3d xfce4-screensaver
xlock
"""
