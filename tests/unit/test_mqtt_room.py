"""A room full of computers and one mosquitto: killed again and again, every event is counted, each session in order."""

import random
import time
from dataclasses import replace

import pytest
from actions_world import event
from mqtt_world import Machine, broking, gated
from real_programs import eventually

from gamedetectd.sinks import mqtt_link, runner


class Room:
    """Machines at a gate. ``sent`` counts their events."""

    def __init__(self, gate, machines):
        self.gate, self.sent = gate, 0
        self.machines = {f"m{number:03}": None for number in range(machines)}
        for name in self.machines:
            self.switch_on(name)

    def switch_on(self, name, begin=0):
        before = self.machines[name]
        made = Machine(self.gate.port, name, before.events.events if before else (), begin=begin)
        made.worker.start()
        self.machines[name] = made

    def play(self, share):
        for name, machine in self.machines.items():
            first = len(machine.events.events) + 1
            machine.happens(*(of_a_session(name, number) for number in range(first, first + share)))
            self.sent += share

    def kill(self, names, chance):
        """Machines of these names, while nobody can come in; the cursors of the last events were not committed."""
        for name in names:
            dead = self.machines[name]
            dead.worker.stop()
            assert dead.worker.join(20)
            self.switch_on(name, max(0, dead.position.get("mqtt.it", 0) - chance.randrange(3)))

    def close(self):
        for machine in self.machines.values():
            machine.worker.stop()
        for machine in self.machines.values():
            assert machine.worker.join(20)
            machine.sink.close()


def of_a_session(name, number):
    """Two events a session, under ids of this machine's own."""
    made = event(number, ("started", "ended")[number % 2], session=f"{name}-{number // 2}")
    return replace(made, id=f"{name}-{number}")


@pytest.mark.parametrize(
    ("machines", "share", "kills"),
    [(30, 5, 2), pytest.param(200, 10, 10, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def test_every_event_of_every_machine_arrives(tmp_path, monkeypatch, machines, share, kills):
    monkeypatch.setattr(mqtt_link, "LONGEST_PAUSE", 1.0)
    monkeypatch.setattr(runner, "LONGEST_PAUSE", 0.5)
    chance = random.Random(machines)
    with broking(tmp_path) as (broker, ear), gated(broker.port) as gate:
        room = Room(gate, machines)
        try:
            for _ in range(kills):
                room.play(share)
                time.sleep(chance.uniform(0.0, 0.3))
                gate.cut()  # nobody comes in before the ear is there again, or it could not count
                broker.kill()
                room.kill(chance.sample(sorted(room.machines), machines // 10), chance)
                broker.start()
                assert ear.subscribed.wait(30)
                gate.mode = "open"
            room.play(share)
            for machine in room.machines.values():
                machine.delivered(len(machine.events.events), 30 + room.sent / 100)
            eventually(lambda: len({row["id"] for row in ear.events()}) == room.sent, 60, "every event's arrival")
        finally:
            room.close()
        told = ear.events()
    print(f"{machines} machines, {kills} kills, {room.sent} events: {len(told)} arrived")
    for name, machine in room.machines.items():
        mine = [row["number"] for row in told if row["id"].startswith(f"{name}-")]
        assert list(dict.fromkeys(mine)) == list(range(1, len(machine.events.events) + 1)), name
