"""Hostile files: each parser ends as declared, whatever it is given, found by chance and by looking at its branches.

``FUZZ_RUNS=1000000 pytest tests/security/test_fuzz_parsers.py`` looks for longer.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsers import PARSERS

RUNS = int(os.environ.get("FUZZ_RUNS", "3000"))
EXAMPLES = 150
FUZZER = Path(__file__).with_name("fuzz_parser.py")
JUNK = st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))


def broken(seeds):
    """A seed with a part cut out, doubled, or replaced by junk."""

    def put_together(parts):
        seed, junk, start, length = parts
        start = min(start, len(seed))
        return seed[:start] + junk + seed[start + length :]

    whole = st.tuples(st.sampled_from(seeds), JUNK, st.integers(0, 4000), st.integers(0, 400)).map(put_together)
    return st.one_of(JUNK, whole)


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_it_ends_as_declared_whatever_it_is_given(name):
    parser = PARSERS[name]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(broken(parser.seeds))
    def run(data):
        try:
            parser.run(data)
        except parser.errors:
            pass

    run()


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_looking_at_its_branches_finds_nothing_that_breaks_it(name, tmp_path):
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris, the coverage-guided fuzzer, is not to be had for this system")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(PARSERS[name].seeds):
        (corpus / str(number)).write_bytes(seed[:4096])
    done = subprocess.run(
        [sys.executable, str(FUZZER), name, str(RUNS), str(corpus)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60 + RUNS / 200,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_every_parser_takes_its_own_seeds():
    """A seed its parser refuses explores nothing behind the refusal."""
    refused = []
    for name, parser in PARSERS.items():
        for seed in parser.seeds:
            try:
                parser.run(seed)
            except parser.errors as error:
                refused.append((name, seed[:40], error))
    assert [one for one in refused if one[1]] == []
