"""Every error a person can meet: a stable code, a title, the cause and the remedy.

They are turned into messages once, at the edge (the command line, the tray, health).
"""

from __future__ import annotations

from typing import ClassVar


class GamedetectdError(Exception):
    """The root of the tree. ``cause`` and ``remedy`` are sentences."""

    code: ClassVar[str] = "GD000"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.title}: {self.cause} {self.remedy}"


class SettingsError(GamedetectdError):
    """The settings file, an environment variable or a flag is wrong."""

    code = "GD101"
    title = "The settings cannot be used"


class RulesError(GamedetectdError):
    """The file with the person's own rules is wrong."""

    code = "GD102"
    title = "Your rules cannot be used"


class PermissionsError(GamedetectdError):
    """A file of ours may be read or written by somebody else."""

    code = "GD103"
    title = "A file is not protected"


class DirectoryError(GamedetectdError):
    """A directory of ours cannot be made or used."""

    code = "GD104"
    title = "A directory cannot be used"


class FactsError(GamedetectdError):
    """A line of facts or of a recording cannot be understood."""

    code = "GD201"
    title = "The facts cannot be read"


class HistoryError(GamedetectdError):
    """The play-time history is damaged, too new or cannot be written."""

    code = "GD301"
    title = "The history cannot be used"


class HistoryDamagedError(HistoryError):
    """The play-time history was found damaged while it is in use."""

    code = "GD931"
    title = "The history is damaged"


class SessionChangeError(GamedetectdError):
    """A session of the history cannot be deleted, restored or renamed."""

    code = "GD830"
    title = "The session was not changed"


class ImportFileError(GamedetectdError):
    """A file of another program's play times cannot be understood."""

    code = "GD831"
    title = "The file was not imported"


class ExportError(GamedetectdError):
    """The history cannot be exported to where it was to go."""

    code = "GD832"
    title = "The history was not exported"


class JournalError(GamedetectdError):
    """The journal of running sessions cannot be written."""

    code = "GD302"
    title = "The journal cannot be written"


class LogError(GamedetectdError):
    """The event log cannot be written."""

    code = "GD303"
    title = "The log cannot be written"


class AlreadyRunningError(GamedetectdError):
    """Another daemon of the same person runs."""

    code = "GD401"
    title = "gamedetectd already runs"


class NotRunningError(GamedetectdError):
    """A command needs the daemon and there is none."""

    code = "GD402"
    title = "gamedetectd does not run"


class ControlError(GamedetectdError):
    """The daemon refused a request or did not answer in time."""

    code = "GD403"
    title = "The daemon did not do it"


class AmbiguousError(GamedetectdError):
    """What was asked for may mean several programs, or several games of one program."""

    code = "GD503"
    title = "That may mean several things"


class NotFoundError(GamedetectdError):
    """What was asked for (a process, a session) is not there."""

    code = "GD501"
    title = "Not found"


class OpenError(GamedetectdError):
    """A file or folder cannot be shown on the desktop."""

    code = "GD502"
    title = "It cannot be opened"


class SensorError(GamedetectdError):
    """A sensor lost what it watches; it is started again."""

    code = "GD601"
    title = "A sensor stopped"


class DisplayGoneError(SensorError):
    """The X server cannot be reached, refuses us, or went away."""

    code = "GD602"
    title = "The display cannot be watched"


class BusError(SensorError):
    """The D-Bus session bus cannot be reached, went away, or a call on it failed."""

    code = "GD603"
    title = "The session bus cannot be used"


class CompositorGoneError(SensorError):
    """A Wayland compositor cannot be reached, refuses us, or went away."""

    code = "GD985"
    title = "The compositor cannot be asked for windows"


class ExtensionError(GamedetectdError):
    """The extension for GNOME Shell cannot be put in place or taken away."""

    code = "GD986"
    title = "The GNOME extension cannot be changed"


class CatalogueError(GamedetectdError):
    """An imported catalogue is damaged, or a file to import cannot be understood."""

    code = "GD701"
    title = "The catalogue cannot be used"


class CatalogueUpdateError(CatalogueError):
    """A catalogue could not be fetched; the one there is stays in force."""

    code = "GD702"
    title = "The catalogue was not updated"


class PartFailedError(GamedetectdError):
    """A part without which nothing goes on failed again and again; the supervised daemon ends, to be started again."""

    code = "GD961"
    title = "A part of gamedetectd has stopped for good"


class SupervisorError(GamedetectdError):
    """The daemon crashed too often within a few minutes, or cannot be started at all."""

    code = "GD962"
    title = "The daemon is not started again"


class AutostartError(GamedetectdError):
    """Starting at login cannot be switched on or off."""

    code = "GD801"
    title = "Starting at login cannot be changed"


class HttpError(GamedetectdError):
    """Nobody can read us over HTTP: the port is taken, or the address is not there."""

    code = "GD951"
    title = "HTTP does not work"


class TokenError(GamedetectdError):
    """The file with the token for HTTP cannot be used."""

    code = "GD952"
    title = "The token cannot be used"


class TextfileError(GamedetectdError):
    """The file with our metrics cannot be written."""

    code = "GD953"
    title = "The metrics file cannot be written"


class DashboardError(GamedetectdError):
    """What somebody asked of the dashboard makes no sense."""

    code = "GD954"
    title = "The dashboard cannot do that"


class DashboardDownError(GamedetectdError):
    """The dashboard cannot be opened: its port is taken, or its server does not start."""

    code = "GD955"
    title = "The dashboard cannot be opened"


class SecretError(GamedetectdError):
    """A secret cannot be kept or read; the classes below say why."""

    code = "GD910"
    title = "The secret cannot be used"


class SecretMissingError(SecretError):
    """There is no secret of that name."""

    code = "GD911"
    title = "There is no such secret"


class KeyringUnavailableError(SecretError):
    """This system has no keyring, or none that can be reached from here."""

    code = "GD912"
    title = "There is no keyring"


class KeyringLockedError(SecretError):
    """The keyring is locked, and nobody was asked to unlock it or nobody did."""

    code = "GD913"
    title = "The keyring is locked"


class KeyringUnsafeError(SecretError):
    """The keyring that is configured may keep secrets in plain text, or keeps none."""

    code = "GD914"
    title = "The keyring is not safe"


class KeyringLostError(SecretError):
    """The keyring went away, failed or did not answer in time."""

    code = "GD915"
    title = "The keyring does not answer"


class KeyringWaitingError(SecretError):
    """The keyring asked the person for something, who did not answer in time."""

    code = "GD916"
    title = "The keyring waits for you"


class PassphraseNeededError(SecretError):
    """The secrets file is locked, and nobody is there to give its passphrase."""

    code = "GD917"
    title = "The secrets file is locked"


class PassphraseWrongError(SecretError):
    """The passphrase does not open the secrets file."""

    code = "GD918"
    title = "The passphrase is wrong"


class SecretsDamagedError(SecretError):
    """The secrets file, or the list of what is kept where, is damaged or from a newer version."""

    code = "GD919"
    title = "The secrets file cannot be read"


class AuditError(GamedetectdError):
    """The audit trail cannot be written or read."""

    code = "GD921"
    title = "The audit trail cannot be used"


class BundleError(GamedetectdError):
    """The support archive cannot be written."""

    code = "GD941"
    title = "The archive was not written"


class DeliveryError(GamedetectdError):
    """An event did not reach a hook or a server."""

    code = "GD850"
    title = "An event could not be delivered"

    def __init__(self, cause: str, remedy: str, after: float = 0.0) -> None:
        super().__init__(cause, remedy)
        self.after = after
        """Seconds to wait at least before the next attempt."""


class ActionsError(GamedetectdError):
    """The file with hooks, webhooks and brokers is wrong, or has none of that name."""

    code = "GD851"
    title = "Your hooks, webhooks and brokers cannot be used"


class CoverError(GamedetectdError):
    """A game's cover could not be fetched or kept."""

    code = "GD852"
    title = "There is no cover to be had"

    def __init__(self, cause: str, remedy: str, after: float = 0.0) -> None:
        super().__init__(cause, remedy)
        self.after = after
        """Seconds to wait at least before anything is asked for again."""


class CoverKeyError(CoverError):
    """The key for covers is missing, or the server does not take it."""

    code = "GD853"
    title = "The key for covers is not taken"


class CoverBusyError(CoverError):
    """The server of covers wants to be asked later."""

    code = "GD854"
    title = "Covers are asked for too often"


class PresenceError(GamedetectdError):
    """Discord cannot be told what is played."""

    code = "GD855"
    title = "Discord does not show your game"


class PresenceRefusedError(PresenceError):
    """Discord answers, and does not take the application's id or what it is told."""

    code = "GD856"
    title = "Discord does not take it"


class SelfTestError(GamedetectdError):
    """A step of the self-test did not go as it should."""

    code = "GD942"
    title = "The self-test failed"


class NothingToAllowError(GamedetectdError):
    """A permission was to be asked for that this system does not know."""

    code = "GD995"
    title = "There is nothing to allow"


class UpdateCheckError(GamedetectdError):
    """Whether there is a newer version cannot be told."""

    code = "GD990"
    title = "No answer about new versions"


class ModelMissingError(GamedetectdError):
    """A file of the vision models, or their list, is not there."""

    code = "GD870"
    title = "The eyes are not there"


class ModelDamagedError(GamedetectdError):
    """A file of the vision models is not the one that was made for this version."""

    code = "GD871"
    title = "The eyes are damaged"


class ModelShapeError(GamedetectdError):
    """A vision model takes or gives something else than this version expects."""

    code = "GD872"
    title = "The eyes are of another version"


class PictureError(GamedetectdError):
    """What should be looked at is no picture."""

    code = "GD873"
    title = "The picture cannot be looked at"


class VisionError(GamedetectdError):
    """Looking at the screen went wrong; the classes below say how."""

    code = "GD860"
    title = "The screen cannot be looked at"


class VisionMissingError(VisionError):
    """The parts that looking at the screen stands on are not installed."""

    code = "GD861"
    title = "Looking at the screen is not installed"


class ReadingMissingError(VisionError):
    """The parts that reading title screens stands on are not installed."""

    code = "GD866"
    title = "Reading title screens is not installed"


class VisionChildError(VisionError):
    """The process that looks gave no answer: it crashed, was too slow or wanted too much."""

    code = "GD862"
    title = "The process that looks at the screen failed"


class ReferencesError(VisionError):
    """What titles are known by, or somebody's pack of it, cannot be used."""

    code = "GD863"
    title = "The references cannot be used"


class LearnError(VisionError):
    """A title's looks were not learned."""

    code = "GD864"
    title = "The title was not learned"


class WindowUnseenError(VisionError):
    """The window that was asked for cannot be seen."""

    code = "GD865"
    title = "The window cannot be seen"
