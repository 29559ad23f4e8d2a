"""What the vision child is asked and what it answers: JSON, one value a line, over pipes.

Labels and numbers alone come back: there is no field that a picture would fit in. Each request is answered by any
number of lines and then by one ``Done`` or one ``Failed``.
"""

from __future__ import annotations

import json
from typing import Literal

import msgspec

from gamedetectd.domain import Window
from gamedetectd.platforms.capture.shown import Outcome

Decided = Literal["game", "not_game", "unknown"]
Bounds = tuple[int, int, int, int]
"""x, y, width and height in px on the desktop."""


class AWindow(msgspec.Struct, frozen=True):
    """A window as the foreground sensor knows it; never its title. ``pid`` and ``bounds`` may not be known."""

    handle: int
    pid: int = 0
    bounds: Bounds | None = None

    @classmethod
    def of(cls, window: Window) -> AWindow:
        """What is told of a window."""
        at = window.bounds
        return cls(window.handle, window.pid, (at.x, at.y, at.width, at.height) if at is not None else None)


# --- requests ---------------------------------------------------------------------------------------------------------


class LookAtWindow(msgspec.Struct, frozen=True, tag="window", tag_field="ask"):
    """Look until ``frames`` told something, ``pause`` seconds apart, at most ``attempts`` times.

    Frames of the window that was looked at before, by this child, count on. ``stream``: its colours are those of a
    video, as in a browser.
    """

    window: AWindow
    frames: int = 5
    pause: float = 2.0
    attempts: int = 10
    stream: bool = False


class LookAtPicture(msgspec.Struct, frozen=True, tag="picture", tag_field="ask"):
    """Look at an image file; with ``sequence`` as the next frame of one window, else on its own."""

    file: str
    sequence: bool = False
    stream: bool = False


class Learn(msgspec.Struct, frozen=True, tag="learn", tag_field="ask"):
    """Keep ``frames`` different looks of ``files``, or else of a window, as references of a title.

    ``game`` is the game's id, where it is known. What is kept of the title already stays, unless ``anew``. Pictures are
    written below ``pictures`` if that is given, and nowhere otherwise.
    """

    title: str
    game: str = ""
    files: tuple[str, ...] = ()
    window: AWindow | None = None
    frames: int = 5
    pause: float = 2.0
    attempts: int = 300
    anew: bool = False
    pictures: str = ""
    origin: Literal["person", "silent"] = "person"


class ListReferences(msgspec.Struct, frozen=True, tag="references", tag_field="ask"):
    """What titles are known by their looks."""


class Forget(msgspec.Struct, frozen=True, tag="forget", tag_field="ask"):
    """Drop a title's references; all of them where no title is given."""

    title: str | None


class Export(msgspec.Struct, frozen=True, tag="export", tag_field="ask"):
    """Write the references of these titles (of all, where none is named) into a pack for others."""

    file: str
    titles: tuple[str, ...] = ()


class Import(msgspec.Struct, frozen=True, tag="import", tag_field="ask"):
    """Take in somebody's pack. A title that is known here stays as it is, unless ``replace``."""

    file: str
    replace: bool = False


class Bench(msgspec.Struct, frozen=True, tag="bench", tag_field="ask"):
    """Measure every stage over ``rounds``: of a picture that is made up, and of a window where one is named."""

    rounds: int = 30
    window: AWindow | None = None


class AddTitles(msgspec.Struct, frozen=True, tag="titles", tag_field="ask"):
    """What the process that reads may find; ask as often as it takes."""

    titles: tuple[str, ...]


class ReadWindow(msgspec.Struct, frozen=True, tag="read_window", tag_field="ask"):
    """Read what a window shows now, and find the one title that it is.

    With ``lines`` what was read is told too: for the person who asks by hand, never for the daemon.
    """

    window: AWindow
    lines: bool = False


class ReadPicture(msgspec.Struct, frozen=True, tag="read_picture", tag_field="ask"):
    """The same of an image file."""

    file: str
    lines: bool = False


Request = LookAtWindow | LookAtPicture | Learn | ListReferences | Forget | Export | Import | Bench
Reading = AddTitles | ReadWindow | ReadPicture
"""What the process that reads is asked, which is another one."""

# --- answers ----------------------------------------------------------------------------------------------------------


class Seen(msgspec.Struct, frozen=True, tag="seen", tag_field="answer"):
    """One frame that was looked at. ``size`` is that of the window or picture in px, ``seconds`` what each stage took.

    ``blank`` is why it tells nothing, or empty. ``game_probability`` is that of all informative frames so far, 0 where
    there is none yet, ``drawn`` what the way this frame is drawn adds to its log-odds. ``title`` is what this frame is
    most like, where that is near enough.
    """

    blank: str
    game_probability: float
    drawn: float
    title: str | None
    title_score: float
    decision: Decided
    decided_title: str | None
    informative: int
    """Frames that the decision is made of, this one included."""
    size: tuple[int, int]
    way: str
    """How it was captured, in a person's words; empty for a file."""
    seconds: dict[str, float]


class Unseen(msgspec.Struct, frozen=True, tag="unseen", tag_field="answer"):
    """A window of which there is no picture just now: why, and the same as a sentence."""

    outcome: Outcome
    sentence: str


class NoTitles(msgspec.Struct, frozen=True, tag="no_titles", tag_field="answer"):
    """Told once: titles are not told, because what they are known by cannot be used; the error's words."""

    code: str
    cause: str
    remedy: str


class Kept(msgspec.Struct, frozen=True, tag="kept", tag_field="answer"):
    """How far learning is: frames that were looked at, and different ones that are kept so far."""

    looked: int
    kept: int
    wanted: int
    why_not: str = ""
    """Why the latest one is not kept, or empty."""


class Learned(msgspec.Struct, frozen=True, tag="learned", tag_field="answer"):
    """What a title is known by now."""

    title: str
    added: int
    references: int
    pictures: tuple[str, ...] = ()


class KnownTitle(msgspec.Struct, frozen=True, tag="title", tag_field="answer"):
    """One title with its references. ``learned_at`` is when the latest were made, as RFC 3339."""

    title: str
    game: str
    references: int
    learned_at: str
    origin: str


class Changed(msgspec.Struct, frozen=True, tag="changed", tag_field="answer"):
    """How many titles and references were forgotten, written or taken in, and how many were left as they were."""

    titles: int
    references: int
    left: int = 0


class Measured(msgspec.Struct, frozen=True, tag="measured", tag_field="answer"):
    """Median and 95th percentile of a stage, in seconds."""

    stage: str
    median: float
    worst: float


class Cost(msgspec.Struct, frozen=True, tag="cost", tag_field="answer"):
    """What the whole takes beside a plain resize and the same model, in one run, and what the child takes of memory."""

    ratio: float
    """Median of one frame, shrinking, network and heads, through the median of a plain cv2 resize and network run."""
    plain: str
    """How that plain run resized: with cv2, or with Pillow where there is no cv2."""
    frame: float
    """Median processor seconds of one frame: capture, where a window was captured, shrinking, network and heads."""
    memory: int
    """Bytes, proportional set size where the system tells it, else resident."""
    start: float
    """Processor seconds from the child's first instruction to its loaded models."""


class ReadLine(msgspec.Struct, frozen=True):
    """One line as it was read: how sure that is, 0 to 1, and how tall it is in px."""

    text: str
    confidence: float
    height: float


class Read(msgspec.Struct, frozen=True, tag="read", tag_field="answer"):
    """A window or picture that was read. ``title`` is the one that it reads beyond doubt, ``likeness`` how alike both
    are. ``lines`` are there only where the person asked for them; nothing else that was read is told.
    """

    title: str | None
    likeness: float
    size: tuple[int, int]
    way: str
    seconds: dict[str, float]
    lines: tuple[ReadLine, ...] = ()


class Failed(msgspec.Struct, frozen=True, tag="failed", tag_field="answer"):
    """The request came to nothing: the error's code, cause and remedy."""

    code: str
    cause: str
    remedy: str


class Done(msgspec.Struct, frozen=True, tag="done", tag_field="answer"):
    """All of a request's answer was said."""


Told = Seen | Unseen | NoTitles | Kept | Learned | KnownTitle | Changed | Measured | Cost | Read
Answer = Told | Failed | Done


def line(value: Request | Reading | Answer) -> bytes:
    """A request or an answer with its line end. By Python's own JSON, for file names that are no UTF-8."""
    return json.dumps(msgspec.to_builtins(value)).encode() + b"\n"


def read_request(said: bytes) -> Request:
    """Raises ValueError for what is none."""
    request: Request = msgspec.convert(json.loads(said), type=Request)
    return request


def read_reading(said: bytes) -> Reading:
    """Raises ValueError for what is none."""
    request: Reading = msgspec.convert(json.loads(said), type=Reading)
    return request


def read_answer(said: bytes) -> Answer:
    """Raises ValueError for what is none."""
    answer: Answer = msgspec.convert(json.loads(said), type=Answer)
    return answer
