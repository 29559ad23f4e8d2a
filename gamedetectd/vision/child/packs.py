"""The references as a person sees them: listed, forgotten, given to others and taken from them."""

from __future__ import annotations

from pathlib import Path

from gamedetectd.errors import ReferencesError
from gamedetectd.vision import wire
from gamedetectd.vision.child.references import References, Title
from gamedetectd.vision.child.state import Answers, State


def list_references(state: State, _request: wire.ListReferences) -> Answers:
    """Every title."""
    for one in sorted(state.store().load().known, key=lambda one: one.title.casefold()):
        yield wire.KnownTitle(one.title, one.game, len(one.embeddings), one.learned_at, one.origin)


def forget(state: State, request: wire.Forget) -> Answers:
    """One title, or whatever is in the file."""
    store = state.store()
    if request.title is None:
        store.clear()
        yield wire.Changed(0, 0)
        return
    gone = store.load().named(request.title)
    if gone is None:
        raise ReferencesError(f"No title is called {request.title!r}.", "See: gamedetectd vision references list")
    store.change(lambda known: References(one for one in known.known if one.title != gone.title))
    yield wire.Changed(1, len(gone.embeddings))


def export(state: State, request: wire.Export) -> Answers:
    """A pack of the titles that are named."""
    store = state.store()
    known = store.load()
    named = [known.named(title) for title in request.titles]
    if missing := [title for title, one in zip(request.titles, named, strict=True) if one is None]:
        raise ReferencesError(f"No title is called {missing[0]!r}.", "See: gamedetectd vision references list")
    chosen = References(one for one in named if one is not None) if request.titles else known
    if not chosen.known:
        raise ReferencesError(
            "There is nothing to export yet.", 'Learn a title first: gamedetectd vision learn "Title"'
        )
    store.write_pack(Path(request.file), chosen)
    yield wire.Changed(len(chosen.known), len(chosen.titles))


def import_(state: State, request: wire.Import) -> Answers:
    """Somebody's pack."""
    store = state.store()
    pack = store.pack(Path(request.file))
    taken: list[Title] = []

    def add(known: References) -> References:
        taken.extend(one for one in pack.known if request.replace or known.named(one.title) is None)
        names = {one.title.casefold() for one in taken}
        return References([*(one for one in known.known if one.title.casefold() not in names), *taken])

    store.change(add)
    rows = sum(len(one.embeddings) for one in taken)
    yield wire.Changed(len(taken), rows, len(pack.known) - len(taken))
