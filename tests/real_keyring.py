"""A real Secret Service for tests: gnome-keyring on a bus and with files of its own."""

import os
import subprocess

from real_programs import end, eventually, find_program

PASSWORD = "the keyring's own password"


class RealKeyring:
    """gnome-keyring's daemon on ``bus``, which must be running; ``start`` after ``stop`` finds what was kept."""

    def __init__(self, bus, folder):
        self.env = {
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "share"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
        }
        for place in ("share", "run"):
            (folder / place).mkdir(mode=0o700, parents=True)
        self._process = None

    def start(self, *, unlocked=True):
        """Make or open the login keyring with ``PASSWORD``, or leave it locked."""
        program = find_program("gnome-keyring-daemon")
        command = [program, "--foreground", "--components=secrets", *(["--unlock"] if unlocked else ["--start"])]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(
            command, env={**os.environ, **self.env}, stdin=subprocess.PIPE, start_new_session=True, **quiet
        )
        self._process.stdin.write(PASSWORD.encode() if unlocked else b"")
        self._process.stdin.close()
        eventually(lambda: self._is_there(unlocked), 10, "the Secret Service")
        return self

    def _is_there(self, unlocked):
        with self._connection() as connection:
            import secretstorage

            if not secretstorage.check_service_availability(connection):
                return False
            try:
                return not unlocked or not secretstorage.Collection(connection).is_locked()
            except secretstorage.ItemNotFoundException:
                return False

    def _connection(self):
        from contextlib import closing

        from jeepney.io.blocking import open_dbus_connection

        return closing(open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"]))

    def lock(self):
        import secretstorage

        with self._connection() as connection:
            secretstorage.Collection(connection).lock()

    def items(self):
        """Everything that is kept: the attributes and the value of each."""
        import secretstorage

        with self._connection() as connection:
            found = secretstorage.Collection(connection).get_all_items()
            return [(item.get_attributes(), item.get_secret().decode()) for item in found]

    def freeze(self, signal_number):
        """Stop or continue it, as a program that hangs."""
        os.kill(self._process.pid, signal_number)

    def stop(self):
        if self._process is not None:
            end(self._process)
            self._process = None
