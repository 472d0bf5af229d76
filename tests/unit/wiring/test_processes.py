"""One platform to a folder; children that come back when they end, and end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.wiring.processes import PARENT, Children, alone, follow_parent

SLEEP = "import time; time.sleep(600)"


def until(holds: Callable[[], bool], *, tries: int = 6000) -> None:
    """Wait for what is sure to come; fails after a minute."""
    for _ in range(tries):
        if holds():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never came to be")


def watched(children: Children) -> list[int]:
    children.watch()
    return children.pids()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_one_platform_to_a_folder(tmp_path: Path) -> None:
    with (
        alone(tmp_path / "data"),
        pytest.raises(UserError, match=str(os.getpid())),
        alone(tmp_path / "data"),
    ):
        pass
    with alone(tmp_path / "data"):
        pass


def test_the_folder_is_free_when_its_owner_was_killed(tmp_path: Path) -> None:
    code = f"""
        from pathlib import Path
        import time
        from vigie.wiring.processes import alone
        with alone(Path({str(tmp_path)!r})):
            print("in", flush=True)
            time.sleep(600)
    """
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "in\n"
    with pytest.raises(UserError, match=str(owner.pid)), alone(tmp_path):
        pass
    owner.kill()
    owner.wait()
    owner.stdout.close()
    with alone(tmp_path):
        pass


def test_children_come_back_when_they_end_and_stop_when_they_are_told() -> None:
    children = Children([sys.executable, "-c", SLEEP], 2, os.environ)
    children.start()
    try:
        first, second = children.pids()
        os.kill(first, signal.SIGKILL)
        until(lambda: first not in watched(children))
        # Not at once: what cannot start would keep the machine busy.
        until(lambda: len(watched(children)) == 2)
        assert second in children.pids()
        pids = children.pids()
    finally:
        children.stop(20)
    assert not any(is_alive(pid) for pid in pids)


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"pathlib.Path({str(tmp_path / 'deaf')!r}).touch(); time.sleep(600)"
    )
    children = Children([sys.executable, "-c", deaf], 1, os.environ)
    children.start()
    (pid,) = children.pids()
    until((tmp_path / "deaf").exists)
    children.stop(0.1)
    assert not is_alive(pid)


def test_children_die_with_their_parent_however_it_ends() -> None:
    child = (
        "import os, time; from vigie.wiring.processes import follow_parent; "
        "assert follow_parent(os.environ); print(os.getpid(), flush=True); time.sleep(600)"
    )
    code = f"""
        import os, sys, time
        from vigie.wiring.processes import Children
        children = Children([sys.executable, "-c", {child!r}], 2, os.environ)
        children.start()
        time.sleep(600)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pids = [int(parent.stdout.readline()) for _ in range(2)]
    assert all(is_alive(pid) for pid in pids)
    parent.kill()
    parent.wait()
    until(lambda: not any(is_alive(pid) for pid in pids))
    parent.stdout.close()


def test_who_has_no_parent_follows_nobody() -> None:
    assert not follow_parent({})
    assert not follow_parent({PARENT: "no number"})
