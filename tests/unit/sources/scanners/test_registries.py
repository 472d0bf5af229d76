"""A program built from a Go module: from the pinned source only, and from nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.stand_ins import StandIn, write_program

from vigie.model.errors import SourceError, UserError
from vigie.model.text import Text
from vigie.ports.scanners import Command, Installation, Recipe
from vigie.sources.scanners import registries
from vigie.sources.scanners.install import install
from vigie.sources.scanners.locate import locate

PIN = "git.example/acme/tool@v1.2.0"

# Stands in for `go mod download -json` and `go build`.
GO = """
import json, os, sys
words = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps([words, os.getcwd(), dict(os.environ)]) + "\\n")
if words[:2] == ["mod", "download"]:
    print(json.dumps({module!r}))
    sys.exit({module!r}.get("Exit", 0))
assert os.path.isfile("go.mod") and os.access(".", os.W_OK)
place = words[words.index("-o") + 1]
os.makedirs(os.path.dirname(place))
open(place, "w").write("#!/bin/sh\\necho tool 1\\n")
os.chmod(place, 0o755)
"""


class Tool(StandIn):
    def version_command(self, binary: Path) -> Command:
        return Command([str(binary)])

    def read_version(self, output: str) -> Installation | None:
        said = output.split()
        return Installation(Path(), said[1]) if said[:1] == ["tool"] else None


class Workshop:
    """A stand-in for Go and the module it fetches."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.source = folder / "modules" / "tool@v1.2.0"
        self.source.mkdir(parents=True)
        (self.source / "go.mod").write_text("module git.example/acme/tool\n")
        (self.source / "go.mod").chmod(0o444)
        self.source.chmod(0o555)
        self.tool = Tool(name="tool", recipe=Recipe("go", (PIN,), package="cmd/tool"))
        monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setattr(registries, "_hashes", lambda _: {PIN: "h1:good="})

    def go(self, **module: object) -> None:
        said = {"Sum": "h1:good=", "Dir": str(self.source), **module}
        write_program(self.folder / "bin" / "go", GO.format(log=str(self.log), module=said))

    def install(self) -> list[str]:
        steps: list[Text] = []
        install(self.tool, steps.append, self.folder / "scanners")
        return [str(step) for step in steps]

    def calls(self) -> list[tuple[list[str], str, dict[str, str]]]:
        return [tuple(json.loads(line)) for line in self.log.read_text().splitlines()]


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    return Workshop(tmp_path, monkeypatch)


def test_the_program_is_built_from_a_copy_of_the_pinned_source(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=mod -insecure")
    monkeypatch.setenv("GOPROXY", "https://proxy.example")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "not for it")
    workshop.go()
    steps = workshop.install()
    located = locate(workshop.tool, workshop.folder / "scanners")
    assert located is not None and located.own and located.binary.parts[-2:] == ("bin", "tool")
    assert any("some minutes" in step for step in steps)
    (fetched, _, _), (built, place, environment) = workshop.calls()
    assert fetched == ["mod", "download", "-json", PIN]
    assert built[0] == "build" and built[-1] == "./cmd/tool"
    # Only what the module's own go.sum names is taken, whatever the user's settings say.
    assert "-mod=readonly" in built and environment["GOFLAGS"] == ""
    assert environment["GOPROXY"] == "https://proxy.example"
    assert "not for it" not in environment.values()
    assert "-s -w -X main.version=1.2.0" in built
    assert Path(place) != workshop.source and not Path(place).exists()


def test_other_source_than_pinned_is_not_built(workshop: Workshop) -> None:
    workshop.go(Sum="h1:bad=")
    with pytest.raises(SourceError, match="not the ones that were pinned"):
        workshop.install()
    assert len(workshop.calls()) == 1
    assert locate(workshop.tool, workshop.folder / "scanners") is None


def test_what_go_says_of_a_module_it_cannot_get_is_passed_on(workshop: Workshop) -> None:
    workshop.go(Error="no such version", Exit=1)
    with pytest.raises(SourceError, match="no such version"):
        workshop.install()
    workshop.go(Error="verifying module: checksum mismatch", Exit=1)
    with pytest.raises(SourceError, match="not the ones that were pinned"):
        workshop.install()


def test_without_go_that_is_said(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(workshop.folder / "bin"))
    with pytest.raises(UserError, match="Go is not here"):
        workshop.install()
