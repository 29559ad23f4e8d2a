"""The example configurations of log shippers: they parse, read our log and nothing else, and name fields that exist."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from gamedetectd.observability.ecs import LINE_LIMIT
from gamedetectd.observability.fields import FIELDS

PLACE = Path(__file__).resolve().parents[2] / "packaging" / "monitoring" / "logs"
LOG = "/home/bob/.local/state/gamedetectd/log"

EXAMPLES = {
    "filebeat.yml": r'(?:has_fields|fields): \["([\w.@]+)"\]',
    "promtail.yml": r"""^ {12}\w+: '?"?([\w.@]+)"?'?$""",
    "rsyslog.conf": r'name="\$!([\w.@!]+)"',
    "vector.yaml": r'(?:string!\(|condition: |\{\{ )\.?"?([a-z@][\w.]*\.?[\w]+)"?(?:\)| ==| \}\})',
}
"""By the file's name: how it names a field of ours."""
WITH_FINISHED = {"filebeat.yml", "vector.yaml"}
"""Those that know a file by more than its name, and so may be shown the finished ones too."""


@pytest.fixture(params=EXAMPLES)
def example(request):
    return request.param, (PLACE / request.param).read_text(encoding="utf-8")


def test_every_example_is_looked_at():
    assert {file.name for file in PLACE.iterdir()} == set(EXAMPLES)


def test_every_field_exists(example):
    name, text = example
    named = {field.replace("!", ".") for field in re.findall(EXAMPLES[name], text, re.MULTILINE)}
    assert named - {"message"}, "it names fields of ours"
    assert named <= set(FIELDS)


def test_it_reads_the_log_and_nothing_beside_it(example):
    name, text = example
    patterns = re.findall(r"/home/\*/[^\s\"',\]]+", text)
    assert len(patterns) == 1
    assert fnmatch(f"{LOG}/gamedetectd.jsonl", patterns[0])
    assert fnmatch(f"{LOG}/gamedetectd.000017.jsonl", patterns[0]) is (name in WITH_FINISHED)
    assert not fnmatch(f"{LOG}/audit.jsonl", patterns[0])


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.endswith(".conf")])
def test_it_is_yaml_with_the_parts_that_shipper_wants(name):
    parts = {
        "filebeat.yml": {"filebeat.inputs", "processors", "output.elasticsearch"},
        "promtail.yml": {"server", "positions", "clients", "scrape_configs"},
        "vector.yaml": {"sources", "transforms", "sinks"},
    }
    assert set(yaml.safe_load((PLACE / name).read_text())) == parts[name]


def test_every_part_of_the_vector_example_is_fed_by_another():
    example = yaml.safe_load((PLACE / "vector.yaml").read_text())
    made = {*example["sources"], *example["transforms"]}
    used = {name for part in (*example["transforms"].values(), *example["sinks"].values()) for name in part["inputs"]}
    assert used == made


def test_no_line_is_too_long_for_them():
    vector = yaml.safe_load((PLACE / "vector.yaml").read_text())["sources"]["gamedetectd_files"]
    assert vector["max_line_bytes"] >= LINE_LIMIT
    size = re.search(r'maxMessageSize="(\d+)k"', (PLACE / "rsyslog.conf").read_text())
    assert int(size[1]) * 1024 >= LINE_LIMIT


def test_none_holds_a_secret_or_says_that_it_was_run_when_it_was_not(example):
    name, text = example
    assert ("Not run in gamedetectd's own tests" in text) is (name != "rsyslog.conf")
    for line in re.findall(r"(?:api_key|password|token): *(.+)", text):
        assert line.strip('"').startswith("${")


def test_the_page_about_the_log_leads_to_each():
    page = (Path(__file__).resolve().parents[2] / "docs" / "logs.md").read_text(encoding="utf-8")
    for name in EXAMPLES:
        assert f"packaging/monitoring/logs/{name}" in page
