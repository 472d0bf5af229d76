"""'Add a parser' and 'add a scanner', followed literally in a copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, commands

COPIED = ("src", "tests", "examples", "docs", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the checkout, in a folder with a space in its name."""
    copy = tmp_path / "my vigie"
    copy.mkdir()
    leave = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=leave)
        elif source.exists():
            shutil.copy(source, copy / name)
    return copy


class Follower:
    """Types a page's commands one after the other and keeps what they said."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.site = tree / "site"
        programs = tree / "programs"
        programs.mkdir()
        self._program(programs / "vigie", "-m vigie")
        self._program(programs / "python", "")
        # Without a network, and never into the environment that runs the tests.
        offline = f'-m pip install --no-deps --no-build-isolation -q --target "{self.site}"'
        (programs / "pip").write_text(f'#!/bin/sh\nshift\nexec "{sys.executable}" {offline} "$@"\n')
        (programs / "pip").chmod(0o755)
        self.environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PYTEST_"))},
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": f"{tree / 'src'}:{self.site}",
            "HOME": str(tree),
            "LC_ALL": "C.UTF-8",
        }

    def _program(self, path: Path, arguments: str) -> None:
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        path.chmod(0o755)

    def write(self, page: Path) -> list[str]:
        written = []
        for block in blocks(page):
            if block.title:
                path = self.tree / block.title
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.body, encoding="utf-8")
                written.append(block.title)
        return written

    def type(self, lines: list[str]) -> str:
        """What the lines print, in one shell, so that `export` lasts."""
        done = subprocess.run(
            ["sh", "-e", "-c", "\n".join(lines)],
            cwd=self.tree,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


def test_the_page_about_parsers_works_literally(tree: Path) -> None:
    page = ROOT / "docs" / "add-a-parser.md"
    follower = Follower(tree)
    written = follower.write(page)
    assert "src/vigie/sources/reports/parsers/acme.py" in written
    typed = list(commands(page))
    own = typed.index("pip install ./vigie-acme")
    said = follower.type(typed[:own])
    assert "left-pad" in said
    assert "joined because" in said
    assert " passed" in said
    assert " failed" not in said
    golden = tree / "tests/golden/reports/acme/shop.json.golden"
    assert "CVE-2024-12345" in golden.read_text(encoding="utf-8")
    said = follower.type(typed[own:])
    assert "acme-nightly" in said
    assert "left-pad" in said


def test_the_page_about_scanners_works_literally(tree: Path) -> None:
    page = ROOT / "docs" / "add-a-scanner.md"
    follower = Follower(tree)
    written = follower.write(page)
    assert "src/vigie/sources/scanners/runners/acme.py" in written
    said = follower.type(list(commands(page)))
    assert "2.1" in said
    assert "right-pad" in said
    assert " passed" in said


@pytest.mark.parametrize("name", ["add-a-parser.md", "add-a-scanner.md"])
def test_the_pages_code_is_as_tidy_as_ours(name: str, tree: Path) -> None:
    follower = Follower(tree)
    ours = [t for t in follower.write(ROOT / "docs" / name) if t.startswith("src/")]
    ours = [title for title in ours if title.endswith(".py")]
    for check in (["ruff", "check"], ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *check, *ours],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
