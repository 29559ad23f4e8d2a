"""Only this account may change what we act on, and only it may read what we write."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from gamedetectd.config import check_file, load_rules
from gamedetectd.errors import PermissionsError
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import (
    create,
    ensure_private_dir,
    open_private,
    refuse_if_writable_by_others,
    write_private_atomic,
)

if sys.platform == "win32":
    pytest.skip("mode bits say nothing on Windows", allow_module_level=True)

import grp
import pwd

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to act as two accounts")
NOBODY = 65534


def mode(path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@contextmanager
def acting_as(uid):
    """This process as another account, for as long as the block lasts."""
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public():
    """A directory every account can reach, as pytest's own is not."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("")
    file.chmod(0o600)
    return file


class TestRefusal:
    @pytest.mark.parametrize("bits", [0o600, 0o644, 0o400, 0o755])
    def test_a_file_only_we_can_write_is_fine(self, file, bits):
        file.chmod(bits)
        refuse_if_writable_by_others(file)

    @pytest.mark.parametrize("bits", [0o602, 0o666, 0o777])
    def test_a_file_all_can_write_is_refused_and_the_remedy_mends_it(self, file, bits):
        file.chmod(bits)
        with pytest.raises(PermissionsError) as caught:
            refuse_if_writable_by_others(file)
        assert str(file) in caught.value.cause
        command = caught.value.remedy.partition("run: ")[2]
        assert command == f"chmod go-w {file}"
        assert os.system(command) == 0
        refuse_if_writable_by_others(file)

    def test_a_directory_above_that_all_can_write_is_refused(self, tmp_path):
        above = tmp_path / "above"
        (above / "between").mkdir(parents=True)
        file = above / "between" / "rules.toml"
        file.write_text("")
        above.chmod(0o777)
        with pytest.raises(PermissionsError) as caught:
            refuse_if_writable_by_others(file)
        assert caught.value.remedy.endswith(f"chmod go-w {above}")

    def test_a_sticky_directory_above_is_fine(self, tmp_path):
        (tmp_path / "shared").mkdir()
        (tmp_path / "shared").chmod(0o1777)
        file = tmp_path / "shared" / "rules.toml"
        file.write_text("")
        refuse_if_writable_by_others(file)

    def test_what_a_link_leads_through_counts(self, tmp_path):
        open_to_all = tmp_path / "open"
        open_to_all.mkdir()
        (open_to_all / "real.toml").write_text("")
        open_to_all.chmod(0o777)
        link = tmp_path / "settings.toml"
        link.symlink_to(open_to_all / "real.toml")
        with pytest.raises(PermissionsError):
            refuse_if_writable_by_others(link)

    def test_directories_above_the_home_directory_are_not_our_business(self, tmp_path, monkeypatch):
        (tmp_path / "home").mkdir()
        tmp_path.chmod(0o777)
        file = tmp_path / "home" / "rules.toml"
        file.write_text("")
        with pytest.raises(PermissionsError):
            refuse_if_writable_by_others(file)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        refuse_if_writable_by_others(file)

    def test_an_account_without_a_home_is_judged_up_to_the_root(self, file, monkeypatch):
        def unknown(_uid):
            raise KeyError

        monkeypatch.delenv("HOME")
        monkeypatch.setattr(pwd, "getpwuid", unknown)
        refuse_if_writable_by_others(file)

    def test_our_own_private_group_may_write(self, file):
        file.chmod(0o660)
        account = pwd.getpwuid(os.geteuid()).pw_name
        try:
            os.chown(file, -1, grp.getgrnam(account).gr_gid)
        except (KeyError, PermissionError):
            pytest.skip("this account has no group of its own name")
        refuse_if_writable_by_others(file)

    @needs_root
    def test_another_group_may_not(self, file):
        os.chown(file, -1, grp.getgrnam("daemon").gr_gid)
        file.chmod(0o660)
        with pytest.raises(PermissionsError, match="other accounts"):
            refuse_if_writable_by_others(file)

    @needs_root
    @pytest.mark.parametrize("nameless", [54321])
    def test_a_group_or_an_owner_without_a_name_is_somebody_else(self, file, nameless):
        os.chown(file, -1, nameless)
        file.chmod(0o660)
        with pytest.raises(PermissionsError, match="other accounts"):
            refuse_if_writable_by_others(file)
        os.chown(file, nameless, -1)
        with pytest.raises(PermissionsError, match=f"belongs to {nameless}, who could"):
            refuse_if_writable_by_others(file)

    @needs_root
    def test_a_file_of_another_account_is_refused_and_the_remedy_mends_it(self, file):
        os.chown(file, NOBODY, -1)
        with pytest.raises(PermissionsError, match="belongs to nobody, who could change") as caught:
            refuse_if_writable_by_others(file)
        command = caught.value.remedy.partition("run: sudo ")[2]
        assert os.system(command) == 0
        refuse_if_writable_by_others(file)

    @needs_root
    def test_roots_files_may_be_used_by_all(self, public):
        (public / "rules.toml").write_text("")
        (public / "rules.toml").chmod(0o644)
        with acting_as(NOBODY):
            refuse_if_writable_by_others(public / "rules.toml")


class TestSettingsAndRules:
    @pytest.fixture
    def paths(self, tmp_path):
        paths = Paths.below(tmp_path)
        paths.config.mkdir()
        paths.settings_file.write_text("")
        paths.rules_file.write_text("[[rule]]\nkind = 'ignore'\nexecutable = 'x'\n")
        return paths

    def test_files_writable_by_others_are_not_used(self, paths):
        for file in (paths.settings_file, paths.rules_file):
            file.chmod(0o666)
        rules, problems = load_rules(paths.rules_file)
        assert rules == ()
        for problem in (*problems, *check_file(paths, {})):
            assert "is not protected" in problem.message
            assert problem.remedy.startswith("Look at what is in it, then run: chmod go-w ")
        assert len(check_file(paths, {})) == 1

    def test_a_directory_writable_by_others_is_as_bad(self, paths):
        paths.config.chmod(0o777)
        (problem,) = check_file(paths, {})
        assert f"chmod go-w {paths.config}" in problem.remedy

    @needs_root
    def test_a_file_this_account_may_not_read_is_named(self, public):
        paths = Paths.below(public)
        paths.config.mkdir()
        paths.settings_file.write_text("")
        paths.settings_file.chmod(0o600)
        with acting_as(NOBODY):
            (problem,) = check_file(paths, {})
        assert problem.message == "may not be read by this account"


class TestPrivateDirectories:
    def test_every_directory_of_ours_is_made_for_us_alone(self, tmp_path):
        paths = Paths.below(tmp_path / "new" / "home")
        create(paths)
        create(paths)
        for directory in (tmp_path / "new", tmp_path / "new" / "home", *paths.directories):
            assert mode(directory) == 0o700

    def test_one_that_others_can_read_is_closed(self, tmp_path):
        tmp_path.joinpath("state").mkdir()
        tmp_path.joinpath("state").chmod(0o755)
        ensure_private_dir(tmp_path / "state")
        assert mode(tmp_path / "state") == 0o700

    def test_one_that_others_can_write_is_refused_for_something_may_be_in_it(self, tmp_path):
        tmp_path.joinpath("state").mkdir()
        tmp_path.joinpath("state").chmod(0o777)
        with pytest.raises(PermissionsError, match="other accounts"):
            ensure_private_dir(tmp_path / "state")

    def test_a_file_in_its_place_is_an_error(self, tmp_path):
        tmp_path.joinpath("state").write_text("")
        with pytest.raises(FileExistsError):
            ensure_private_dir(tmp_path / "state")

    def test_a_link_of_ours_is_followed(self, tmp_path):
        tmp_path.joinpath("real").mkdir()
        tmp_path.joinpath("state").symlink_to("real")
        ensure_private_dir(tmp_path / "state")
        assert mode(tmp_path / "real") == 0o700

    @needs_root
    def test_what_another_account_put_in_a_shared_place_is_refused(self, public):
        public.chmod(0o1777)
        with acting_as(NOBODY):
            (public / "directory").mkdir(0o777)
            (public / "link").symlink_to(public)
        for name in ("directory", "link"):
            with pytest.raises(PermissionsError, match="belongs to nobody"):
                ensure_private_dir(public / name)
            with pytest.raises(PermissionsError, match="belongs to nobody"):
                ensure_private_dir(public / name / "below")

    @needs_root
    def test_roots_directory_is_used_and_left_as_it_is(self, public):
        with acting_as(NOBODY):
            ensure_private_dir(public)
        assert mode(public) == 0o755


class TestPrivateFiles:
    def test_a_new_file_is_for_us_alone(self, tmp_path):
        old = os.umask(0)
        try:
            os.close(open_private(tmp_path / "journal", os.O_WRONLY | os.O_CREAT))
        finally:
            os.umask(old)
        assert mode(tmp_path / "journal") == 0o600

    def test_one_that_others_can_read_is_closed_and_its_content_kept(self, file):
        file.write_text("kept")
        file.chmod(0o644)
        descriptor = open_private(file, os.O_RDONLY)
        assert os.read(descriptor, 10) == b"kept"
        assert not os.get_inheritable(descriptor)
        os.close(descriptor)
        assert mode(file) == 0o600

    def test_a_link_is_never_written_through(self, tmp_path, file):
        file.write_text("precious")
        (tmp_path / "log").symlink_to(file)
        with pytest.raises(PermissionsError, match="is a symbolic link"):
            open_private(tmp_path / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        assert file.read_text() == "precious"

    def test_what_others_can_write_is_refused(self, file):
        file.chmod(0o666)
        with pytest.raises(PermissionsError, match="other accounts"):
            open_private(file, os.O_WRONLY)

    @pytest.mark.timeout(10)
    def test_a_named_pipe_is_refused_without_waiting(self, tmp_path):
        os.mkfifo(tmp_path / "pipe", 0o600)
        with pytest.raises(PermissionsError, match="not a regular file"):
            open_private(tmp_path / "pipe", os.O_RDONLY)

    def test_what_cannot_be_opened_is_the_systems_error(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            open_private(tmp_path / "missing", os.O_RDONLY)

    @needs_root
    def test_another_accounts_file_is_refused(self, public):
        public.chmod(0o1777)
        with acting_as(NOBODY):
            (public / "journal").write_text("")
        with pytest.raises(PermissionsError, match="belongs to nobody"):
            open_private(public / "journal", os.O_RDWR)

    @needs_root
    def test_roots_file_is_opened_and_left_as_it_is(self, public):
        (public / "rules").write_text("")
        (public / "rules").chmod(0o644)
        with acting_as(NOBODY):
            os.close(open_private(public / "rules", os.O_RDONLY))
        assert mode(public / "rules") == 0o644


class TestAtomicWriting:
    def test_the_file_is_replaced_and_private_and_nothing_is_left_beside(self, tmp_path, file):
        file.write_text("old")
        file.chmod(0o644)
        write_private_atomic(file, b"new")
        assert file.read_bytes() == b"new"
        assert mode(file) == 0o600
        assert list(tmp_path.iterdir()) == [file]

    def test_a_link_is_replaced_not_written_through(self, tmp_path, file):
        (tmp_path / "link").symlink_to(file)
        write_private_atomic(tmp_path / "link", b"new")
        assert file.read_bytes() == b""
        assert (tmp_path / "link").read_bytes() == b"new"

    def test_a_full_disk_leaves_the_old_file_and_nothing_beside(self, tmp_path, file):
        resource = pytest.importorskip("resource")
        signal = pytest.importorskip("signal")
        file.write_text("old")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))  # refuses like a full disk, for this process alone
        try:
            with pytest.raises(OSError, match="too large"):
                write_private_atomic(file, b"x" * 100_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, handler)
        assert file.read_text() == "old"
        assert list(tmp_path.iterdir()) == [file]

    def test_a_directory_in_the_way_is_an_error_and_nothing_is_left_beside(self, tmp_path):
        (tmp_path / "settings.toml").mkdir()
        with pytest.raises(IsADirectoryError):
            write_private_atomic(tmp_path / "settings.toml", b"new")
        assert [entry.name for entry in tmp_path.iterdir()] == ["settings.toml"]


def test_on_windows_modes_are_not_asked(tmp_path, file, monkeypatch):
    """What can be tried of it here: no check refuses anything. The real thing runs under Wine."""
    file.chmod(0o666)
    tmp_path.chmod(0o777)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        refuse_if_writable_by_others(file)
        ensure_private_dir(tmp_path)
        os.close(open_private(file, os.O_RDONLY))
        write_private_atomic(tmp_path / "new", b"x")
    assert mode(tmp_path) == 0o777
    tmp_path.chmod(0o700)
