"""What is never looked at, and when nothing is: the privacy of the screen sensor, as one table and one function."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from gamedetectd.domain import Window


class Hindrance(StrEnum):
    """Why nothing is looked at now. Those in ``PASSING`` end without a change of window."""

    NO_WINDOW = "no_window"
    LOCKED = "locked"
    PAUSED = "paused"
    STARVED = "starved"
    BATTERY = "battery"
    SECRET = "secret"  # noqa: S105 - no password, but a program that shows some
    PRIVATE = "private"
    OPTED_OUT = "opted_out"


PASSING = frozenset([Hindrance.LOCKED, Hindrance.PAUSED, Hindrance.STARVED, Hindrance.BATTERY])

_KEEPERS = """
    keepass keepass2 keepassx keepassxc keepassxc-proxy bitwarden 1password lastpass dashlane enpass nordpass
    protonpass proton-pass keeper keeperpasswordmanager roboform stickypassword passwordsafe pwsafe gopass
    qtpass pass buttercup passky padloc psono authenticator authy aegis org.gnome.world.secrets
    org.gnome.world.passwordsafe secrets gnome-secrets yubioath-desktop yubico-authenticator seahorse
    org.gnome.seahorse.application gnome-keyring gnome-keyring-daemon gcr-prompter kwalletmanager
    kwalletmanager5 kwalletmanager6 kwalletd kwalletd5 kwalletd6 ksecretd pinentry pinentry-gtk-2
    pinentry-gnome3 pinentry-qt pinentry-qt5 pinentry-x11 pinentry-mac ssh-askpass ksshaskpass
    lxqt-openssh-askpass ksshaskpass5 x11-ssh-askpass gnome-ssh-askpass polkit-gnome-authentication-agent-1
    polkit-kde-authentication-agent-1 polkit-mate-authentication-agent-1 lxqt-policykit-agent xfce-polkit gksu
    gksudo kdesu kdesudo lxqt-sudo veracrypt truecrypt cryptomator kleopatra gpa keychainaccess passwords
    securityagent coreauthd localauthenticationremoteservice credentialuibroker consent vaultcmd credwiz i3lock
    swaylock waylock gtklock hyprlock slock xlock xtrlock xsecurelock vlock physlock betterlockscreen
    light-locker xscreensaver xscreensaver-auth xscreensaver-command gnome-screensaver gnome-screensaver-dialog
    mate-screensaver mate-screensaver-dialog cinnamon-screensaver cinnamon-screensaver-main xfce4-screensaver
    xfce4-screensaver-dialog kscreenlocker_greet kscreenlocker ksmserver-logout-greeter lightdm
    lightdm-gtk-greeter slick-greeter sddm sddm-greeter sddm-greeter-qt6 gdm gdm-x-session gdm3 lxdm
    lxdm-greeter-gtk regreet tuigreet nwg-hello screensaverengine loginwindow logonui lockapp
    """
SECRET_KEEPERS = frozenset(_KEEPERS.split())
"""Password managers, prompts for passwords, locked and log-in screens: file names and window classes, in lower case
and without ``.exe`` and blanks."""
_PRIVATE_BROWSING = re.compile(
    r"private browsing|\binprivate\b|\bincognito\b|\binkognito\b|\(private\)|privater modus|navigation privée|"
    r"navegación privada|navigazione (?:in incognito|privata|anonima)|navegação (?:privada|anônima)|tor browser|"
    r"приватный просмотр",
    re.IGNORECASE,
)
"""How browsers mark a private window, where their titles do."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is true at this moment. ``private``: the person marked title or program as private."""

    private: bool = False
    locked: bool = False
    paused: bool = False
    starved: bool = False
    on_battery: bool = False


def hindrance(
    window: Window | None,
    names: Collection[str],
    around: Surroundings,
    *,
    never: Collection[str] = (),
    battery: bool = True,
) -> Hindrance | None:
    """Why the window must not be looked at now; None where it may be.

    ``names`` are the file names of its program; ``never`` and ``battery`` are the person's settings.
    """
    if window is None:
        return Hindrance.NO_WINDOW
    classes = [part.strip().strip('"') for part in window.class_name.split(",")]
    called = {_key(name) for name in (*names, *classes) if name.strip()}
    texts = (window.title, *classes, *names)
    for reason, holds in (
        (Hindrance.SECRET, not SECRET_KEEPERS.isdisjoint(called)),
        (Hindrance.PRIVATE, around.private or bool(_PRIVATE_BROWSING.search(window.title))),
        (Hindrance.OPTED_OUT, any(_fits(text, pattern) for pattern in never for text in texts if text)),
        (Hindrance.LOCKED, around.locked),
        (Hindrance.PAUSED, around.paused),
        (Hindrance.STARVED, around.starved),
        (Hindrance.BATTERY, around.on_battery and not battery),
    ):
        if holds:
            return reason
    return None


def _key(name: str) -> str:
    return name.lower().removesuffix(".exe").replace(" ", "")


def _fits(text: str, pattern: str) -> bool:
    lowered, pattern = text.lower(), pattern.lower()
    return fnmatchcase(lowered, pattern) or fnmatchcase(lowered.removesuffix(".exe"), pattern)
