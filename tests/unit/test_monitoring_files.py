"""What is shipped for Prometheus and Grafana asks for metrics, labels and conditions that exist, and is understood."""

import json
import re
from pathlib import Path

import pytest
import yaml
from real_promtool import promtool

from gamedetectd.app.checks import BY_CODE
from gamedetectd.config import options
from gamedetectd.views.http_guard import REASONS
from gamedetectd.views.metric_table import METRICS

PLACE = Path(__file__).resolve().parents[2] / "packaging" / "monitoring"
DASHBOARD = json.loads((PLACE / "grafana-dashboard.json").read_text())
RULES = [rule for group in yaml.safe_load((PLACE / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [(f"{panel['title']}: {target['refId']}", target["expr"]) for panel in PANELS for target in panel["targets"]]
EXPRESSIONS = [*((rule["alert"], rule["expr"]) for rule in RULES), *TARGETS]
VARIABLES = [one["definition"] for one in DASHBOARD["templating"]["list"] if one["type"] == "query"]

BY_NAME = {metric.name: metric for metric in METRICS}
ADDED = {"job", "instance", "le"}
"""Labels that Prometheus adds."""
OF_OTHERS = {"up": set(), "node_textfile_mtime_seconds": {"file"}}
"""Metrics of Prometheus itself and of node_exporter, with their labels."""
NO_METRICS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "offset", "bool"}
SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


def selectors(expression):
    """Every metric an expression reads, with what it wants of its labels."""
    grouping = re.compile(r"\b(by|without|on|ignoring)\s*\([^)]*\)")
    rest = grouping.sub(" ", re.sub(r"\[[^\]]*\]", " ", expression))
    for match in SELECTOR.finditer(rest):
        name, matchers = match.groups()
        called = rest[match.end(1) :].lstrip().startswith("(")
        if name not in NO_METRICS and not called and not re.fullmatch(r"[\de]+\d*", name):
            yield name, MATCHER.findall(matchers or "")


def metric_of(name):
    """The row of a series, or of its table beside the usual names."""
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    if base in BY_NAME and BY_NAME[base].kind == "histogram":
        return BY_NAME[base]
    assert name not in BY_NAME or BY_NAME[name].kind != "histogram", "a histogram is read by its buckets, sum and count"
    return BY_NAME.get(name) or BY_NAME.get(name.removeprefix("gamedetectd_"))


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_every_expression_reads_what_there_is(where, expression):
    found = list(selectors(expression))
    assert found, "it reads something"
    for name, matchers in found:
        if name in OF_OTHERS:
            assert {label for label, _, _ in matchers} <= OF_OTHERS[name] | ADDED
            continue
        metric = metric_of(name)
        assert metric is not None, f"{name} does not exist"
        assert {label for label, _, _ in matchers} <= set(metric.labels) | ADDED, name
        for label, _, value in matchers:
            if label == "reason":
                assert set(value.split("|")) <= set(REASONS)
            if label == "severity":
                assert value in {condition.severity.value for condition in BY_CODE.values()}
            if label == "code":
                assert value in BY_CODE


def test_that_reader_of_expressions_sees_what_is_wrong():
    names = [name for name, _ in selectors('sum by (x) (rate(not_there{a="b"}[5m])) > 1e6 or time() - gone offset 5m')]
    assert names[:2] == ["not_there", "gone"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_where_what_and_how_bad(rule):
    assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    assert set(rule["annotations"]) == {"summary", "description"}
    used = re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values()))
    assert "instance" in used
    known = {label for name, _ in selectors(rule["expr"]) for label in getattr(metric_of(name), "labels", ())}
    assert set(used) <= known | ADDED


def test_promtool_takes_the_rules_and_they_fire_when_they_should():
    assert promtool("check", "rules", PLACE / "alerts.yml")[0] == 0
    code, said = promtool("test", "rules", PLACE / "alerts.test.yml")
    assert code == 0, said
    tried = {
        test["alertname"]
        for one in yaml.safe_load((PLACE / "alerts.test.yml").read_text())["tests"]
        for test in one["alert_rule_test"]
    }
    assert {rule["alert"] for rule in RULES} - tried <= {"GamedetectdFileOld", "GamedetectdOverrun"}


def test_promtool_takes_every_expression_of_the_dashboard(tmp_path):
    values = {"$__rate_interval": "5m", "$job": ".*", "$instance": ".*"}
    rules = []
    for number, (_, expression) in enumerate(TARGETS):
        for variable, value in values.items():
            expression = expression.replace(variable, value)
        rules.append({"record": f"panel:{number}", "expr": expression})
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    code, said = promtool("check", "rules", file)
    assert code == 0, said


def test_promtool_takes_the_scrape_configuration():
    code, said = promtool("check", "config", "--syntax-only", PLACE / "prometheus.yml")
    assert code == 0, said


def test_the_scrape_configuration_asks_where_we_answer():
    [job] = yaml.safe_load((PLACE / "prometheus.yml").read_text())["scrape_configs"]
    assert job["static_configs"][0]["targets"] == [f"127.0.0.1:{options()['http.port'].default}"]
    assert job["job_name"] == "gamedetectd"
    assert job["authorization"]["credentials_file"].endswith("/http-token"), "the token itself is in no configuration"


def test_the_dashboard_can_be_imported_anywhere():
    assert DASHBOARD["schemaVersion"] >= 36
    assert "__inputs" not in DASHBOARD
    source = {"type": "prometheus", "uid": "${datasource}"}
    asked = [panel["datasource"] for panel in PANELS] + [t["datasource"] for panel in PANELS for t in panel["targets"]]
    assert all(one == source for one in asked), "whatever data source is chosen"
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    assert all(panel["title"] for panel in DASHBOARD["panels"])


def test_its_panels_do_not_cover_each_other():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_its_variables_are_labels_that_are_there():
    for definition in VARIABLES:
        name, label = re.fullmatch(r"label_values\(([\w:]+)(?:\{.*\})?, (\w+)\)", definition).groups()
        assert name in BY_NAME
        assert label in ADDED | set(BY_NAME[name].labels)


def test_every_metric_is_on_the_dashboard_or_known_to_be_left_out():
    left_out = {
        "gamedetectd_judgements_total",
        "gamedetectd_programs",
        "gamedetectd_installed_games",
        "gamedetectd_queue_length_max",
        "gamedetectd_session_start_time_seconds",
        "gamedetectd_sink_failing",
        "gamedetectd_worker_running",
        "gamedetectd_log_lines_lost",
        "gamedetectd_system_load5",
        "gamedetectd_system_load15",
        "process_max_fds",
        "gamedetectd_screen_looks_total",
        "gamedetectd_health_looks_total",
        "gamedetectd_health_cpu_seconds_total",
        "gamedetectd_sleeps_total",
        "gamedetectd_slept_seconds_total",
        "gamedetectd_clock_jumps_total",
    }
    shown = {metric_of(name).name for _, expression in TARGETS for name, _ in selectors(expression)}
    assert set(BY_NAME) - shown == left_out
