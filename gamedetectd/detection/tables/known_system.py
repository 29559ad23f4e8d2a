"""What belongs to operating systems and their desktops, as ``known`` reads it.

``@source`` stands before the names that it confirms; ``known.SOURCES`` says what each is.
"""

from __future__ import annotations

SYSTEM = """
@debian
accounts-daemon apt apt-get arp as at-spi-bus-launcher atop avahi-daemon awesome awk bash bazel bird bluetoothd boltd
books brew bspwm btop budgie-panel budgie-wm bzip2 c++ calc calculator cargo cat cc cc1 cc1plus ccache certutil
charmap chcp chronyd cinnamon cinnamon-session clang clang++ clock cmake cmd collect2 colord compton console
containerd cp cron csc csh cups-browsed cupsd cut dash dbus-broker dbus-broker-launch dbus-daemon dconf-service distcc
dmenu dnf doas dockerd dpkg dunst dwm earlyoom eject enlightenment env evolution-data-server expand fc fcitx fcitx5
find fish flatpak flatpak-session-helper fluxbox fwupd g++ gawk gcc gdb gdm-session-worker gdm-wayland-session
gdm-x-session gdm3 geoclue git git-remote-https gnome-keyring-daemon gnome-session gnome-session-binary
gnome-settings-daemon gnome-shell go goa-daemon gofmt gpg-agent grep gsd-media-keys gsd-power gsd-xsettings gvfsd
gvfsd-fuse gzip head hh hostname htop i3 i3lock ibus-daemon ibus-extension-gtk3 ibus-ui-gtk3 ibus-x11 icewm ilasm
imageviewer init iotop ipconfig irqbalance jackd jackdbus javac kded5 krunner ksh ksmserver kwalletd5 kwin
kwin-wayland kwin-x11 ld ld.lld less lightdm lightdm-gtk-greeter lld lldb login ls ltrace lxpanel lxqt-panel
lxqt-session make mako man marco mate-panel mate-session mawk meson metacity mkdir mmc modemmanager more muffin mutter
mv net netstat networkmanager nice ninja nohup notepad openbox packagekitd pacman perf picom ping pipewire
pipewire-pulse plasmashell polkitd polybar power-profiles-daemon ps pulseaudio rm rofi rpm rsync rtkit-daemon rustc sc
sccache scp sddm sddm-greeter sed services setsid sftp sh shutdown sleep smbd snap snapd sort spotlight ssh ssh-agent
sshd start stdbuf strace su sudo sway swaybg swayidle swaylock swaync systemd systempreferences systemsettings tail
tar taskset tcsh tee textedit thermald timeout top tr tracker-extract-3 tracker-miner-fs-3 tsc tv udisksd unzip
upowerd valgrind view waybar wayfire weston whoami wine wine64 wine64-preloader wineserver wineserver64 wireplumber
wofi write wscript wsl xargs xdg-desktop-portal xdg-desktop-portal-gnome xdg-desktop-portal-gtk xdg-desktop-portal-kde
xdg-desktop-portal-wlr xdg-document-portal xdg-permission-store xephyr xfce4-panel xfce4-session xfdesktop xfwm4 xnest
xorg xvfb xwayland xz yum zip zsh zstd zypper
@wine
attrib cacls conhost control cscript dism dllhost explorer extrac32 findstr fsutil icacls icinfo iexplore mofcomp
mshta msiexec msinfo32 netsh ngen ntoskrnl oleview plugplay powershell progman reg regasm regedit regsvr32 robocopy
rpcss rundll32 schtasks sdbinst secedit setx spoolsv subst svchost systeminfo taskkill tasklist taskmgr wevtutil where
wineboot winebrowser winecfg wineconsole winedbg winedevice winefile winemenubuilder winepath winhlp32 winmgmt winver
wmic wordpad wusa xcopy
@lolbas
addinprocess addinprocess32 addinutil appinstaller atbroker auditpol bcdedit bitsadmin certoc certreq cipher cleanmgr
cmdkey cmdl32 cmstp colorcpl computerdefaults configsecuritypolicy customshellhost datasvcutil dfsvc diskshadow dnscmd
esentutl eudcedit eventcreate eventvwr extexport fltmc forfiles gpscript ie4uinit ieexec infdefaultinstall installutil
iscsicpl makecab mavinject mpcmdrun msconfig msdt odbcconf openwith pcalua pcwrun pktmon
@ananicy
gdm hyprland niri qtile river
@github
7zfm amdrssrcext applicationframehost atieclxx atiesrxx audiodg backgroundtaskhost calculatorapp cccpushserver
compattelrunner controlcenter cortana csrss ctfmon dashost devicecensus fontdrvhost gamebarft intelcphdcpsvc lockapp
logonui lsass magnify microsoftedgecp mpdefendercoreservice msascuil msmpeng mspaint msseces mstsc musnotification
musnotificationux narrator nissrv openconsole osk perfmon phoneexperiencehost photos pickerhost pwsh radioshim ravbg64
rdpclip resmon runtimebroker screenclippinghost screensketch searchapp searchfilterhost searchhost searchindexer
searchprotocolhost searchui securityhealthservice securityhealthsystray sgrmbroker shellexperiencehost shellhost
sidebarhost sihost smartscreen smss snippingtool sppsvc startmenuexperiencehost tabtip tabtip32 taskhost taskhostw
textinputhost tiworker trustedinstaller userinit usocoreworker utilman widgets wininit winlogon winrar winstore
wlanext wmiprvse wslhost wuauclt wudfhost yourphone
@unconfirmed
activitymonitor airplayuiagent airplayxpchelper appstore appstoreagent automator bluetoothuiserver calendar cfprefsd
cloudd compkgsrv consent contacts controlstrip coreaudiod coreauthd coreservicesd corespotlightd cosmic-comp
cosmic-panel cosmic-session cosmic-settings-daemon crond diagnosticd dictionary diskutility dock facetime finder
fontbook grapher hypridle hyprlock hyprpaper identityservicesd kded6 kernel-task keychainaccess kglobalacceld
kwalletd6 labwc launchd legacyscreensaver loginwindow maps mds mdworker mdworkershared mediaanalysisd mediaremoted
messages migrationassistant mscorsvw msra music ngentask notes notificationcenter nsurlsessiond nvtop opendirectoryd
photoanalysisd photobooth photolibraryd podcasts preview quickshell quicktimeplayer rapportd reminders reportcrash
screencaptureui screensaverengine scripteditor secd securityd settingsynchost sharingd shortcuts sidecarrelay
softwareupdated spindump stickies storeaccountd suggestd syspolicyd systemd-journald systemd-logind
systemsettingsbroker systemuiserver tccd terminal textinputmenuagent textinputswitcher trustd udevd universalcontrol
unsecapp usereventagent usernoted usernotificationcenter useroobebroker usoclient vmmem vmmemwsl voiceoverd
wallpaperagent widgetservice windowserver wine-preloader wineserver32 wpa-supplicant wslservice
xdg-desktop-portal-cosmic xdg-desktop-portal-hyprland xprotectservice
"""
