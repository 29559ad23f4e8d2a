"""Commands run in the very process of the test, for every file that has ``paths``, a home of its own."""

import io
import json
import shlex
import sys
from dataclasses import dataclass

import pytest

from gamedetectd.cli import entry


@dataclass
class Done:
    """What a command ended with, printed and said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def gd(paths, monkeypatch, capsys):
    """``gd("sessions --json")`` or ``gd("explain", path)`` runs one command; ``stdin`` is what it reads."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def run(*words, stdin=b""):
        arguments = shlex.split(words[0]) if len(words) == 1 else [str(word) for word in words]
        monkeypatch.setattr(sys, "argv", ["gamedetectd", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            entry.main()
        said = capsys.readouterr()
        return Done(ended.value.code or 0, said.out, said.err)

    return run
