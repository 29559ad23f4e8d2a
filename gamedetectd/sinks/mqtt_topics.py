"""What is told where on an MQTT broker: our own topics, and the entities that Home Assistant finds by itself.

``PREFIX/MACHINE/event`` is every event, ``…/state`` what is true now, ``…/availability`` whether we are there. The last
two are retained, and so are Home Assistant's ``DISCOVERY/COMPONENT/gamedetectd-MACHINE/NAME/config``. No title is ever
part of a topic or of a template: the templates read titles out of the state's JSON.

Home Assistant's formats: https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from gamedetectd import __version__

ONLINE, OFFLINE = b"online", b"offline"
_LONGEST_STATE = 255
"""Characters of a state in Home Assistant."""

ENTITIES: Mapping[tuple[str, str], Mapping[str, Any]] = MappingProxyType(
    {
        ("sensor", "game"): {
            "name": "Game",
            "icon": "mdi:gamepad-variant",
            "value_template": f"{{{{ (value_json.game or 'None')[:{_LONGEST_STATE}] }}}}",
            "json_attributes": True,
        },
        ("binary_sensor", "playing"): {
            "name": "Playing",
            "icon": "mdi:controller",
            "value_template": "{{ 'ON' if value_json.playing else 'OFF' }}",
        },
        ("sensor", "today"): {
            "name": "Play time today",
            "device_class": "duration",
            "state_class": "total_increasing",
            "unit_of_measurement": "s",
            "suggested_unit_of_measurement": "h",
            "value_template": "{{ value_json.today_seconds }}",
        },
        ("sensor", "health"): {
            "name": "Health",
            "icon": "mdi:heart-pulse",
            "device_class": "enum",
            "options": ["healthy", "degraded", "unhealthy"],
            "entity_category": "diagnostic",
            "value_template": "{{ value_json.health }}",
            "json_attributes": True,
        },
    }
)
"""By component and name: what Home Assistant shows."""


class Topics:
    """The topics of one machine at one broker."""

    def __init__(self, prefix: str, machine: str, discovery: str) -> None:
        own = f"{prefix}/{machine}"
        self.event, self.state, self.availability = f"{own}/event", f"{own}/state", f"{own}/availability"
        self._machine = machine
        self._discovery = discovery

    def entities(self) -> Mapping[str, bytes]:
        """What Home Assistant is to know of us, by topic."""
        if not self._discovery:
            return {}
        node = f"gamedetectd-{self._machine}"
        return {
            f"{self._discovery}/{component}/{node}/{name}/config": msgspec.json.encode(self._entity(node, name, entity))
            for (component, name), entity in ENTITIES.items()
        }

    def retained(self) -> tuple[str, ...]:
        """Every topic of ours at which something stays."""
        return (self.availability, self.state, *self.entities())

    def _entity(self, node: str, name: str, entity: Mapping[str, Any]) -> dict[str, Any]:
        made = {**entity}
        if made.pop("json_attributes", False):
            made["json_attributes_topic"] = self.state
        return {
            **made,
            "unique_id": f"{node}-{name}",
            "object_id": f"{self._machine}_{name}",
            "state_topic": self.state,
            "availability_topic": self.availability,
            "qos": 1,
            "device": {
                "identifiers": [node],
                "name": self._machine,
                "manufacturer": "gamedetectd",
                "model": "Game detection",
                "sw_version": __version__,
            },
            "origin": {"name": "gamedetectd", "sw_version": __version__},
        }
