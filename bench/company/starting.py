"""How long `vigie up` takes from its start until it is ready, and what it needs then."""

from __future__ import annotations

import re
import time
from pathlib import Path

from bench.company.homes import Home, status

_READY = re.compile(r"(http://[\d.]+:\d+)")


def start_of_all(folder: Path) -> str:
    """The first start, which makes the schema and the administrator, and the second."""
    folder.mkdir(parents=True, exist_ok=True)
    home = Home("SQLite", "", folder)
    said = []
    try:
        for which in ("first", "second"):
            began = time.monotonic()
            process = home.start("up", "--listen", "127.0.0.1:0", "--no-first-scan")
            process.said(_READY)
            took = time.monotonic() - began
            time.sleep(3.0)
            memory = status(process.pid, "RssAnon")
            said.append(f"{which} start {took:.1f} s until ready, {memory:.0f} MiB without workers")
            home.stop()
    finally:
        home.stop()
    return "; ".join(said)
