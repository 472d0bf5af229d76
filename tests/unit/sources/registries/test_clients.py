"""Registries, asked through clients that stand in for the real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.stand_ins import write_program

from vigie.sources.registries import clients
from vigie.sources.registries.clients import REGISTRIES, Pip

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """`put("pip", out, err, code)`: the only program there is; it keeps its arguments."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(clients, "_KNOWN", {})

    def write(name: str, out: str = "", err: str = "", code: int = 0) -> Path:
        log = tmp_path / f"{name}.log"
        script = (
            f"import sys\nopen({str(log)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
            f"sys.stdout.write({out!r})\nsys.stderr.write({err!r})\nsys.exit({code})"
        )
        write_program(tmp_path / "bin" / name, script)
        return log

    return write


@pytest.mark.parametrize(
    ("type_", "program", "out", "known"),
    [
        ("pypi", "pip", "six (1.16.0)\nAvailable versions: 1.16.0, 1.15.0\n", ("1.16.0", "1.15.0")),
        ("npm", "npm", '["1.0.0", "1.1.0"]', ("1.0.0", "1.1.0")),
        ("npm", "npm", '"1.0.0"', ("1.0.0",)),
        ("golang", "go", "example.org/x v1.0.0 v1.1.0\n", ("v1.0.0", "v1.1.0")),
    ],
)
def test_versions_are_listed_and_asked_for_once(
    put: Put, type_: str, program: str, out: str, known: tuple[str, ...]
) -> None:
    log = put(program, out)
    registry = REGISTRIES[type_]
    assert registry.versions("example.org/x") == known
    assert registry.has("example.org/x", known[0].removeprefix("v")) is True
    assert registry.has("example.org/x", "9.9.9") is False
    assert len(log.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("type_", "program", "err"),
    [
        ("pypi", "pip", "ERROR: No matching distribution found for x"),
        ("npm", "npm", "npm error code E404"),
    ],
)
def test_a_package_that_is_not_there_has_no_versions(
    put: Put, type_: str, program: str, err: str
) -> None:
    put(program, err=err, code=1)
    assert REGISTRIES[type_].versions("x") == ()
    assert REGISTRIES[type_].has("x", "1") is False


@pytest.mark.parametrize(
    ("type_", "program", "err"),
    [
        ("pypi", "pip", "WARNING: Retrying…\nERROR: No matching distribution found for x"),
        ("pypi", "pip", "ERROR: unknown command index"),
        ("npm", "npm", "npm error code ENOTFOUND"),
        ("golang", "go", "dial tcp: lookup proxy: no such host"),
        ("cargo", "cargo", "error: failed to download"),
        ("maven", "mvn", "Could not transfer artifact"),
    ],
)
def test_without_a_network_nobody_knows(put: Put, type_: str, program: str, err: str) -> None:
    put(program, err=err, code=1)
    assert REGISTRIES[type_].versions("g:x") is None
    assert REGISTRIES[type_].has("g:x", "1.0") is None


def test_without_the_client_nobody_knows(put: Put) -> None:
    put("other")
    for registry in REGISTRIES.values():
        assert registry.versions("g:x") is None
        assert registry.has("g:x", "1.0") is None


def test_cargo_and_maven_know_single_versions(put: Put) -> None:
    log = put("cargo", "version: 1.0.0")
    assert REGISTRIES["cargo"].has("time", "1.0.0") is True
    assert log.read_text().strip() == "info --quiet time@1.0.0"
    put("cargo", err="error: could not find `time@9` in registry", code=101)
    assert REGISTRIES["cargo"].has("time", "9.0.0") is False
    log = put("mvn")
    assert REGISTRIES["maven"].has("g:a", "1.0") is True
    assert "-Dartifact=g:a:1.0:pom" in log.read_text()
    put(
        "mvn",
        out="g:a:pom:9 was not found in https://repo.example during a previous attempt",
        code=1,
    )
    assert REGISTRIES["maven"].has("g:a", "9") is False
    put("mvn", out="Could not find artifact g:a:pom:9", code=1)
    assert REGISTRIES["maven"].has("g:a", "9") is False


@pytest.mark.parametrize("name", ["-e", "--index-url=https://x", "a b", "", "a;b", "$(x)", "a\nb"])
def test_a_name_that_is_none_reaches_no_client(put: Put, name: str) -> None:
    logs = [put(program) for program in ("pip", "npm", "go", "cargo", "mvn", "uv")]
    for registry in REGISTRIES.values():
        assert registry.versions(name) is None
        assert registry.has(name, "1.0") is None
        assert registry.has("fine", name) in (None, False)
    assert Pip().hashes(name, "1.0") == ()
    assert Pip().hashes("fine", name) == ()
    called = "".join(log.read_text() for log in logs if log.exists())
    assert not name or name not in called


def test_hashes_are_those_of_every_file(put: Put) -> None:
    one, two = "a" * 64, "b" * 64
    log = put("uv", f"six==1.16.0 \\\n    --hash=sha256:{one} \\\n    --hash=sha256:{two}\n")
    assert Pip().hashes("six", "1.16.0") == (f"sha256:{one}", f"sha256:{two}")
    assert "--no-build" in log.read_text()
    put("uv", code=1)
    assert Pip().hashes("six", "1.16.0") == ()
