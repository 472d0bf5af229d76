"""The pages about notifiers: one is followed literally, the other's examples are what is sent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.following import Follower, copy_of_the_tree
from tests.docs.pages import ROOT, blocks, commands
from vigie.outlets.notifiers.webhook import headers, keys

PAGE = ROOT / "docs" / "add-a-notifier.md"
LIST = ROOT / "docs" / "notifiers.md"
NOTIFIER = "src/vigie/outlets/notifiers/acme.py"


@pytest.fixture
def follower(tmp_path: Path) -> Follower:
    return Follower(copy_of_the_tree(tmp_path))


@pytest.mark.slow
def test_the_page_about_notifiers_works_literally(follower: Follower) -> None:
    assert NOTIFIER in follower.write(PAGE)
    typed = list(commands(PAGE))
    own = typed.index("pip install ./vigie-acme-chat")
    said = follower.type(typed[:own])
    assert said.count(" passed") == 2
    assert " failed" not in said
    golden = follower.tree / "tests/golden/notifiers/acme.fr.golden"
    assert "3 constats" in golden.read_text(encoding="utf-8")
    # The suite of the page is a suite: promises that are broken are seen.
    notifier = follower.tree / NOTIFIER
    works = notifier.read_text(encoding="utf-8")
    for right, wrong, test in (
        ('"once": said.identity', '"once": said.title', "test_a_repeat_can_be_told"),
        ("<= _LONGEST)", "<= 10 * _LONGEST)", "test_four_thousand_findings"),
    ):
        notifier.write_text(works.replace(right, wrong), encoding="utf-8")
        assert test in follower.type(typed[own - 1 : own], code=1)
    notifier.write_text(works, encoding="utf-8")
    said = follower.type(typed[own:])
    assert said.splitlines()[-1].split()[:3] == ["acme", "acme-nightly", "apprise"]


def test_the_pages_code_is_as_tidy_as_ours(follower: Follower) -> None:
    ours = [title for title in follower.write(PAGE) if title.endswith(".py")]
    for check in (["ruff", "check"], ["mypy", "--strict"]):
        line = [sys.executable, "-m", *check, *(title for title in ours if "src" in title)]
        done = subprocess.run(line, cwd=follower.tree, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def shown(title: str) -> str:
    (block,) = [block for block in blocks(LIST) if block.title == title]
    return block.body


def test_the_body_of_a_webhook_is_what_the_page_shows() -> None:
    golden = (ROOT / "tests/golden/notifiers/webhook.en.golden").read_text(encoding="utf-8")
    sent = json.loads(golden.partition("\n\n")[2])
    sent["data"]["items"] = sent["data"]["items"][:1]  # the page shows one of three
    assert json.loads(shown("webhook.json")) == sent


def test_the_pages_check_of_a_signature_checks() -> None:
    page: dict[str, Any] = {}
    exec(compile(shown("check_webhook.py"), "check_webhook.py", "exec"), page)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    now = int(page["time"].time())
    signed = headers("abc", now, b"{}", keys(f"a-word-of-at-least-24-bytes {secret}"))
    assert page["genuine"](signed, b"{}", secret)
    assert not page["genuine"](signed, b"{ }", secret)
    assert not page["genuine"](signed, b"{}", "whsec_" + "A" * 32)
    old = headers("abc", now - 3600, b"{}", keys(secret))
    assert not page["genuine"](old, b"{}", secret)
