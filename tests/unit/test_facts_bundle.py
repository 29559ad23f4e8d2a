"""What a macOS application says of itself."""

import plistlib

import pytest
from facts_samples import chain
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import Bundle
from gamedetectd.facts.bundle import BundleSource, parse_bundle

GAMES = "public.app-category.games"


def application(directory, **keys):
    (directory / "Contents" / "MacOS").mkdir(parents=True)
    (directory / "Contents" / "Info.plist").write_bytes(plistlib.dumps(keys))
    return str(directory / "Contents" / "MacOS" / directory.stem)


@pytest.mark.parametrize(
    ("keys", "bundle"),
    [
        (
            {"CFBundleDisplayName": "Doom", "CFBundleName": "d", "LSApplicationCategoryType": GAMES},
            Bundle("Doom", GAMES),
        ),
        ({"CFBundleName": "d\no\0o\tm "}, Bundle("d o o m", "")),
        ({"LSApplicationCategoryType": GAMES}, Bundle("", GAMES)),
        ({"CFBundleName": ["no", "text"], "LSApplicationCategoryType": 7}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("kind", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_a_property_list_says(keys, bundle, kind):
    if "\0" in str(keys.get("CFBundleName")) and kind is plistlib.FMT_XML:
        keys = {**keys, "CFBundleName": "d\no o\tm"}
    assert parse_bundle(plistlib.dumps(keys, fmt=kind)) == bundle


def test_an_application_is_found_around_its_executable(tmp_path):
    exe = application(tmp_path / "Doom.app", CFBundleName="Doom", LSApplicationCategoryType=GAMES)
    assert BundleSource().gather(chain((exe,))).bundle == Bundle("Doom", GAMES)


def test_a_helper_belongs_to_the_application_around_it(tmp_path):
    application(tmp_path / "Doom.app", CFBundleName="Doom")
    helper = application(tmp_path / "Doom.app" / "Contents" / "Frameworks" / "Helper.app", CFBundleName="Doom Helper")
    assert BundleSource().gather(chain((helper,))).bundle == Bundle("Doom")


def test_an_outer_directory_without_a_list_is_passed_over(tmp_path):
    inner = application(tmp_path / "Outer.app" / "Wrapper" / "Inner.app", CFBundleName="Inner")
    assert BundleSource().gather(chain((inner,))).bundle == Bundle("Inner")


def test_elsewhere_there_is_no_bundle(tmp_path):
    facts = chain((str(tmp_path / "game"),))
    assert BundleSource().gather(facts) is facts
    (tmp_path / "Empty.app" / "Contents").mkdir(parents=True)
    (tmp_path / "Empty.app" / "Contents" / "Info.plist").write_bytes(b"")
    assert BundleSource().gather(chain((str(tmp_path / "Empty.app" / "x"),))).bundle is None


def test_a_list_of_something_else_is_no_bundle():
    assert parse_bundle(plistlib.dumps(["CFBundleName"])) is None


@given(st.binary(max_size=300))
def test_no_list_is_too_broken(content):
    parse_bundle(content)
    parse_bundle(b"bplist00" + content)
    parse_bundle(b'<?xml version="1.0"?><plist version="1.0"><dict>' + content)


@pytest.mark.parametrize("tag", ["date", "integer", "real", "data", "key", "true", "dict", "unknown"])
def test_elements_with_nonsense_in_them_are_no_bundle(tag):
    text = f'<?xml version="1.0"?><plist version="1.0"><dict><key>CFBundleName</key><{tag}>?!</{tag}></dict></plist>'
    assert parse_bundle(text.encode()) is None
