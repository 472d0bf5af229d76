"""go.mod: replacements, the standard library, go.sum, and whose file it is."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.go_mod import SAMPLES

from vigie.sources.packages.readers.go_mod import READER

TODAY, OLD = SAMPLES[0][0], SAMPLES[1][0]


def names(text: str, **beside: str) -> list[str]:
    found = read_one(READER, {"go.mod": text, **beside})
    assert found.problems == []
    return [f"{p.component.name} {p.component.version}" for p in found.packages]


def test_a_module_keeps_its_own_spelling_and_its_line() -> None:
    found = by_name(read_one(READER, TODAY))
    module = found["example.org/Demo/v2"]
    assert module.component.purl == "pkg:golang/example.org/demo/v2@v2.1.0"
    assert (module.location.start_line, module.component.direct) == (7, True)
    assert found["example.org/text"].component.direct is False
    assert found["example.org/better/fork"].location.start_line == 10


def test_a_replacement_of_another_version_changes_nothing() -> None:
    text = "module m\ngo 1.20\nrequire a.b/c v1.0.0\nreplace a.b/c v1.1.0 => d.e/f v9.0.0\n"
    assert names(text) == ["a.b/c v1.0.0"]
    assert names(text.replace("a.b/c v1.1.0 =>", "a.b/c =>")) == ["d.e/f v9.0.0"]


@pytest.mark.parametrize("folder", ["./x", "../x", "/x", ".", "..", "C:/x", "..\\x"])
def test_a_folder_in_its_place_is_the_project_itself(folder: str) -> None:
    text = f"module m\ngo 1.20\nrequire a.b/c v1.0.0\nreplace a.b/c => {folder}\n"
    assert names(text) == []


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        ("go 1.20\ntoolchain go1.22.4", "1.22.4"),
        ("go 1.22.1", "1.22.1"),
        ("go 1.22.1\ntoolchain go1.22.4", "1.22.4"),
        ("go 1.22", ""),
        ("go 1.22.1\ntoolchain default", "1.22.1"),
        ("go 1.20.3", ""),
        ("", ""),
    ],
)
def test_the_standard_library_is_known_when_its_release_is(lines: str, version: str) -> None:
    assert names(f"module m\n{lines}\n") == ([f"stdlib {version}"] if version else [])


def test_an_older_file_is_completed_by_its_sums() -> None:
    found = by_name(read_one(READER, OLD))
    assert found["example.org/below"].component.direct is False
    assert found["example.org/below"].component.version == "v0.10.0"
    assert "example.org/unused" not in found


def test_a_newer_file_is_complete_without_its_sums() -> None:
    text = OLD["go.mod"].replace("1.15", "1.17")
    assert names(text, **{"go.sum": OLD["go.sum"]}) == ["example.org/demo v1.0.0"]


@pytest.mark.parametrize("path", ["root/go/pkg/mod/a.b/c@v1.0.0/go.mod", "usr/go/src/x/go.mod"])
def test_files_of_the_cache_and_of_go_itself_speak_for_others(path: str) -> None:
    text = "module m\ngo 1.20\nrequire a.b/c v1.0.0\n"
    assert read_one(READER, {path: text, "usr/go/VERSION": "go1.22"}).packages == []
    assert len(read_one(READER, {"home/go/src/x/go.mod": text}).packages) == 1


@pytest.mark.parametrize("line", ["<html>", "require a", "replace a => ", "exclude a", "x" * 20000])
def test_another_file_is_refused(line: str) -> None:
    found = read_one(READER, {"go.mod": f"module m\n{line}\n"})
    assert (found.packages, len(found.problems)) == ([], 1)
