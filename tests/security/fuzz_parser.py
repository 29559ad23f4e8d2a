"""Runs one parser of ``tests/parsers.py`` under atheris: ``python fuzz_parser.py NAME RUNS CORPUS``.

Exit code 0: every run ended as declared. What breaks the parser is written where it was started, and printed.
"""

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

with atheris.instrument_imports(include=["gamedetectd"]):
    from parsers import PARSERS


def main():
    name, runs, corpus = sys.argv[1:]
    parser = PARSERS[name]

    def one(data):
        try:
            parser.run(data)
        except parser.errors:
            pass

    options = [f"-runs={runs}", "-max_len=4096", "-timeout=5", "-rss_limit_mb=1024", "-verbosity=0", "-seed=1"]
    atheris.Setup([sys.argv[0], *options, corpus], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
