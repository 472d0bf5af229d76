"""Follows a page literally: in a copy of the checkout, with a Python environment of its own."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import ROOT, blocks

COPIED = ("src", "tests", "examples", "docs", "pyproject.toml", "README.md", "LICENSE")


def copy_of_the_tree(folder: Path) -> Path:
    """A copy of the checkout, in a folder with a space in its name. What is compiled comes along,
    but not what another process is just writing."""
    copy = folder / "my vigie"
    copy.mkdir()
    leave = shutil.ignore_patterns("*.pyc.*")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=leave)
        elif source.exists():
            shutil.copy(source, copy / name)
    return copy


class Follower:
    """Types a page's commands one after the other and keeps what they said.

    Its environment sees the copy and the packages of the one that runs the tests, and installs
    into itself. So a scanner of ours that starts in a clean environment sees what it should.
    """

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        home = tree / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
        self.python = home / "bin" / "python"
        libraries = next(home.glob("lib/python*/site-packages"))
        seen = [str(tree / "src"), *site.getsitepackages()]
        (libraries / "seen.pth").write_text("\n".join(seen) + "\n")
        self._program(home / "bin" / "vigie", "-m vigie")
        offline = "-m pip install --no-deps --no-build-isolation --no-index -q"
        (home / "bin" / "pip").write_text(
            f'#!/bin/sh\nshift\nexec "{self.python}" {offline} "$@"\n'
        )
        (home / "bin" / "pip").chmod(0o755)
        self.environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PYTEST_"))},
            "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": "",
            "HOME": str(tree),
            "LC_ALL": "C.UTF-8",
        }
        for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            self.environ.pop(name, None)

    def _program(self, path: Path, arguments: str) -> None:
        path.write_text(f'#!/bin/sh\nexec "{self.python}" {arguments} "$@"\n')
        path.chmod(0o755)

    def write(self, page: Path) -> list[str]:
        """The files that the page shows, by their titles."""
        written = []
        for block in blocks(page):
            if block.title:
                path = self.tree / block.title
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.body, encoding="utf-8")
                written.append(block.title)
        return written

    def type(self, lines: list[str], code: int = 0) -> str:
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
        assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr
