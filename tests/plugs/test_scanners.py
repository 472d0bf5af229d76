"""The behaviour of the scanner port, over every runner there is, built in or not."""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import pytest

from tests.stand_ins import write_program
from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.runs import ProblemCode
from vigie.ports.scanners import Command, Conditions, Scanner, Target
from vigie.services.targets import resolve_target
from vigie.sources.scanners.contents import DEFAULT_EXCLUDED
from vigie.sources.scanners.process import Ending, execute
from vigie.wiring.plugs import REPORTS, SCANNERS, Plugs

RUNNERS = Plugs(SCANNERS)
NAMES = list(RUNNERS)
every_scanner = pytest.mark.parametrize("name", NAMES)

# What each tool really says when asked for its version, and what is to be read from it.
VERSIONS = Path(__file__).resolve().parent.parent / "golden" / "scanners"

CONDITIONS = Conditions(database_date="2026-01-02T00:00:00Z", excluded=DEFAULT_EXCLUDED)


def scanner_of(name: str) -> Scanner:
    scanner: Scanner = RUNNERS[name]
    return scanner


def pinned(pin: str) -> tuple[str, str]:
    found = re.fullmatch(r"(@?[^@=]+)(?:==|@)(v?\d[\w.]*)", pin)
    assert found, f"{pin} does not name one version"
    return found[1], found[2]


def content_of(name: str) -> str:
    """What lies in a file of the target; it says whether it is one to leave out."""
    said = "left-out" if {"node_modules", "vendor"} & set(Path(name).parts) else "kept"
    if name.endswith("requirements.txt"):
        return f"{said}==1\n"
    if name.endswith(".json"):
        return json.dumps({"name": said, "lockfileVersion": 3})
    return f"FROM {said}\n" if name.endswith("Dockerfile") else "x = 1\n"


@pytest.fixture
def targets(tmp_path: Path) -> dict[str, Target]:
    """One target of each sort. The folder has a name that is left out inside of targets."""
    shop = tmp_path / "vendor" / "my shop"
    for name in ("app/main.py", "Dockerfile", "-x.py", "node_modules/m/x.py", "vendor/Dockerfile",
                 "requirements.txt", "package-lock.json",
                 "vendor/requirements.txt", "node_modules/m/package-lock.json"):  # fmt: skip
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text(content_of(name))
    (tmp_path / "empty").mkdir()
    (tmp_path / "bom.json").write_text('{"bomFormat": "CycloneDX"}')
    with tarfile.open(tmp_path / "image.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("manifest.json"), io.BytesIO(b""))
    return {
        "folder": resolve_target(str(shop)),
        "empty folder": resolve_target(str(tmp_path / "empty")),
        "file": resolve_target(str(shop / "-x.py")),
        "Dockerfile": resolve_target(str(shop / "Dockerfile")),
        "archive": resolve_target(str(tmp_path / "image.tar")),
        "image": resolve_target("alpine:3.19"),
        "sbom": resolve_target(str(tmp_path / "bom.json")),
        "service": resolve_target("http://127.0.0.1:9/shop?a=1,2"),
    }


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account for those that need one, and no database of this machine's own."""
    monkeypatch.setenv("SNYK_TOKEN", "0" * 36)
    monkeypatch.setenv("CLAIR_URL", "https://clair.example")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def commands(
    scanner: Scanner, targets: Iterable[Target], workspace: Path, conditions: Conditions
) -> list[Command]:
    made = [
        scanner.command(Path("/opt/tool"), target, workspace, conditions)
        for target in targets
        if scanner.handles(target)
    ]
    return [command for command in made if command is not None]


@every_scanner
def test_scanner_is_named_after_its_module_and_its_reports_can_be_read(name: str) -> None:
    scanner = scanner_of(name)
    assert scanner.name == name
    assert scanner.label and str(scanner.advice)
    needs = scanner.needs
    assert needs.binary or needs.service or name == "embedded", "a program, but for Vigie's own"
    assert scanner.format in Plugs(REPORTS)
    assert Plugs(REPORTS)[scanner.format].tool == name, "runs must be called as people ask for them"


@every_scanner
def test_recipe_pins_every_package(name: str) -> None:
    recipe = scanner_of(name).recipe
    if recipe is None:
        pytest.skip("not from a registry")
    assert recipe.pins
    for pin in recipe.pins:
        assert ("==" in pin) == (recipe.registry == "pypi")
        pinned(pin)
    shipped = files("vigie.catalog").joinpath("scanners")
    if recipe.registry == "pypi":
        listed = shipped.joinpath(f"{name}.txt").read_text(encoding="utf-8")
        assert re.search(rf"^{re.escape(recipe.pins[0])} ", listed, re.M), "another version"
        packages = re.findall(r"^[\w.\[\]-]+==\S+.*(?:\n .*)*", listed, re.M)
        assert packages and all("--hash=sha256:" in package for package in packages)
    else:
        hashes = json.loads(shipped.joinpath(f"{name}.json").read_text(encoding="utf-8"))
        kind = {"npm": "sha512-", "go": "h1:"}[recipe.registry]
        assert all(hashes[pin].startswith(kind) for pin in recipe.pins)


@every_scanner
def test_something_is_handled_and_something_is_not(name: str, targets: dict[str, Target]) -> None:
    scanner = scanner_of(name)
    assert any(scanner.handles(target) for target in targets.values())
    assert not scanner.handles(Target(AssetKind.ACCOUNT, "aws:1234"))
    assert not scanner.handles(Target(AssetKind.REPOSITORY, "gone"))


@every_scanner
def test_command_line_is_plain_and_writes_into_the_workspace_only(
    name: str, targets: dict[str, Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIGIE_DATA", raising=False)  # the embedded engine is told of it
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    made = commands(scanner_of(name), targets.values(), workspace, CONDITIONS)
    assert made
    for command in made:
        assert command.argv[0] == "/opt/tool"
        assert all(isinstance(word, str) and word for word in command.argv)
        assert command.report is None or command.report.is_relative_to(workspace)
        assert command.clean and command.found
        assert not any(name.startswith("VIGIE_") for name in command.env)


@every_scanner
def test_failure_and_findings_have_different_exit_codes(
    name: str, targets: dict[str, Target], tmp_path: Path
) -> None:
    # A failure is 2, or no report, where findings are 1; those that exit with 0 for everything
    # that went well tell findings in the report only.
    for command in commands(scanner_of(name), targets.values(), tmp_path, CONDITIONS):
        assert not command.clean & command.found or command.clean == command.found == {0}
        assert not command.nothing & (command.clean | command.found)


@every_scanner
def test_same_target_gives_the_same_command(
    name: str, targets: dict[str, Target], tmp_path: Path
) -> None:
    scanner = scanner_of(name)
    first = commands(scanner, targets.values(), tmp_path, CONDITIONS)
    assert first == commands(scanner, targets.values(), tmp_path, CONDITIONS)


@every_scanner
def test_a_file_whose_name_begins_with_a_dash_is_no_option(
    name: str, targets: dict[str, Target], tmp_path: Path
) -> None:
    for command in commands(scanner_of(name), [targets["file"]], tmp_path, CONDITIONS):
        assert "-x.py" not in command.argv


@every_scanner
def test_target_reaches_the_program_as_one_word(
    name: str, targets: dict[str, Target], tmp_path: Path
) -> None:
    """Run for real with a stand-in that keeps its arguments."""
    scanner = scanner_of(name)
    log = tmp_path / "argv"
    program = write_program(
        tmp_path / "bin" / name,
        f"import json, os, sys; json.dump([sys.argv[1:], os.getcwd()], open({str(log)!r}, 'w'))",
    )
    for number, target in enumerate(t for t in targets.values() if scanner.handles(t)):
        workspace = tmp_path / f"workspace{number}"
        workspace.mkdir()
        command = scanner.command(program, target, workspace, CONDITIONS)
        if command is None:
            continue
        assert execute(command, workspace).ending is Ending.EXIT
        argv, cwd = json.loads(log.read_text())
        assert argv == list(command.argv[1:])
        # Alone, behind an option's "=" or a scheme's ":", or as a copy in the workspace.
        words = {word for whole in argv for word in (whole, *re.split(r"[=:]", whole, maxsplit=1))}
        copies = [file.read_text() for file in workspace.rglob("*") if file.is_file()]
        if target.path is None:
            assert target.reference in words or f"{target.reference}\n" in copies
        else:
            named = {Path(cwd, word).resolve() for word in words if not word.startswith("-")}
            copied = any("kept" in copy or "bomFormat" in copy for copy in copies)
            assert copied or any(path.is_relative_to(target.path) for path in named)


@every_scanner
def test_excluded_folders_are_named_but_not_those_above_the_target(
    name: str, targets: dict[str, Target], tmp_path: Path
) -> None:
    scanner = scanner_of(name)
    if not scanner.handles(targets["folder"]):
        pytest.skip("does not look at folders")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    command = scanner.command(Path("/opt/tool"), targets["folder"], workspace, CONDITIONS)
    assert command is not None
    # On the command line, or in a file that was written for it.
    files = (file.read_text() for file in workspace.rglob("*") if file.is_file())
    said = "\n".join([*command.argv, *files])
    told = "node_modules" in said
    never_listed = "./Dockerfile" in said or "kept" in said
    assert told or never_listed
    assert "./vendor/Dockerfile" not in said
    assert "left-out" not in said


@every_scanner
def test_version_is_read_from_what_the_tool_says(name: str) -> None:
    scanner = scanner_of(name)
    sample = json.loads((VERSIONS / f"{name}.json").read_text(encoding="utf-8"))
    found = scanner.read_version(sample["output"])
    assert found is not None
    assert (found.version, found.database_date) == (sample["version"], sample["database_date"])


@every_scanner
@pytest.mark.parametrize("output", ["", "command not found", "{}", "[]", "null", "\x00\xff"])
def test_other_output_is_no_version(name: str, output: str) -> None:
    assert scanner_of(name).read_version(output) is None


@every_scanner
def test_only_a_database_can_be_brought_up_to_date(name: str) -> None:
    scanner = scanner_of(name)
    command = scanner.refresh_command(Path("/opt/tool"))
    # Vigie's own engine gets what a target asks for while it looks at it; a server sees to it
    # itself.
    own = name == "embedded" or bool(scanner.needs.service)
    assert (command is not None) == (scanner.has_database and not own)
    assert scanner.version_command(Path("/opt/tool")).argv[0] == "/opt/tool"


@every_scanner
def test_no_database_is_said(name: str, targets: dict[str, Target], tmp_path: Path) -> None:
    scanner = scanner_of(name)
    for offline in (True, False):
        bare = Conditions(offline=offline, excluded=DEFAULT_EXCLUDED)
        for command in commands(scanner, targets.values(), tmp_path, bare):
            said = any(problem.code is ProblemCode.STALE for problem in command.problems)
            # One that asks a service has a database of its own for a scan offline, or none.
            # Vigie's own engine fetches some first, and says in its report what it had; a server
            # is asked when it has looked.
            late = name == "embedded" or bool(scanner.needs.service)
            assert said or not scanner.has_database or late
            assert offline or not said or scanner.has_database
    for command in commands(scanner, targets.values(), tmp_path, CONDITIONS):
        assert not any(problem.code is ProblemCode.STALE for problem in command.problems)


# -- what is particular to one of them


@pytest.mark.parametrize("name", ["bandit", "hadolint", "npm-audit", "pip-audit"])
def test_a_folder_without_its_files_is_nothing_for_it(
    name: str, targets: dict[str, Target], tmp_path: Path
) -> None:
    empty = targets["empty folder"]
    assert scanner_of(name).command(Path("/x"), empty, tmp_path, CONDITIONS) is None


@pytest.mark.parametrize(
    ("file", "is_one"),
    [
        ("Dockerfile", True),
        ("Dockerfile.web", True),
        ("dockerfile", True),
        ("web.dockerfile", True),
        ("web.Dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile-dev", True),
        ("Dockerfile.dockerignore", False),
        ("Dockerfile.md", False),
        ("dockerfile_parser.py", False),
        ("Dockerfiles", False),
        ("mydockerfile", False),
    ],
)
def test_hadolint_knows_dockerfiles(tmp_path: Path, file: str, is_one: bool) -> None:
    (tmp_path / file).write_text("FROM x\n")
    command = scanner_of("hadolint").command(
        Path("/x"), resolve_target(str(tmp_path)), tmp_path, CONDITIONS
    )
    assert (command is not None and command.argv[-1] == f"./{file}") == is_one


def test_semgrep_reaches_for_no_network_and_takes_own_rules(
    targets: dict[str, Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner = scanner_of("semgrep")
    (ours,) = commands(scanner, [targets["folder"]], tmp_path, CONDITIONS)
    argv = list(ours.argv)
    assert argv[argv.index("--metrics") + 1] == "off"
    assert "--disable-version-check" in argv
    rules = Path(argv[argv.index("--config") + 1])
    assert len(list(rules.glob("*.yaml"))) >= 5
    (tmp_path / "own.yaml").write_text("rules: []")
    monkeypatch.chdir(tmp_path)
    own = Conditions(settings={"config": "own.yaml, p/python"})
    (theirs,) = commands(scanner, [targets["folder"]], tmp_path, own)
    given = [theirs.argv[n + 1] for n, word in enumerate(theirs.argv) if word == "--config"]
    assert given == [str(tmp_path / "own.yaml"), "p/python"]


@pytest.mark.parametrize(
    ("sort", "date", "words"),
    [
        ("folder", "2026-01-02", "vuln,config,secret"),
        ("folder", "", "config,secret"),
        ("archive", "2026-01-02", "vuln,secret"),
        ("archive", "", "secret"),
        ("sbom", "2026-01-02", "vuln"),
        ("sbom", "", "license"),
    ],
)
def test_trivy_does_what_it_can(
    targets: dict[str, Target], tmp_path: Path, sort: str, date: str, words: str
) -> None:
    command = scanner_of("trivy").command(
        Path("/x"), targets[sort], tmp_path, Conditions(database_date=date)
    )
    assert command is not None
    argv = list(command.argv)
    assert argv[argv.index("--scanners") + 1] == words
    assert ("--skip-db-update" in argv) == bool(date)
    assert ("--input" in argv) == (sort == "archive")


@pytest.mark.parametrize("name", ["trivy", "grype"])
def test_on_a_machine_no_folder_is_left_out(tmp_path: Path, name: str) -> None:
    """What is called vendor or site-packages there is what the machine runs."""
    for file in ("etc/os-release", "var/lib/dpkg/status"):
        (tmp_path / "root" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / file).write_text("ID=debian\n")
    target = resolve_target(str(tmp_path / "root"))
    assert target.kind is AssetKind.HOST
    (command,) = commands(scanner_of(name), [target], tmp_path, CONDITIONS)
    argv = " ".join(command.argv)
    assert "site-packages" not in argv
    assert f"dir:{target.path}" in argv or "trivy rootfs" in argv.replace("/opt/tool", "trivy")


def test_settings_of_the_target_are_noted(targets: dict[str, Target], tmp_path: Path) -> None:
    folder = targets["folder"]
    assert folder.path is not None
    for name in (".bandit", ".gitleaks.toml", ".hadolint.yaml", ".semgrepignore", ".trivyignore"):
        (folder.path / name).write_text("")
    for name in ("bandit", "gitleaks", "hadolint", "semgrep", "trivy"):
        (command,) = commands(scanner_of(name), [folder], tmp_path, CONDITIONS)
        notes = [str(p.message) for p in command.problems if p.code is ProblemCode.NOTE]
        assert any("of the target" in note for note in notes), name


def clair_command(target: Target, tmp_path: Path, **settings: str) -> Command:
    conditions = Conditions(settings=settings)
    command = scanner_of("clair").command(Path("/x"), target, tmp_path, conditions)
    assert command is not None
    return command


def test_clair_is_told_everything_but_the_key_on_the_command_line(
    targets: dict[str, Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "url": "https://c.example/",
        "matcher": "https://m.example",
        "issuer": "us",
        "serve": ":8089",
        "reach": "http://b.example:8089",
        "platform": "linux/arm64",
    }
    command = clair_command(targets["image"], tmp_path, **given, psk="c2VjcmV0")
    words = list(command.argv)
    for name, value in given.items():
        assert words[words.index(f"--{name}") + 1] == value.rstrip("/")
    assert "c2VjcmV0" not in " ".join(words)
    assert command.env == {"CLAIR_PSK": "c2VjcmV0"}
    assert "CLAIR_PSK" in command.inherits
    monkeypatch.setenv("CLAIR_PSK", "another")
    monkeypatch.chdir(tmp_path)
    command = clair_command(targets["image"], tmp_path, psk_file="key")
    words = list(command.argv)
    assert words[words.index("--psk-file") + 1] == str(tmp_path / "key")
    assert command.env == {"CLAIR_PSK": ""}  # a file that was named comes first


def test_where_a_clair_finds_a_worker_stands_in_variables(
    targets: dict[str, Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIR_URL", "https://c.example")
    monkeypatch.setenv("CLAIR_SERVE", "0.0.0.0:8089")
    monkeypatch.setenv("CLAIR_REACH", "http://worker.example:8089")
    monkeypatch.setenv("CLAIR_ISSUER", "not asked")
    words = list(clair_command(targets["archive"], tmp_path).argv)
    assert words[words.index("--serve") + 1] == "0.0.0.0:8089"
    assert words[words.index("--reach") + 1] == "http://worker.example:8089"
    assert "--issuer" not in words
    words = list(clair_command(targets["archive"], tmp_path, serve=":1").argv)
    assert words[words.index("--serve") + 1] == ":1"


@pytest.mark.parametrize(
    ("url", "matcher", "network"),
    [
        ("https://clair.example", "", True),
        ("http://127.0.0.1:6060", "", False),
        ("http://localhost:6060", "http://[::1]:1", False),
        ("http://localhost:6060", "http://matcher.example", True),
    ],
)
def test_a_clair_on_this_machine_needs_no_network(
    targets: dict[str, Target], tmp_path: Path, url: str, matcher: str, network: bool
) -> None:
    command = clair_command(targets["archive"], tmp_path, url=url, matcher=matcher)
    assert command.network is network


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("url", "clair.example", "no address"),
        ("url", "ftp://clair.example", "no address"),
        ("url", "https://", "no address"),
        ("url", "https://c.example:x", "no address"),
        ("url", "https://[c.example", "no address"),
        ("url", "https://c.example/?a=1", "no address"),
        ("url", "https://u:p@c.example", "a name or a password"),
        ("matcher", "x", "matcher of"),
        ("reach", "b.example:8089", "reach of"),
    ],
)
def test_an_address_of_clair_that_is_none_is_refused(
    targets: dict[str, Target], tmp_path: Path, name: str, value: str, why: str
) -> None:
    with pytest.raises(UserError, match=why) as caught:
        clair_command(targets["image"], tmp_path, **{name: value})
    assert "u:p" not in str(caught.value)


def test_the_engine_finds_vigie_where_it_was_never_installed(
    targets: dict[str, Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "checkout" / "vigie"
    monkeypatch.setattr("vigie.__file__", str(copy / "__init__.py"))
    (command,) = commands(scanner_of("embedded"), [targets["folder"]], tmp_path, CONDITIONS)
    assert command.env["PYTHONPATH"] == str(copy.parent)
    monkeypatch.setattr("vigie.__file__", str(tmp_path / "site-packages/vigie/__init__.py"))
    (command,) = commands(scanner_of("embedded"), [targets["folder"]], tmp_path, CONDITIONS)
    assert "PYTHONPATH" not in command.env
