"""The watching process by itself; what it does for us is in test_process.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from vigie.sources.scanners import warden


def talk(words: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-I", "-S", warden.__file__],
        input=words,
        capture_output=True,
        timeout=30,
        check=False,
    )


def order(tmp_path: Path, *argv: str) -> bytes:
    limits = warden.Order(
        list(argv), {"PATH": "/usr/bin:/bin"}, "/", str(tmp_path), 30.0, 0.1, 1000, 10**6
    )
    return json.dumps(limits).encode() + b"\n"


def test_without_an_order_it_ends_quietly() -> None:
    done = talk(b"")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_who_is_told_to_stop_before_it_has_begun_stops(tmp_path: Path) -> None:
    done = talk(order(tmp_path, "/bin/sleep", "600") + b"stop\n")
    assert json.loads(done.stdout)["ended"] == "stopped"
    assert (tmp_path / "stdout").read_bytes() == b""


def test_when_the_pipe_ends_the_scanner_and_the_workspace_go(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    done = talk(order(workspace, "/bin/sleep", "600"))
    account = json.loads(done.stdout)
    assert account["ended"] == "orphaned"
    assert account["code"] < 0
    assert not workspace.exists()
    assert tmp_path.exists(), "it is nobody's private folder"


def test_the_folder_around_an_orphans_goes_too_when_it_was_all_it_held(tmp_path: Path) -> None:
    workspace = tmp_path / "vigie-1234" / "scan"
    workspace.mkdir(parents=True)
    talk(order(workspace, "/bin/sleep", "600"))
    assert not workspace.parent.exists()


def test_descendants_are_found_by_their_parents() -> None:
    child = subprocess.Popen(["/bin/sleep", "60"])
    try:
        assert child.pid in list(warden._descendants(os.getpid()))
    finally:
        child.kill()
        child.wait()
