"""Lock files, renewed by the real npm, uv, cargo and go, where their registries can be reached."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.unit.services.test_fix import SHOP, result
from tests.unit.triage.build import flaw

from vigie.model.observations import Observation
from vigie.services.fix import FixOptions, Proposal, propose
from vigie.services.fixing.folder import open_folder
from vigie.services.fixing.patching import Standing
from vigie.services.fixing.writing import write_patch
from vigie.sources.registries.clients import REGISTRIES, Pip
from vigie.wiring.plugs import PATCHES, Plugs

pytestmark = pytest.mark.slow


def run(folder: Path, *argv: str, **env: str) -> str:
    """What a tool prints; skips the test where it is not here or reaches no registry."""
    program = shutil.which(argv[0])
    if program is None:
        pytest.skip(f"no {argv[0]} on this machine")
    done = subprocess.run(
        [program, *argv[1:]], cwd=folder, capture_output=True, text=True, timeout=250, check=False,
        env={**os.environ, **env},
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"{argv[0]} cannot reach its registry: {done.stderr[-200:]}")
    return done.stdout


def fixed(root: Path, tmp_path: Path, *seen: Observation) -> Proposal:
    """Propose and write."""
    proposal = propose(
        result(*seen, asset=SHOP),
        open_folder(root),
        Plugs(PATCHES).working(),
        FixOptions(),
    )
    assert proposal.patch.problems == ()
    write_patch(root.resolve(), proposal.patch.edits, "2025", tmp_path / "undo.patch")
    return proposal


def standings(proposal: Proposal) -> Mapping[str, Standing]:
    return {o.step.component.name: o.standing for o in proposal.patch.outcomes}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    return root


NPM = {"dependencies": {"axios": "0.19.0", "lodash": "^4.17.0", "mkdirp": "0.5.1"}}


def npm_versions(root: Path) -> dict[str, str]:
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    return {place: one["version"] for place, one in packages.items() if place}


def test_npm(root: Path, tmp_path: Path) -> None:
    """In range, out of range, and what lies deep: the lock has exactly these versions."""
    install = ("npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit")
    pinned = {"dependencies": {**NPM["dependencies"], "lodash": "4.17.10"}}
    (root / "package.json").write_text(json.dumps(pinned, indent=2))
    run(root, *install)
    (root / "package.json").write_text(json.dumps(NPM, indent=2))
    run(root, *install)
    before = npm_versions(root)
    assert before["node_modules/lodash"] == "4.17.10"
    path = "package-lock.json"
    proposal = fixed(
        root, tmp_path,
        flaw("CVE-1", "lodash", "4.17.10", kind="npm", path=path, fixed=("4.17.20",)),
        flaw("CVE-2", "follow-redirects", "1.5.10", kind="npm", path=path, fixed=("1.14.8",)),
        flaw("CVE-3", "is-buffer", before["node_modules/is-buffer"], kind="npm", path=path),
    )  # fmt: skip
    assert standings(proposal) == dict.fromkeys(["lodash", "follow-redirects"], Standing.PATCHED)
    now = npm_versions(root)
    assert now["node_modules/lodash"] == "4.17.20"
    assert now["node_modules/follow-redirects"] == "1.14.8"
    manifest = json.loads((root / "package.json").read_text())
    assert manifest["dependencies"] == NPM["dependencies"]
    assert manifest["overrides"] == {"follow-redirects": "1.14.8"}
    unchanged = {p: v for p, v in now.items() if before.get(p) == v}
    assert set(before) - set(unchanged) <= {
        "node_modules/lodash", "node_modules/follow-redirects", "node_modules/debug",
        "node_modules/ms",
    }  # fmt: skip
    run(root, "npm", "ci", "--ignore-scripts", "--dry-run", "--no-audit")


def test_uv(root: Path, tmp_path: Path) -> None:
    (root / "pyproject.toml").write_text(
        '[project]\nname = "shop"\nversion = "1.0"\nrequires-python = ">=3.9"\n'
        'dependencies = [\n  "requests>=2.19",  # http\n  "flask==1.0",\n]\n'
    )
    run(root, "uv", "lock", "-P", "urllib3==1.26.4", "-P", "requests==2.25.0")
    proposal = fixed(
        root, tmp_path,
        flaw("CVE-1", "urllib3", "1.26.4", path="uv.lock", fixed=("1.26.18",)),
        flaw("CVE-2", "flask", "1.0", path="uv.lock", fixed=("2.2.5",)),
    )  # fmt: skip
    assert standings(proposal) == dict.fromkeys(["urllib3", "flask"], Standing.PATCHED)
    packages = tomllib.loads((root / "uv.lock").read_text())["package"]
    versions = {one["name"]: one["version"] for one in packages}
    assert (versions["urllib3"], versions["flask"], versions["requests"]) == (
        "1.26.18", "2.2.5", "2.25.0",
    )  # fmt: skip
    assert '"requests>=2.19",  # http' in (root / "pyproject.toml").read_text()
    run(root, "uv", "lock", "--check")


def test_cargo(root: Path, tmp_path: Path) -> None:
    (root / "Cargo.toml").write_text(
        '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2018"\n\n'
        '[dependencies]\nsmallvec = "1.6" # small\nregex = "=1.5.0"\n'
    )
    (root / "src").mkdir()
    (root / "src" / "lib.rs").write_text("")
    run(root, "cargo", "generate-lockfile")
    run(root, "cargo", "update", "smallvec", "--precise", "1.6.0")
    proposal = fixed(
        root, tmp_path,
        flaw("CVE-1", "smallvec", "1.6.0", kind="cargo", path="Cargo.lock", fixed=("1.6.1",)),
        flaw("CVE-2", "regex", "1.5.0", kind="cargo", path="Cargo.lock", fixed=("1.5.5",)),
        flaw("CVE-3", "memchr", "9.9.9", kind="cargo", path="Cargo.lock", fixed=("9.9.10",)),
    )  # fmt: skip
    assert standings(proposal) == {
        "smallvec": Standing.PATCHED, "regex": Standing.PATCHED, "memchr": Standing.MANUAL,
    }  # fmt: skip
    packages = tomllib.loads((root / "Cargo.lock").read_text())["package"]
    versions = {one["name"]: one["version"] for one in packages}
    assert (versions["smallvec"], versions["regex"]) == ("1.6.1", "1.5.5")
    assert 'regex = "=1.5.5"' in (root / "Cargo.toml").read_text()
    run(root, "cargo", "metadata", "--locked", "--format-version=1")


def test_go(root: Path, tmp_path: Path) -> None:
    (root / "go.mod").write_text(
        "module example.org/shop\n\ngo 1.20\n\nrequire golang.org/x/text v0.3.5 // text\n"
    )
    (root / "shop.go").write_text('package shop\n\nimport _ "golang.org/x/text/language"\n')
    run(root, "go", "mod", "tidy", GOTOOLCHAIN="local")
    proposal = fixed(
        root, tmp_path,
        flaw("CVE-1", "golang.org/x/text", "0.3.5", kind="golang", path="go.mod", fixed=("0.3.8",)),
    )  # fmt: skip
    assert standings(proposal) == {"golang.org/x/text": Standing.PATCHED}
    assert "require golang.org/x/text v0.3.8 // text" in (root / "go.mod").read_text()
    assert "v0.3.5 h1:" not in (root / "go.sum").read_text()
    run(root, "go", "build", "./...", GOTOOLCHAIN="local", GOFLAGS="-mod=readonly")


def test_hashes(root: Path, tmp_path: Path) -> None:
    run(root, "uv", "--version")
    (root / "requirements.txt").write_text("six==1.15.0 --hash=sha256:" + "0" * 64 + "\n")
    if not Pip().hashes("six", "1.16.0"):
        pytest.skip("uv cannot reach its registry")
    fixed(
        root, tmp_path, flaw("CVE-1", "six", "1.15.0", path="requirements.txt", fixed=("1.16.0",))
    )
    text = (root / "requirements.txt").read_text()
    assert text.startswith("six==1.16.0 --hash=sha256:")
    assert text.count("--hash=sha256:") == 2  # a wheel and an archive of sources


@pytest.mark.parametrize(
    ("type_", "name", "there"),
    [
        ("pypi", "urllib3", "1.26.18"),
        ("npm", "@babel/traverse", "7.23.2"),
        ("golang", "golang.org/x/text", "0.3.8"),
        ("cargo", "smallvec", "1.6.1"),
        ("maven", "org.apache.logging.log4j:log4j-core", "2.17.1"),
    ],
)
def test_registries_know_which_versions_exist(type_: str, name: str, there: str) -> None:
    registry = REGISTRIES[type_]
    if registry.has(name, there) is None:
        pytest.skip(f"no {registry.program}, or it reaches no registry")
    assert registry.has(name, there) is True
    assert registry.has(name, "99.98.97") is False
