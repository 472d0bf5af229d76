"""Whether the parts that a request may need answer, told as it is."""

from __future__ import annotations

from collections.abc import Callable

from vigie.model.errors import VigieError
from vigie.services.platform import Platform
from vigie.stores.relational.migration import check_current


def parts_of(platform: Platform) -> dict[str, bool]:
    """Each part by its name, and whether it answers: asked now, never remembered."""
    alive = platform.database.alive()
    return {
        "database": alive,
        "schema": alive and _answers(lambda: check_current(platform.database.engine)),
        "queue": _answers(platform.queue.depth),
        "cache": _answers(lambda: platform.cache.get("ready")),
    }


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (VigieError, OSError):
        return False
    return True
