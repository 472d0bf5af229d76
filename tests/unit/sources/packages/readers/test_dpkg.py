"""dpkg: source packages, states, and records that are not as dpkg writes them."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.dpkg import SAMPLES

from vigie.model.runs import ProblemCode
from vigie.sources.packages.readers.dpkg import READER

STATUS = "var/lib/dpkg/status"


def record(name: str, state: str = "install ok installed", extra: str = "") -> str:
    return f"Package: {name}\nStatus: {state}\nVersion: 1-1\nArchitecture: amd64\n{extra}\n"


def test_the_source_package_is_named_with_its_own_version() -> None:
    tree = SAMPLES[0][0]
    component = by_name(read_one(READER, tree))["libdemo1"].component
    assert (component.source_name, component.source_version) == ("demo", "1.2-3")
    assert component.purl == (
        "pkg:deb/debian/libdemo1@1.2-3%2Bb1?arch=amd64&distro=debian-12&upstream=demo%401.2-3"
    )
    assert component.distro == "debian-12"


def test_a_source_of_the_same_version_is_named_alone() -> None:
    found = by_name(read_one(READER, SAMPLES[0][0]))
    assert found["demo-data"].component.purl.endswith("&upstream=demo")
    assert found["held"].component.purl.endswith("distro=debian-12")
    assert found["held"].component.source_name == "held"
    assert found["held"].component.source_version == "2~rc1-1"


def test_what_it_needs_is_named_with_the_first_alternative() -> None:
    package = by_name(read_one(READER, SAMPLES[0][0]))["libdemo1"]
    assert package.requires == ("libc6", "demo-data")
    assert package.location.start_line == 1


@pytest.mark.parametrize("state", ["unpacked", "half-configured", "half-installed"])
def test_what_is_half_installed_is_there_and_told(state: str) -> None:
    found = read_one(READER, {STATUS: record("a", f"install reinstreq {state}") + record("b")})
    assert list(by_name(found)) == ["a", "b"]
    assert [(p.code, p.message.params["names"]) for p in found.problems] == [
        (ProblemCode.NOTE, "a")
    ]


@pytest.mark.parametrize("state", ["not-installed", "config-files"])
def test_what_was_removed_is_not_there(state: str) -> None:
    found = read_one(READER, {STATUS: record("a", f"deinstall ok {state}")})
    assert (found.packages, found.problems) == ([], [])


def test_a_package_that_is_to_be_removed_is_still_there() -> None:
    assert list(by_name(read_one(READER, {STATUS: record("a", "deinstall ok installed")}))) == ["a"]


def test_an_unknown_state_is_there_and_makes_it_partial() -> None:
    found = read_one(READER, {STATUS: record("a", "install ok sleeping")})
    assert list(by_name(found)) == ["a"]
    assert [p.code for p in found.problems] == [ProblemCode.RECORD]


def test_lines_that_are_no_fields_are_told_by_their_number() -> None:
    found = read_one(READER, {STATUS: record("a") + "???\n" + record("b")})
    assert list(by_name(found)) == ["a", "b"]
    assert [p.message.params["line"] for p in found.problems] == [6]


def test_a_record_without_a_version_is_told() -> None:
    found = read_one(READER, {STATUS: "Package: a\nStatus: install ok installed\n"})
    assert found.packages == []
    assert [p.code for p in found.problems] == [ProblemCode.RECORD]


def test_without_os_release_it_is_debian_of_no_release() -> None:
    component = read_one(READER, {STATUS: record("a")}).packages[0].component
    assert component.purl == "pkg:deb/debian/a@1-1?arch=amd64"
    assert component.distro == ""


def test_another_vendor_is_named() -> None:
    tree = {"etc/os-release": "ID=ubuntu\nVERSION_ID=22.04\n", STATUS: record("a")}
    component = read_one(READER, tree).packages[0].component
    assert component.purl == "pkg:deb/ubuntu/a@1-1?arch=amd64&distro=ubuntu-22.04"
