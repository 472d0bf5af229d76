"""Collecting garbage less often while an import builds its many small objects.

The collector walks all that is alive again and again as it grows, which is a third of an
import's time, and there is next to nothing for it to find.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (100_000, 50, 50)
_lock = threading.Lock()
_usual: list[tuple[int, int, int]] = []  # one entry for each import that runs


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Raise the collector's thresholds until the last of those who asked for it is done."""
    with _lock:
        _usual.append(_usual[0] if _usual else gc.get_threshold())
        gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        with _lock:
            usual = _usual.pop()
            if not _usual:
                gc.set_threshold(*usual)
