"""``config set`` changes one value and nothing else: comments, order and line ends stay as the person wrote them."""

import stat
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.config import check, edit, load, template
from gamedetectd.config.edit import edited, set_option
from gamedetectd.config.schema import options
from gamedetectd.errors import SettingsError
from gamedetectd.paths import Paths


@pytest.fixture
def paths(tmp_path):
    return Paths.below(tmp_path / "home")


def written(paths, text):
    paths.config.mkdir(parents=True, mode=0o700)
    paths.settings_file.write_bytes(text.encode())
    paths.settings_file.chmod(0o600)


CASES = {
    "a value is replaced and its comment stays": (
        "# mine\n[watch]\npoll_interval = 1.0  # fast\nidle_after = 60\n",
        "# mine\n[watch]\npoll_interval = 2.5  # fast\nidle_after = 60\n",
    ),
    "a list over several lines is replaced as a whole": (
        '[privacy]\nprivate_titles = [\n  "a", # one\n  "b",\n]\n[watch]\n',
        '[privacy]\nprivate_titles = [\n  "a", # one\n  "b",\n]\n[watch]\npoll_interval = 2.5\n',
    ),
    "below its commented default": (
        "[watch]\n# how often\n#poll_interval = 1.0\n\n[tray]\n#poll_interval = 7\n",
        "[watch]\n# how often\n#poll_interval = 1.0\npoll_interval = 2.5\n\n[tray]\n#poll_interval = 7\n",
    ),
    "at the beginning of its section": (
        "[watch]  # here\nidle_after = 60", "[watch]  # here\npoll_interval = 2.5\nidle_after = 60",
    ),
    "into a section that ends the file without a line end": ("[watch]", "[watch]\npoll_interval = 2.5\n"),
    "into an inline table": ("watch = { idle_after = 60 }\n", "watch = { poll_interval = 2.5, idle_after = 60 }\n"),
    "into an empty inline table": ("watch = {}\n", "watch = { poll_interval = 2.5}\n"),
    "in an inline table": ("watch = { poll_interval = 1 }\n", "watch = { poll_interval = 2.5 }\n"),
    "beside dotted keys": ("watch.idle_after = 60\n", "watch.idle_after = 60\nwatch.poll_interval = 2.5\n"),
    "a section more": ("[tray]\nenabled = false\n", "[tray]\nenabled = false\n\n[watch]\npoll_interval = 2.5\n"),
    "a section more after a file without a line end": (
        "[tray]\nenabled = false", "[tray]\nenabled = false\n\n[watch]\npoll_interval = 2.5\n",
    ),
    "into nothing": ("", "[watch]\npoll_interval = 2.5\n"),
    "with the line ends of Windows": (
        "[watch]\r\nidle_after = 60\r\n", "[watch]\r\npoll_interval = 2.5\r\nidle_after = 60\r\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_only_the_value_changes(before, after):
    assert edited(before, options()["watch.poll_interval"], "2.5") == after
    assert check(after, {}) == []


@pytest.mark.parametrize("name", options())
def test_every_option_can_be_set_to_its_example_in_the_template(name):
    option = options()[name]
    import msgspec

    text = edited(template(), option, msgspec.json.encode(option.example).decode())
    assert tomllib.loads(text)[option.section] == {option.key: option.example}


@given(st.lists(st.sampled_from(list(options())), max_size=8))
def test_setting_one_after_the_other_keeps_all_of_them(names):
    import msgspec

    text = ""
    for name in names:
        text = edited(text, options()[name], msgspec.json.encode(options()[name].example).decode())
    tables = tomllib.loads(text)
    assert {f"{section}.{key}" for section, table in tables.items() for key in table} == set(names)


def test_what_is_said_is_in_force_afterwards_and_private(paths):
    assert set_option(paths, "notifications.mode", "all") == "all"
    assert set_option(paths, "tray.enabled", "false") is False
    assert set_option(paths, "privacy.private_titles", "*bank*, keepassxc") == ("*bank*", "keepassxc")
    settings = load(paths, {})
    assert settings.notifications.mode == "all"
    assert settings.tray.enabled is False
    assert settings.privacy.private_titles == ("*bank*", "keepassxc")
    assert "# What you are told of" in paths.settings_file.read_text(), "the new file explains every option"
    if sys.platform != "win32":
        assert stat.S_IMODE(paths.settings_file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("watch.poll_interval", "soon", "must be a number from 0.2 to 10"),
        ("notifications.mode", "some", 'must be one of "all", "problems", "none"'),
        ("general.language", "x" * 50, "must be a text"),
        ("general.language", "\udc80", "must be a text"),
        ("watch.pol_interval", "2", "Did you mean watch.poll_interval?"),
        ("zzz", "2", "config show"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(paths, name, said, told):
    with pytest.raises(SettingsError) as refused:
        set_option(paths, name, said)
    assert told in str(refused.value)
    assert not paths.settings_file.exists()


@pytest.mark.parametrize(
    "text", ["[watch\n", "[watch]\npoll_interval = 'x'\n", "\0"], ids=["no TOML", "another option wrong", "no text"]
)
def test_a_file_that_is_wrong_already_is_left_alone(paths, text):
    written(paths, text)
    with pytest.raises(SettingsError):
        set_option(paths, "tray.enabled", "false")
    assert paths.settings_file.read_bytes() == text.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="links need privileges there")
def test_a_link_stays_a_link_and_its_file_changes(paths, tmp_path):
    target = tmp_path / "dotfiles.toml"
    target.write_text("[tray]\nenabled = true\n")
    target.chmod(0o600)
    paths.config.mkdir(parents=True, mode=0o700)
    paths.settings_file.symlink_to(target)
    set_option(paths, "tray.enabled", "false")
    assert paths.settings_file.is_symlink()
    assert target.read_text() == "[tray]\nenabled = false\n"


def test_a_disk_that_is_full_is_told_and_the_file_stays(paths, monkeypatch):
    written(paths, "[tray]\nenabled = true\n")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(edit, "write_private_atomic", full)
    with pytest.raises(SettingsError, match="cannot be written: No space left"):
        set_option(paths, "tray.enabled", "false")
    assert paths.settings_file.read_text() == "[tray]\nenabled = true\n"
