"""Answers calls on objects of ours over D-Bus: methods, properties and what an object says of itself.

Facts: https://dbus.freedesktop.org/doc/dbus-specification.html (standard interfaces, introspection format).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from gamedetectd.platforms.dbus.session_bus import SessionBus

PROPERTIES = "org.freedesktop.DBus.Properties"
INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
PEER = "org.freedesktop.DBus.Peer"
ERROR = "org.freedesktop.DBus.Error."
UNKNOWN_METHOD = f"{ERROR}UnknownMethod"
UNKNOWN_OBJECT = f"{ERROR}UnknownObject"
UNKNOWN_PROPERTY = f"{ERROR}UnknownProperty"
INVALID_ARGUMENTS = f"{ERROR}InvalidArgs"
READ_ONLY = f"{ERROR}PropertyReadOnly"
HEAD = (
    '<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"\n'
    ' "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class Method:
    """``function`` takes the arguments of the signature ``takes`` and returns a tuple of the signature ``gives``."""

    takes: str
    gives: str
    function: Callable[..., Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Exported:
    """One interface of the object at ``path``. ``properties`` have a signature and what reads them."""

    path: str
    interface: str
    methods: Mapping[str, Method]
    properties: Mapping[str, tuple[str, Callable[[], Any]]]
    signals: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """A call that cannot be answered; its arguments are an error's name and why."""


class Objects:
    """The objects of one connection, each with one interface of its own and the standard ones."""

    def __init__(self, *exported: Exported) -> None:
        self._by_path = {one.path: one for one in exported}

    def serve(self, bus: SessionBus, call: Any) -> None:
        """Answer one call. Raises BusError where the answer cannot be sent."""
        from jeepney import HeaderFields  # type: ignore[import-untyped]

        fields = call.header.fields
        path, member = str(fields.get(HeaderFields.path)), str(fields.get(HeaderFields.member))
        interface, signature = fields.get(HeaderFields.interface), str(fields.get(HeaderFields.signature) or "")
        try:
            body = self._method(path, interface, member, signature).function(*call.body)
        except RefusedError as refused:
            bus.refuse(call, *refused.args)
            return
        bus.answer(call, self._method(path, interface, member, signature).gives, *body)

    def _method(self, path: str, interface: str | None, member: str, signature: str) -> Method:
        """Raises RefusedError where there is no such object or method, or it takes other arguments."""
        exported = self._by_path.get(path)
        if exported is None:
            if member == "Introspect" and path == "/":
                return Method("", "s", lambda: (self._root(),))
            raise RefusedError(UNKNOWN_OBJECT, f"There is nothing at {path}.")
        for name, methods in ((exported.interface, exported.methods), *_standard(exported).items()):
            if interface in (None, name) and member in methods:
                method = methods[member]
                if signature != method.takes:
                    raise RefusedError(INVALID_ARGUMENTS, f"{member} takes {method.takes!r} and not {signature!r}.")
                return method
        raise RefusedError(UNKNOWN_METHOD, f"There is no {interface or 'interface'} with {member} at {path}.")

    def _root(self) -> str:
        nodes = "".join(f"<node name={quoteattr(path[1:])}/>" for path in self._by_path)
        return f"{HEAD}<node>{nodes}</node>"


def _standard(exported: Exported) -> Mapping[str, Mapping[str, Method]]:
    """The interfaces every object has."""

    def known(interface: str) -> None:
        if interface not in ("", exported.interface):
            raise RefusedError(UNKNOWN_PROPERTY, f"There is no interface {interface}.")

    def read(interface: str, name: str) -> Sequence[Any]:
        known(interface)
        if name not in exported.properties:
            raise RefusedError(UNKNOWN_PROPERTY, f"There is no property {name}.")
        signature, reader = exported.properties[name]
        return ((signature, reader()),)

    def read_all(interface: str) -> Sequence[Any]:
        known(interface)
        return ({name: (signature, reader()) for name, (signature, reader) in exported.properties.items()},)

    def write(_interface: str, name: str, _value: object) -> Sequence[Any]:
        raise RefusedError(READ_ONLY, f"{name} cannot be set.")

    return {
        PROPERTIES: {"Get": Method("ss", "v", read), "GetAll": Method("s", "a{sv}", read_all),
                     "Set": Method("ssv", "", write)},
        INTROSPECTABLE: {"Introspect": Method("", "s", lambda: (describe(exported),))},
        PEER: {"Ping": Method("", "", lambda: ())},
    }  # fmt: skip


def describe(exported: Exported) -> str:
    """The object as introspection writes it, the standard interfaces included."""
    from jeepney.low_level import parse_signature  # type: ignore[import-untyped]

    def arguments(signature: str, direction: str = "") -> str:
        said = f' direction="{direction}"' if direction else ""
        left, found = list(signature), []
        while left:
            before = len(left)
            parse_signature(left)
            found.append(signature[len(signature) - before : len(signature) - len(left)])
        return "".join(f"<arg type={quoteattr(one)}{said}/>" for one in found)

    def methods(table: Mapping[str, Method]) -> str:
        return "".join(
            f"<method name={quoteattr(name)}>{arguments(one.takes, 'in')}{arguments(one.gives, 'out')}</method>"
            for name, one in table.items()
        )

    own = methods(exported.methods)
    own += "".join(
        f'<property name={quoteattr(name)} type={quoteattr(signature)} access="read"/>'
        for name, (signature, _) in exported.properties.items()
    )
    own += "".join(
        f"<signal name={quoteattr(name)}>{arguments(what)}</signal>" for name, what in exported.signals.items()
    )
    interfaces = {exported.interface: own, **{name: methods(table) for name, table in _standard(exported).items()}}
    inside = "".join(f"<interface name={quoteattr(name)}>{text}</interface>" for name, text in interfaces.items())
    return f"{HEAD}<node>{inside}</node>"
