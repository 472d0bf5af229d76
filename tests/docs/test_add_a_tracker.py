"""The page 'add a ticket system', followed literally in a copy of the tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.following import Follower, copy_of_the_tree
from tests.docs.pages import ROOT, commands

PAGE = ROOT / "docs" / "add-a-tracker.md"
TRACKER = "src/vigie/outlets/tickets/acme.py"


@pytest.fixture
def follower(tmp_path: Path) -> Follower:
    return Follower(copy_of_the_tree(tmp_path))


@pytest.mark.slow
def test_the_page_about_trackers_works_literally(follower: Follower) -> None:
    assert TRACKER in follower.write(PAGE)
    typed = list(commands(PAGE))
    own = typed.index("pip install ./vigie-acme-desk")
    said = follower.type(typed[:own])
    assert " passed" in said
    assert " failed" not in said
    # The suite of the page is a suite: a promise that is broken is seen.
    tracker = follower.tree / TRACKER
    works = tracker.read_text(encoding="utf-8")
    tracker.write_text(works.replace("TicketState.GONE", "TicketState.CLOSED"), encoding="utf-8")
    assert "test_a_deleted_ticket_is_gone" in follower.type(typed[:own], code=1)
    tracker.write_text(works, encoding="utf-8")
    said = follower.type(typed[own:])
    assert said.splitlines()[-1].split() == [
        "acme", "acme-nightly", "github", "gitlab", "jira-cloud", "jira-server",
    ]  # fmt: skip


def test_the_pages_code_is_as_tidy_as_ours(follower: Follower) -> None:
    ours = [title for title in follower.write(PAGE) if title.endswith(".py")]
    assert len(ours) == 3
    for check in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *check, *ours[:2]],
            cwd=follower.tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
