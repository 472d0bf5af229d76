"""Gradle's lock files: what runs, what builds, and other files."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.gradle_lock import SAMPLES

from vigie.model.inventory import Scope
from vigie.sources.packages.readers.gradle_lock import READER


def test_scopes_are_those_of_the_configurations() -> None:
    found = by_name(read_one(READER, SAMPLES[0][0]))
    assert found["org.demo:core"].scope is Scope.RUNTIME
    assert found["org.demo:checks"].scope is Scope.DEVELOPMENT
    assert found["org.demo:plug"].scope is Scope.DEVELOPMENT
    assert found["org.demo:core"].location.start_line == 2
    old = by_name(read_one(READER, SAMPLES[1][0]))
    assert old["org.demo:core"].scope is Scope.RUNTIME


@pytest.mark.parametrize(
    ("configurations", "scope"),
    [
        ("compileClasspath, runtimeClasspath", Scope.RUNTIME),
        ("compileClasspath", Scope.UNKNOWN),
        ("debugUnitTestRuntimeClasspath", Scope.DEVELOPMENT),
        ("", Scope.UNKNOWN),
    ],
)
def test_configurations(configurations: str, scope: Scope) -> None:
    found = read_one(READER, {"gradle.lockfile": f"g:a:1={configurations}\n"})
    assert found.packages[0].scope is scope


@pytest.mark.parametrize("line", ["<html>", "a:b=x", "a::1=x"])
def test_another_file_is_refused(line: str) -> None:
    found = read_one(READER, {"gradle.lockfile": line})
    assert (found.packages, len(found.problems)) == ([], 1)
