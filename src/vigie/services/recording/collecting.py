"""Collecting: garbage is looked for seldom while an import runs, and memory given back after it.

The collector walks all that is alive again and again as it grows, and there is next to nothing
for it to find among an import's many small objects.
"""

from __future__ import annotations

import ctypes
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

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


def give_back() -> None:
    """Let the system have the memory that was needed for a while. The C library would keep it,
    in pieces that the next import may not find large enough."""
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@cache
def _malloc_trim() -> Any:
    """The GNU C library's malloc_trim(3), None where there is none."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
