"""What every way of doing something must declare: its row in docs/platforms.md, under the name it tells of itself."""

import os
import sys
from pathlib import Path

import pytest
from sensors_table import SENSORS

from gamedetectd.app.declared import ASKED, FAMILIES, declared, verified
from gamedetectd.app.doctor import capabilities
from gamedetectd.app.machine import this_machine
from gamedetectd.app.sensors import process_sensor, sensors
from gamedetectd.config import Settings
from gamedetectd.paths import Paths
from gamedetectd.platforms import autostart
from gamedetectd.platforms.autostart.program import Program
from gamedetectd.platforms.capability import SYSTEMS, Purpose, Verified, how_verified
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.windows.mechanisms import MECHANISMS
from gamedetectd.security.credentials.keyrings import KEYRINGS

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = [row.declared for row in (*MECHANISMS, *autostart.MECHANISMS, *KEYRINGS)]


@pytest.mark.parametrize("row", CHOSEN, ids=lambda row: f"{row.purpose} {row.name}")
def test_what_a_table_chooses_among_is_declared_under_a_name(row):
    assert row in declared()
    assert row.name


def test_every_purpose_is_told_of_for_every_system_or_is_none_there():
    alone = {Purpose.CLOSED, Purpose.FRAMES}  # Windows' own
    missing = [
        (purpose, system)
        for purpose in set(Purpose) - alone
        for system in SYSTEMS
        if not any(row.purpose == purpose and row.system == system for row in declared())
    ]
    assert missing == []
    assert {row.system for row in declared() if row.purpose in alone} == {"win32"}


@pytest.mark.parametrize("case", SENSORS, ids=lambda case: case.id)
def test_a_sensor_learns_from_what_is_declared(case, monkeypatch):
    monkeypatch.setattr("gamedetectd.platforms.idle.display_name", lambda: ":0")
    sensor = case.build(system_clock())
    assert sensor.name in ASKED
    assert verified(sensor.name, sensor.source())


def test_what_doctor_tells_of_this_machine_is_declared(tmp_path, monkeypatch):
    monkeypatch.setenv("DISPLAY", os.environ.get("DISPLAY", ":0"))
    paths, chosen = Paths.below(tmp_path), Settings()
    machine = this_machine(paths, chosen)
    assert {one.name for one in sensors(machine, chosen, process_sensor(machine, chosen))} <= set(ASKED)
    rows = [*capabilities.desktop(chosen), *capabilities.autostart()[0], capabilities.pressure()]
    assert [(row.purpose, row.mechanism) for row in rows if not verified(row.purpose, row.mechanism)] == []


def test_mechanisms_call_themselves_as_they_declare():
    for row in MECHANISMS:
        if row.declared.system in (sys.platform, "darwin"):
            assert row.make().name.startswith(row.declared.name)
    for row in autostart.MECHANISMS:
        if row.system == sys.platform:
            assert row.make(Program(("gamedetectd",))).name == row.declared.name


def test_the_page_has_every_row_and_no_other():
    _, _, rest = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8").partition("<!-- declared: ")
    table = [line.split(" | ") for line in rest.partition("<!-- end -->")[0].splitlines()[3:]]
    rows = [(SYSTEMS[row.system], row.mechanism, row.verified) for row in declared()]
    assert [tuple(cells[1:4]) for cells in table] == rows, "out of date: poe docs"


def test_a_page_of_cells_stays_one():
    for row in declared():
        assert not {"|", "\n"} & set(f"{row.mechanism}{row.name}{row.remark}")
        assert row.verified is not Verified.NOT_DONE or not row.name
    assert len(set(declared())) == sum(map(len, FAMILIES)), "a row is declared twice"


def test_several_mechanisms_in_one_word_are_each_told():
    table, both = declared(), (Purpose.INPUT, Purpose.PADS)
    assert how_verified(table, both, "linux", "X11 and gamepads") == "real and tables"
    assert how_verified(table, both, "linux", "X11") == "real"
    assert how_verified(table, both, "darwin", "nothing") == ""
