"""The desktop's portal with screen casts, as its documentation has it, on a private bus; GNOME's own is in
``real_portal``. And a ``gst-launch-1.0`` that has a picture.
"""

import array
import os
import socket
import sys

from fake_compositors import Service

from gamedetectd.platforms.capture import cast, cast_tokens

GST = """#!{python}
import os, sys, time
said = {said!r}
sys.stdout.write(said)
sys.stdout.flush()
remote = next(int(one[3:]) for one in sys.argv if one.startswith("fd="))
os.fstat(remote)
picture = [int(one[3:]) for one in sys.argv if one.startswith("fd=")][-1]
data = bytes.fromhex({pixel!r}) * {count} + bytes({more})
while data:
    data = data[os.write(picture, data):]
time.sleep({seconds})
"""
CAPS = (
    "/GstPipeline:pipeline0/GstFdSink:fdsink0.GstPad:sink: caps = video/x-raw, width=(int){width},"
    " height=(int){height}, framerate=(fraction)0/1, format=(string)BGRx\n"
)


def fake_gst(folder, size=(640, 480), *, pixel="00ff0000", said=None, count=None, more=0, seconds=0):
    """Puts a program into ``folder`` whose one picture is of that colour; its path."""
    width, height = size
    program = folder / "gst-launch-1.0"
    told = CAPS.format(width=width, height=height) if said is None else said
    pixels = width * height if count is None else count
    program.write_text(
        GST.format(python=sys.executable, said=told, pixel=pixel, count=pixels, more=more, seconds=seconds)
    )
    program.chmod(0o755)
    return program


class FakePortal(Service):
    """``tokens`` are those that the permission store knows, each with the applications that it is for; ``answer`` is
    the response to Start, None for a dialog that nobody answers.
    """

    names = (cast.PORTAL, cast_tokens.STORE)
    descriptors = True

    def __init__(self, bus):
        self.version, self.sources = 4, 7
        self.tokens = {"old": {"": ["allow"]}}
        self.answer = 0
        self.given = "new"
        self.streams = [(42, {"position": ("(ii)", (0, 0)), "size": ("(ii)", (640, 480))})]
        self.options = {}
        self.remotes = 0
        super().__init__(bus)

    def Get(self, call):  # noqa: N802 - the service's own names, here and below
        return "v", ("u", {"version": self.version, "AvailableSourceTypes": self.sources}[call.body[1]])

    def Lookup(self, call):  # noqa: N802
        return "a{sas}v", self.tokens[call.body[1]], ("s", "")

    def Delete(self, call):  # noqa: N802
        del self.tokens[call.body[1]]
        return ("",)

    def CreateSession(self, call):  # noqa: N802
        self.session = self._place(call, "session", call.body[0]["session_handle_token"][1])
        return self._answered(call, 0, {"session_handle": ("s", self.session)})

    def SelectSources(self, call):  # noqa: N802
        return self._answered(call, 0, {})

    def Start(self, call):  # noqa: N802
        token = {"restore_token": ("s", self.given)} if self.given else {}
        return self._answered(call, self.answer, {"streams": ("a(ua{sv})", self.streams), **token})

    def Close(self, _call):  # noqa: N802
        return ("",)

    def OpenPipeWireRemote(self, call):  # noqa: N802
        """Answered by hand, as an open file goes along."""
        from jeepney import new_method_return

        self.remotes += 1
        ours, theirs = socket.socketpair()
        files = array.array("i")
        data = new_method_return(call, "h", (theirs.fileno(),)).serialise(serial=90_000 + self.remotes, fds=files)
        self.bus._socket.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
        ours.close()
        theirs.close()

    def close_session(self):
        """As when the person stops it in the panel."""
        self.bus.emit(self.session, cast.SESSION, "Closed")

    def _answer(self, call):
        from jeepney import HeaderFields

        method = call.header.fields[HeaderFields.member]
        if method == "Lookup" and call.body[1] not in self.tokens:
            self.asked.append(method)
            self.bus.refuse(call, "org.freedesktop.portal.Error.NotFound", "No entry.")
        elif method == "OpenPipeWireRemote":
            self.asked.append(method)
            self.OpenPipeWireRemote(call)
        else:
            super()._answer(call)

    def _answered(self, call, code, results):
        """The response may come before the method's own answer."""
        self.options = call.body[-1]
        request = self._place(call, "request", self.options["handle_token"][1])
        if code is not None:
            self.bus.emit(request, cast.REQUEST, "Response", "ua{sv}", code, results)
        return "o", request

    @staticmethod
    def _place(call, kind, token):
        from jeepney import HeaderFields

        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        return f"{cast.PLACE}/{kind}/{sender}/{token}"


def entry(folder):
    """A search path on which programs of ``folder`` come first."""
    return f"{folder}{os.pathsep}{os.environ['PATH']}"
