"""Unified diffs: whatever texts hold, the tools make the new one out of the old one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vigie.outlets.patches.unified import unified
from vigie.ports.patches import Edit

PATCH, GIT = shutil.which("patch"), shutil.which("git")
lines = st.lists(
    st.sampled_from(["a", "b", "c", "", "é\r", " x", "\\", "-", "+", "@@"]), max_size=30
)
texts = st.builds(lambda rows, end: "\n".join(rows) + end, lines, st.sampled_from(["", "\n"]))


def applied(before: str, diff: str, folder: Path, path: str, *argv: str) -> str:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(before.encode())
    done = subprocess.run(argv, input=diff.encode(), cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout, done.stderr, diff)
    return place.read_bytes().decode() if place.exists() else ""


@pytest.mark.skipif(PATCH is None, reason="no patch on this machine")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=texts.filter(bool), after=texts)
def test_patch_applies_any_change(before: str, after: str, tmp_path: Path) -> None:
    diff = unified([Edit("file", before, after)])
    if before == after:
        assert diff == ""
        return
    assert applied(before, diff, tmp_path, "file", str(PATCH), "-p1", "--binary", "-F0") == after


@pytest.mark.skipif(GIT is None, reason="no git on this machine")
@pytest.mark.parametrize(
    "path", ["a b/c d.txt", "é/x.txt", 'q"uote.txt', "tab\there", "plain/x.txt"]
)
def test_git_applies_to_any_name(path: str, tmp_path: Path) -> None:
    diff = unified([Edit(path, "1\n2\n3\n", "1\ntwo\n3\n")])
    assert applied("1\n2\n3\n", diff, tmp_path, path, str(GIT), "apply") == "1\ntwo\n3\n"


def test_changes_far_apart_are_hunks_of_their_own() -> None:
    rows = [str(n) for n in range(100)]
    changed = [*rows]
    changed[10], changed[80] = "ten", "eighty"
    diff = unified([Edit("x", "\n".join(rows), "\n".join(changed))])
    assert diff.count("@@ -") == 2
    assert len(diff.splitlines()) < 25


def test_a_long_file_that_changes_everywhere_is_one_hunk_and_quick() -> None:
    before = "".join(f"{n % 7}\n" for n in range(30_000))
    after = "".join(f"{n % 5}\n" for n in range(30_000))
    diff = unified([Edit("x", before, after), Edit("y", "same", "same")])
    assert diff.count("@@ -") == 1
    assert "+++ b/y" not in diff
