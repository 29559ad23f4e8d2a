"""The one table of sources for each system."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gamedetectd.domain import Facts, System
from gamedetectd.facts.bundle import BundleSource
from gamedetectd.facts.content import ContentSource
from gamedetectd.facts.desktop_entries import DesktopEntrySource
from gamedetectd.facts.desktop_index import DesktopIndex
from gamedetectd.facts.files import FilesSource
from gamedetectd.facts.gpu import GpuSource
from gamedetectd.facts.mapped import MappedSource
from gamedetectd.facts.metadata import MetadataSource
from gamedetectd.facts.version_info import VersionInfoSource
from gamedetectd.interfaces import FactSource


@dataclass(frozen=True, slots=True)
class Parts:
    """What sources need from outside.

    ``effective_paths`` tells which files a program consists of, most telling first: its executable, the script or
    archive an interpreter runs, the Windows program under Wine. ``home`` is the person's home directory.
    """

    effective_paths: Callable[[Facts], Sequence[str]]
    home: str
    desktop_index: DesktopIndex
    proc: str = "/proc"


_Maker = Callable[[Parts], FactSource]


def _desktop_entries(parts: Parts) -> FactSource:
    return DesktopEntrySource(parts.desktop_index)


def _content(parts: Parts) -> FactSource:
    return ContentSource(parts.effective_paths, parts.home)


def _files(parts: Parts) -> FactSource:
    return FilesSource(parts.effective_paths, parts.home)


def _metadata(parts: Parts) -> FactSource:
    return MetadataSource(parts.effective_paths, parts.home)


def _version_info(parts: Parts) -> FactSource:
    return VersionInfoSource(parts.effective_paths)


def _bundle(_parts: Parts) -> FactSource:
    return BundleSource()


def _mapped(parts: Parts) -> FactSource:
    return MappedSource(parts.proc)


def _gpu(parts: Parts) -> FactSource:
    return GpuSource(parts.proc)


_TABLE: Mapping[System, tuple[_Maker, ...]] = {
    System.LINUX: (_desktop_entries, _content, _files, _metadata, _version_info, _mapped, _gpu),
    System.WINDOWS: (_content, _files, _metadata, _version_info),
    System.MACOS: (_content, _files, _metadata, _bundle),
}


def sources(system: System, parts: Parts) -> tuple[FactSource, ...]:
    """The sources that work on this system, cheapest first."""
    return tuple(make(parts) for make in _TABLE[system])
