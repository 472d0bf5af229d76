"""Ticket systems that stand in for real ones: the same calls, the same checks, real state.

Each module here holds `SERVERS`: small HTTP servers on loopback by the names of the trackers that
speak to them. They are strict about method, path, headers and fields and answer in the shapes
that their makers document. `run("github")` gives one while a block lasts;
`python -m tests.tracker_servers github --port 0` runs one by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.tracker_servers.serving import TrackerServer, serving


def _found() -> dict[str, Callable[[], TrackerServer]]:
    found: dict[str, Callable[[], TrackerServer]] = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            loaded = importlib.import_module(f"{__name__}.{module.name}")
            found |= getattr(loaded, "SERVERS", {})
    return found


KINDS = _found()


@contextmanager
def run(kind: str, port: int = 0) -> Iterator[TrackerServer]:
    """A ticket system of this kind; `address` says where."""
    server = KINDS[kind]()
    with serving(server, port):
        yield server
