"""The page 'add a secret backend', followed literally in a copy of the tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.following import Follower, copy_of_the_tree
from tests.docs.pages import ROOT, commands

PAGE = ROOT / "docs" / "add-a-secret-backend.md"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_of_the_tree(tmp_path)


@pytest.mark.slow
def test_the_page_works_literally(tree: Path) -> None:
    follower = Follower(tree)
    written = follower.write(PAGE)
    assert "src/vigie/stores/secrets/acme.py" in written
    typed = list(commands(PAGE))
    own = typed.index("pip install ./vigie-acme-secrets")
    said = follower.type(typed[:own])
    assert "slack-token" in said
    assert '"name": "registry"' in said
    assert "hunter2" not in said
    assert "xoxb" not in said
    assert " passed" in said
    assert " failed" not in said
    said = follower.type(typed[own:])
    assert "nightly-token" in said
    (installed,) = tree.glob("environment/lib/python*/site-packages/vigie_acme_secrets.py")
    installed.write_text("import no_such_module_anywhere\n")
    said = follower.type([typed[-1]], 2)
    assert "'acme-nightly' is disabled: " in said
    assert "no_such_module_anywhere" in said


def test_the_pages_code_is_as_tidy_as_ours(tree: Path) -> None:
    written = Follower(tree).write(PAGE)
    ours = [t for t in written if t.startswith(("src/", "tests/")) and t.endswith(".py")]
    assert len(ours) == 2
    for check in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *check, *ours],
            cwd=tree, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
