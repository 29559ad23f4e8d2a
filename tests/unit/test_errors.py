"""Every error a person can meet: a code and a title of its own, a cause, a remedy, and a row in docs/errors.md."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path

import pytest

import gamedetectd
from gamedetectd.config.load import InvalidSettingsError
from gamedetectd.control.wire import Problem, error_of, problem_of
from gamedetectd.errors import ControlError, GamedetectdError

ROOT = Path(gamedetectd.__file__).parent
PAGE = ROOT.parent / "docs" / "errors.md"


def _classes(root):
    yield root
    for child in root.__subclasses__():
        yield from _classes(child)


def _every_class():
    """Every error there is: wherever one is defined, it is in a module whose text speaks of the tree."""
    for module in pkgutil.walk_packages(gamedetectd.__path__, "gamedetectd."):
        file = ROOT.parent / Path(*module.name.split("."))
        text = (file / "__init__.py" if module.ispkg else file.with_suffix(".py")).read_text(encoding="utf-8")
        if re.search(r"^class \w+Error\(", text, re.MULTILINE):
            importlib.import_module(module.name)
    return list(dict.fromkeys(_classes(GamedetectdError)))


ERRORS = _every_class()


def _calls():
    """Every place where one of them is made: its file and line, the class and the arguments."""
    names = {kind.__name__: kind for kind in ERRORS if kind.__init__ is GamedetectdError.__init__}
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called in names:
                    yield pytest.param(node, id=f"{file.relative_to(ROOT)}:{node.lineno}")


CALLS = list(_calls())


def test_every_error_has_a_code_and_a_title_of_its_own():
    for kind in ERRORS:
        assert {"code", "title"} <= vars(kind).keys(), f"{kind.__name__} has what another has"
        assert re.fullmatch(r"GD\d{3}", kind.code)
        assert kind.title
        assert not kind.title.endswith(".")
        assert kind.__doc__
    for what in ("code", "title"):
        again = [one for one, count in Counter(getattr(kind, what) for kind in ERRORS).items() if count > 1]
        assert again == [], f"one {what}, several errors"


def test_the_page_has_every_error_once_in_the_order_of_the_codes():
    rows = re.findall(r"^\| (GD\d{3}) \| (.+?) \| .+ \| `(\w+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == sorted((kind.code, kind.title, kind.__name__) for kind in ERRORS)


def test_errors_are_made_in_many_places():
    assert len(CALLS) > 100, "or the test below looks at nothing"


@pytest.mark.parametrize("call", CALLS)
def test_wherever_one_is_made_it_is_given_a_cause_and_a_remedy_in_sentences(call):
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if any(isinstance(part, ast.Starred) for part in given):
        return  # both at once, checked where they are written
    assert len(given) == 2, "a cause and a remedy"
    for part in given:
        if isinstance(part, ast.Constant):
            assert isinstance(part.value, str)
            assert part.value.strip() == part.value != ""
        elif isinstance(part, ast.JoinedStr):
            assert part.values


@pytest.mark.parametrize(
    "kind", [kind for kind in ERRORS if kind.__init__ is GamedetectdError.__init__], ids=lambda kind: kind.__name__
)
def test_an_error_arrives_at_the_other_end_of_the_control_channel(kind):
    there = error_of(problem_of(kind("Cause.", "Remedy.")))
    assert (type(there), there.cause, there.remedy) == (kind, "Cause.", "Remedy.")


def test_an_error_that_is_made_of_something_else_arrives_as_one_of_the_daemons():
    there = error_of(Problem(InvalidSettingsError.code, "title", "Cause.", "Remedy."))
    assert (type(there), there.cause, there.remedy) == (ControlError, "Cause.", "Remedy.")
