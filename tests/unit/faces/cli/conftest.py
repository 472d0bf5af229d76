"""The command line as a person calls it, inside this process."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from vigie.faces.cli.main import run


def match(name: str, cve: str, severity: str, fixed: str) -> dict[str, object]:
    """One match as Grype writes it."""
    fix = {"versions": [fixed], "state": "fixed"} if fixed else {"state": "not-fixed"}
    artifact = {"name": name, "version": "1.0", "type": "python", "purl": f"pkg:pypi/{name}@1.0"}
    return {
        "vulnerability": {"id": cve, "severity": severity, "fix": fix, "epss": [{"epss": 0.2}]},
        "artifact": artifact,
    }


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Commands set up the log of their process; here that is everybody's."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str
    raw: str  # standard output to the byte


Call = Callable[..., Done]


def plain(text: str) -> str:
    """French puts spaces that do not break before its signs; tests are about the words.

    JSON is for programs and stays as it is.
    """
    if text.startswith("{"):
        return text
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def vigie(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Call:
    """`vigie("merge", file, LANG="fr_FR")`: runs in an empty folder, with no settings of anyone."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path, **environ: str) -> Done:
        capfd.readouterr()
        code = run([str(a) for a in arguments], {"HOME": str(tmp_path), **environ})
        captured = capfd.readouterr()
        return Done(code, plain(captured.out), plain(captured.err), captured.out)

    return call


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A small Grype report with nothing wrong in it."""
    matches = [
        match("first", "CVE-2024-1001", "Critical", "1.1"),
        match("second", "CVE-2024-1002", "High", "2.0"),
        match("third", "CVE-2024-1003", "Low", ""),
    ]
    path = tmp_path / "reports" / "grype.json"
    path.parent.mkdir()
    whole = {
        "matches": matches,
        "source": {"type": "image", "target": {"userInput": "shop:1"}},
        "descriptor": {"name": "grype", "version": "0.90.0"},
    }
    path.write_text(json.dumps(whole))
    return path


@pytest.fixture
def result(vigie: Call, report: Path, tmp_path: Path) -> Path:
    """A saved result."""
    path = tmp_path / "result.json"
    assert vigie("merge", report, "--format", f"json={path}").code == 0
    return path
