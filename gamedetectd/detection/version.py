"""What the version information of a Windows program says about it, in its maker's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign, words
from gamedetectd.detection.roles import role_of
from gamedetectd.detection.tables.builtin import builtin_game
from gamedetectd.detection.tables.makers import APPLICATION, GAME_MAKER, NOT_THEIR_GAME, OTHER_MAKER, SYSTEM_PRODUCT
from gamedetectd.detection.tables.windows import PURPOSES
from gamedetectd.detection.titles import is_generic_name, squeezed

_LONGEST = 300
"""Characters of a value that are looked at."""


def of_program(case: Case) -> Mapping[str, str]:
    """The version information of the program itself, else of a file of the same name elsewhere; {} without either."""
    own = {paths.folded(path, ignore_case=True) for path in (case.program.path, case.program.alias) if path}
    told = [(paths.folded(path, ignore_case=True), values) for path, values in case.facts.version_info.items()]
    exact = [values for path, values in told if path in own]
    alike = [values for path, values in told if paths.base_name(path) == case.program.base.casefold()]
    found = (exact or alike or [{}])[0]
    return {key: text[:_LONGEST] for key, text in found.items()}


def testify(case: Case) -> Iterator[Sign]:
    """Signs from product, description and company."""
    values = of_program(case)
    product, description = values.get("ProductName", ""), values.get("FileDescription", "")
    company = values.get("CompanyName", "")
    if SYSTEM_PRODUCT.search(product):
        if builtin_game(case.program.key, case.program.path, case.facts.system):
            return
        yield Sign("version.system", f"Its version information says that it is part of {product.strip()}.")
        return
    for text in (text for text in (description, product) if not is_generic_name(text)):
        if (role := role_of(text)) is not None and not _is_title(case, text):
            yield Sign(f"version.{role}", f"Its version information calls it {text.strip()}.")
            return
        if found := APPLICATION.search(text) or PURPOSES.search(text):
            yield Sign("version.application", f"Its version information calls it {text.strip()} ({found[0].lower()}).")
            return
    if OTHER_MAKER.search(company) and not GAME_MAKER.search(company) and case.row is None:
        yield Sign("version.other_maker", f"Its version information names {company.strip()}, which makes no games.")
    if GAME_MAKER.search(company) and not NOT_THEIR_GAME.search(f"{product} {description}"):
        yield Sign("version.game_maker", f"Its version information names {company.strip()}, which makes games.")
        if product.strip() and squeezed(product) == squeezed(case.shown):
            yield Sign("version.own_title", f"Its window's title is {product.strip()}, the product of that company.")


def _is_title(case: Case, text: str) -> bool:
    """The library's title holds the same words: ``Game Dev Tycoon Server Room Editor`` may be a game's name."""
    return case.row is not None and set(words(text)) <= set(words(case.row.title))
