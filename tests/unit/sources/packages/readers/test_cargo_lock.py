"""Cargo.lock: what is direct, git sources, names that need a version, and other files."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.cargo_lock import SAMPLES

from vigie.sources.packages.readers.cargo_lock import READER

FOURTH = SAMPLES[1][0]


def test_what_the_project_asks_for_is_direct() -> None:
    packages = read_one(READER, FOURTH).packages
    assert [(p.component.name, p.component.version, p.component.direct) for p in packages] == [
        ("demo", "1.0.0", False),
        ("demo", "2.0.0", True),
        ("forked", "0.3.0", True),
    ]
    assert by_name(read_one(READER, SAMPLES[0][0]))["demo"].component.direct is True


def test_a_dependency_is_named_by_its_url_and_each_package_by_its_line() -> None:
    packages = read_one(READER, FOURTH).packages
    assert packages[1].requires == ("pkg:cargo/demo@1.0.0",)
    assert [p.location.start_line for p in packages] == [13, 18, 25]


def test_a_git_source_is_told_with_its_commit() -> None:
    purl = by_name(read_one(READER, FOURTH))["forked"].component.purl
    assert purl == (
        "pkg:cargo/forked@0.3.0?vcs_url=git%2Bhttps://git.demo.example/forked%400123456789abcdef"
    )


def test_the_cache_of_cargo_speaks_for_others() -> None:
    path = "root/.cargo/registry/src/index-0/demo-1.0.0/Cargo.lock"
    assert read_one(READER, {path: FOURTH["Cargo.lock"]}).packages == []


@pytest.mark.parametrize("text", ["<html>", "[a]\nb = 1\n", "package = 3\n"])
def test_another_file_is_refused(text: str) -> None:
    found = read_one(READER, {"Cargo.lock": text})
    assert (found.packages, len(found.problems)) == ([], 1)


def test_an_empty_project_has_no_packages() -> None:
    assert read_one(READER, {"Cargo.lock": "version = 4\n"}).problems == []
