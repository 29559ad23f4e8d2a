"""The vocabulary every room speaks: frozen values without behaviour that touches the machine.

Nothing here reads a clock, a file or a process table; time is always an argument. Durations and clock readings are
seconds as floats, sizes are pixels or bytes, wall time is seconds since the Unix epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class System(StrEnum):
    """An operating system, spelled as in the facts format."""

    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on three clocks, in seconds.

    ``awake`` stands still while the machine sleeps, ``elapsed`` does not, ``wall`` is the calendar and can be set.
    """

    awake: float
    elapsed: float
    wall: float


@dataclass(frozen=True, slots=True, order=True)
class ProcessKey:
    """Identity that survives pid reuse: ``start_ticks`` is the raw start time the system keeps (Linux clock ticks)."""

    boot_id: str
    pid: int
    start_ticks: int


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """What was read of one process. ``exe`` and ``cwd`` are None where the system does not tell.

    ``environment`` holds the fixed list of variables detection needs, never the whole environment.
    ``started_elapsed`` is the process's start on the elapsed clock.
    """

    key: ProcessKey
    parent_pid: int = 0
    exe: str | None = None
    argv: tuple[str, ...] = ()
    cwd: str | None = None
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    started_elapsed: float = 0.0
    comm: str = ""

    @property
    def pid(self) -> int:
        """The process id alone; only unique together with the rest of ``key``."""
        return self.key.pid


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in px, origin at the top left of the whole desktop."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Window:
    """A top-level window. ``pid`` is 0 where the system does not tell whose it is."""

    handle: int = 0
    pid: int = 0
    title: str = ""
    class_name: str = ""
    fullscreen: bool = False
    bounds: Bounds | None = None
    monitor: str = ""


# --- what sensors say -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProcessStarted:
    """A process began, or replaced its program by exec (the same key again). ``ancestors`` run from the oldest down."""

    at: Instant
    process: ProcessInfo
    ancestors: tuple[ProcessInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessEnded:
    """A process is gone. ``exit_elapsed`` is when, on the elapsed clock, as exactly as the sensor knows."""

    at: Instant
    key: ProcessKey
    exit_elapsed: float


@dataclass(frozen=True, slots=True)
class Resync:
    """Every process worth knowing, after a start or a gap: what is not in it has ended."""

    at: Instant
    processes: tuple[ProcessInfo, ...]


@dataclass(frozen=True, slots=True)
class ForegroundChanged:
    """Another window has the focus, or the focused one changed title, size or fullscreen. None: no window has it."""

    at: Instant
    window: Window | None


@dataclass(frozen=True, slots=True)
class IdleChanged:
    """The person stopped (``idle``) or resumed giving input. ``since_elapsed``: when the last input was."""

    at: Instant
    idle: bool
    since_elapsed: float


class PowerState(StrEnum):
    """Why time should stop or go on being counted."""

    SLEPT = "slept"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    CLOCK_SET = "clock_set"


@dataclass(frozen=True, slots=True)
class PowerChanged:
    """The machine slept, the screen was locked, or the wall clock was set.

    ``seconds`` is how long it slept, or how far the clock was moved.
    """

    at: Instant
    state: PowerState
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ScreenClassified:
    """What the picture of one window looked like: only labels and numbers."""

    at: Instant
    pid: int
    screen: ScreenLabels


@dataclass(frozen=True, slots=True)
class TitleRead:
    """The one title that the title screen in a window reads; "" where what was read before no longer holds."""

    at: Instant
    pid: int
    title: str


@dataclass(frozen=True, slots=True)
class StoreSignal:
    """A store or GameMode says that a game's process runs (or no longer does)."""

    at: Instant
    source: str
    pid: int
    game_id: str
    running: bool


Observation = (
    ProcessStarted
    | ProcessEnded
    | Resync
    | ForegroundChanged
    | IdleChanged
    | PowerChanged
    | ScreenClassified
    | TitleRead
    | StoreSignal
)


# --- what detection weighs --------------------------------------------------------------------------------------------


class FactKind(StrEnum):
    """Kinds of fact that cost something to gather, cheapest first: the order in which they are asked for."""

    DESKTOP_ENTRY = "desktop_entry"
    LIBRARY = "library"
    CATALOGUE = "catalogue"
    CONTENT = "content"
    FILES = "files"
    METADATA = "metadata"
    VERSION_INFO = "version_info"
    BUNDLE = "bundle"
    MAPPED = "mapped"
    GPU = "gpu"
    SCREEN = "screen"
    TEXTS = "texts"


ALL_KINDS = frozenset(FactKind)


@dataclass(frozen=True, slots=True)
class InstalledGame:
    """A row of the library: a game some store installed on this machine.

    ``store`` is where the game comes from (``steam``, ``epic``, ``gog`` …), whichever launcher installed it, so that
    ``store:id`` is the same game everywhere. ``install_dir`` is "" where the game has no directory of its own.
    """

    store: str
    id: str
    title: str
    install_dir: str
    executables: tuple[str, ...] = ()
    """Full paths of the programs, or of the content for an emulator, that the store starts."""
    also: tuple[str, ...] = ()
    """The same game's ids elsewhere, as ``store:id``."""
    platform: str = ""
    """The machine it was made for, where that is not this one: ``Nintendo 64``."""


@dataclass(frozen=True, slots=True)
class LibraryProblem:
    """A file of a store that could not be read, or a part of it. ``cause`` and ``remedy`` are sentences."""

    place: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one store has installed here. ``nothing`` says why there are no games, where there are none."""

    games: tuple[InstalledGame, ...] = ()
    problems: tuple[LibraryProblem, ...] = ()
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Launch:
    """How a game's program is known: ``path`` is the end of its path in lower case with forward slashes, at least the
    file name; ``argument`` must be among its arguments if given; no ``systems`` means any.
    """

    path: str
    argument: str = ""
    systems: tuple[System, ...] = ()
    launcher: bool = False
    """It only starts the game."""
    exclusive: bool = False
    """Somebody made sure that no other program is called so: the name (and argument) alone tells the game."""


@dataclass(frozen=True, slots=True)
class KnownGame:
    """A row of the catalogue that may be the program's: it shares a file name or a directory's name with it.

    ``id`` is the most stable one there is, ``also`` are the same game's other ones. ``source`` says which catalogue.
    """

    id: str
    title: str
    launches: tuple[Launch, ...] = ()
    directories: tuple[str, ...] = ()
    """Names of directories that stores install it into, in lower case."""
    also: tuple[str, ...] = ()
    source: str = ""
    sharing: int = 1
    """How many titles of this catalogue have a program of the same file name."""


@dataclass(frozen=True, slots=True)
class Content:
    """What runs inside a container, as the container itself says: a file, and perhaps its name and its machine."""

    path: str = ""
    title: str = ""
    platform: str = ""
    source: str = ""
    """A sentence part saying where that was read, such as ``RetroArch's history``."""


@dataclass(frozen=True, slots=True)
class DesktopEntry:
    """The keys of a freedesktop .desktop file that detection weighs."""

    name: str
    categories: tuple[str, ...] = ()
    exec: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The keys of a macOS application's Info.plist that detection weighs."""

    display_name: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class ScreenLabels:
    """What vision saw: the probability that the picture is a game's, and the title it recognised, if any.

    ``decision`` is what several frames together say, ``game``, ``not_game`` or ``unknown``, and then the title is one
    on which they agree; "" where only one picture was looked at. ``read`` is the title that its title screen read.
    """

    game_probability: float
    title: str | None = None
    title_score: float = 0.0
    decision: str = ""
    read: str = ""


class RuleKind(StrEnum):
    """What the person said about a program."""

    GAME = "game"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Rule:
    """The person's own word. ``executable`` is a full path or a bare file name; ``argument`` must occur if given."""

    kind: RuleKind
    executable: str
    argument: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one program. ``processes`` run from the oldest ancestor down; the last one is the program
    itself unless the window belongs to another. A kind missing from ``gathered`` has not been looked at yet.
    """

    id: str = ""
    system: System = System.LINUX
    processes: tuple[ProcessInfo, ...] = ()
    window: Window | None = None
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What small files beside the program tell, by their makers: ``unity`` → a title, ``steam_id`` → ``620``."""
    version_info: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    desktop_entry: DesktopEntry | None = None
    bundle: Bundle | None = None
    library: tuple[InstalledGame, ...] = ()
    catalogue: tuple[KnownGame, ...] = ()
    content: Content | None = None
    mapped: frozenset[str] = frozenset()
    """Base names of the libraries mapped into the program."""
    gpu: float = 0.0
    """Share of a GPU's time the program uses, 0 to 1."""
    screen: ScreenLabels | None = None
    texts: tuple[str, ...] = ()
    signals: tuple[StoreSignal, ...] = ()
    """What stores say of this program at this moment."""
    rules: tuple[Rule, ...] = ()
    gathered: frozenset[FactKind] = ALL_KINDS


@dataclass(frozen=True, slots=True)
class Game:
    """A game. ``id`` is stable: ``steam:620``, ``epic:…``, ``user:…``, ``name:…``."""

    id: str
    title: str
    title_source: str = ""
    """A sentence part saying where the title came from, such as ``its desktop entry``."""
    install_dir: str = ""
    platform: str = ""
    """The machine it was made for, where an emulator runs it: ``Nintendo 64``."""
    also: tuple[str, ...] = ()
    """The same game's ids elsewhere (``steam:620``, ``epic:…``)."""


_STABILITY: Mapping[str, int] = {"steam": 0, "gog": 1, "epic": 2, "user": 4, "name": 5, "exe": 6}


def stability(game_id: str) -> int:
    """How long an id lasts, 0 the longest: Steam's, GOG's, Epic's, another store's, the person's, a name, a file's."""
    prefix, colon, _ = game_id.partition(":")
    return _STABILITY.get(prefix, 3) if colon else _STABILITY["name"]


def is_store_id(game_id: str) -> bool:
    """True for a store's own id, which names one product for ever; false for what a program was only called."""
    return stability(game_id) < _STABILITY["user"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: ``weight`` is log-odds (positive speaks for a game), ``reason`` a sentence a person understands."""

    source: str
    weight: float
    reason: str
    game: Game | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one program: the game, or None; never a game below the threshold of certainty.

    ``root`` is the process the program's life is measured by (the outermost wrapper), ``subject`` the one judged.
    """

    game: Game | None
    probability: float
    evidence: tuple[Evidence, ...]
    root: ProcessKey | None = None
    subject: ProcessKey | None = None
    later: bool = False
    """The game came into a process that was there before it and may outlive it: a browser's tab, an emulator's menu."""

    @property
    def is_game(self) -> bool:
        """True where the evidence is beyond the threshold."""
        return self.game is not None


@dataclass(frozen=True, slots=True)
class Needs:
    """No answer yet: the kinds of fact, cheapest first, that could still change it."""

    kinds: tuple[FactKind, ...]


# --- sessions ---------------------------------------------------------------------------------------------------------


class EndedBy(StrEnum):
    """How a session ended."""

    EXIT = "exit"
    """The game's processes ended."""
    LOST = "lost"
    """It ended while we did not run; the end is the last moment it was seen."""
    PAUSED = "paused"
    """The person paused watching and the game ended before they resumed."""
    CORRECTED = "corrected"
    """The person said that this is not a game."""


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of play. ``active_seconds`` + ``idle_seconds`` = ``foreground_seconds``: time in the foreground with
    and without input. All seconds are awake time; ``started_at`` and ``ended_at`` are wall time.
    """

    id: str
    game: Game
    started_at: float
    started_elapsed: float
    root: ProcessKey
    processes: tuple[ProcessKey, ...]
    evidence: tuple[Evidence, ...]
    probability: float = 1.0
    ended_at: float | None = None
    ended_by: EndedBy | None = None
    foreground_seconds: float = 0.0
    active_seconds: float = 0.0
    idle_seconds: float = 0.0


CORRELATION_VARIABLE = "GAMEDETECTD_CORRELATION_ID"
"""The environment variable that tells a child process the ``SessionEvent.correlation_id`` it works under."""


class SessionEventKind(StrEnum):
    """What happened to a session."""

    STARTED = "started"
    UPDATED = "updated"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """One thing that happened to a session, with the session as it was right after.

    ``number`` is its place in the durable event table, 0 until committed; ``id`` stays the same over repeated delivery.
    """

    id: str
    kind: SessionEventKind
    at: float
    session: Session
    correlation_id: str = ""
    number: int = 0


# --- state ------------------------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How much a condition matters: INFO changes nothing, WARNING costs something, ERROR stops the main job."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ActiveCondition:
    """Something that is wrong now, as a person reads it. ``since`` is wall time."""

    code: str
    title: str
    severity: Severity
    message: str
    remedy: str
    since: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is true now. ``paused_until`` is wall time, ``inf`` for until resumed, None for not paused."""

    version: str
    sessions: tuple[Session, ...] = ()
    foreground: tuple[str, ...] = ()
    """Ids of the sessions whose window has the focus (none or one)."""
    paused_until: float | None = None
    conditions: tuple[ActiveCondition, ...] = ()
    counters: Mapping[str, float] = field(default_factory=dict)
