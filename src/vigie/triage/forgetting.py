"""Forgetting: what is worked out once for each name is kept, until somebody lets it go.

Who merges a report in one go needs each answer again and again. Who goes through one of any
length in portions would gather the names of all of it, in the memory of a process that stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
_kept: list[Any] = []


def kept(most: int) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Keep so many answers of a function, the ones asked for last."""

    def keep(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        keeping: Any = lru_cache(maxsize=most)(function)
        _kept.append(keeping)
        answering: Callable[Given, Answer] = keeping
        return answering

    return keep


def forget() -> None:
    """Let go of all that is kept."""
    for keeping in _kept:
        keeping.cache_clear()
