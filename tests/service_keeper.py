"""Keeps one server for a whole test run, whichever of its processes asked for it first.

Run as a program: `service_keeper.py NAME FOLDER PID`. It starts the server, writes its address
into FOLDER/NAME.json (or why not, into FOLDER/NAME.failed) and stops it when the process PID
has ended, in whatever way, or when it is told to (SIGTERM).
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def detach() -> None:
    """Nobody's child: it outlives the test process that happened to need it first."""
    if os.fork():
        os._exit(0)
    os.setsid()


def write(path: Path, words: str) -> None:
    aside = path.with_name(f"{path.name}.part")
    aside.touch(mode=0o600)
    aside.write_text(words)
    aside.rename(path)


def wait_until_over(pid: int, server: subprocess.Popen[bytes]) -> None:
    """Until that process is no more, or the server, or a SIGTERM came."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    alive = process_watch(pid)
    while not told and alive(0.25) and server.poll() is None:
        continue


def process_watch(pid: int) -> Callable[[float], bool]:
    """Waits some seconds, then says whether the process is still there."""
    if hasattr(os, "pidfd_open"):
        try:
            watched = os.pidfd_open(pid)
        except ProcessLookupError:
            return lambda _: False
        return lambda seconds: not select.select([watched], [], [], seconds)[0]

    def ask(seconds: float) -> bool:
        time.sleep(seconds)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    return ask


def main(name: str, folder: Path, pid: int) -> None:
    # Not before the path is set: this file is run as a program.
    from tests.service_engines import ENGINES, CannotStartError  # noqa: PLC0415

    home = folder / name.lower()
    sys.excepthook = lambda kind, error, _: write(
        folder / f"{name}.failed", f"{kind.__name__}: {error}"
    )
    try:
        engine = ENGINES[name](home)
        running = engine.start()
    except CannotStartError as error:
        write(folder / f"{name}.failed", str(error))
        return
    keeper = {"url": engine.url(running.port), "keeper": os.getpid()}
    write(folder / f"{name}.json", json.dumps(keeper))
    wait_until_over(pid, running.process)
    running.stop()
    shutil.rmtree(home, ignore_errors=True)
    (folder / f"{name}.json").unlink(missing_ok=True)
    if not any(folder.glob("*.json")):  # the last one shuts the door, if nobody is left to do it
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    detach()
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
