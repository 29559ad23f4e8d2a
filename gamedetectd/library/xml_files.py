"""Reads the small XML files that stores put beside games; document types and entities are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gamedetectd.library.files import UnreadableError, read_bytes

FILE_LIMIT = 4_000_000
"""Bytes; real ones stay below 100,000."""
DEPTH_LIMIT = 64
ELEMENTS_LIMIT = 50_000


@dataclass(slots=True)
class Element:
    """An element with its local name, attributes, own text and the elements inside."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    inner: list[Element] = field(default_factory=list)

    def every(self, name: str) -> Iterator[Element]:
        """Itself and the elements inside it at any depth that are called ``name``, in the file's order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting.extend(reversed(element.inner))

    def first(self, name: str) -> Element | None:
        """The first of them."""
        return next(self.every(name), None)

    def attribute(self, name: str) -> str:
        """An attribute's text, or ""."""
        return self.attributes.get(name, "").strip()


def read_xml(path: Path) -> Element:
    """The root of an XML file. Raises UnreadableError."""
    try:
        return parse_xml(read_bytes(path, FILE_LIMIT))
    except UnreadableError as error:
        error.place = error.place or str(path)
        raise


def parse_xml(data: bytes) -> Element:
    """The root of an XML document. Raises UnreadableError for anything else, and for one with a document type."""
    from xml.parsers import expat

    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(data[:FILE_LIMIT], True)
    except expat.ExpatError as error:
        raise UnreadableError(f"It is not XML: {expat.ErrorString(error.code)} in line {error.lineno}.") from None
    except (ValueError, LookupError) as error:  # an encoding that Python does not know or cannot use
        raise UnreadableError(f"It is not XML: {str(error)[:200]}.") from None
    if builder.root is None:
        raise UnreadableError("It is empty.")
    return builder.root


def _refuse(*_declaration: object) -> None:
    raise UnreadableError("It declares a document type or entities, which files of this kind never do.")


class _Builder:
    """Builds the elements, within limits."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = Element(_local(name), {_local(key): value for key, value in attributes.items()})
        self._count += 1
        if self._count > ELEMENTS_LIMIT or len(self._open) >= DEPTH_LIMIT:
            raise UnreadableError("It is nested too deeply or has too many parts.")
        if self._open:
            self._open[-1].inner.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        element = self._open.pop()
        element.text = element.text.strip()

    def characters(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text


def _local(name: str) -> str:
    return name.rpartition(":")[2]
