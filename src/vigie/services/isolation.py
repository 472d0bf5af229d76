"""The one guard between the platform and what it runs for others: a job, a periodic duty."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Generic, TypeVar

from vigie.model.errors import VigieError
from vigie.model.text import T

Answer = TypeVar("Answer")


class Ran(Generic[Answer]):
    """What came of a call: its `answer`, or the `error` that it raised."""

    __slots__ = ("answer", "error")

    def __init__(self, answer: Answer | None = None, error: Exception | None = None) -> None:
        self.answer = answer
        self.error = error


def isolated(call: Callable[[], Answer]) -> Ran[Answer]:
    """Run it; whatever it raises is handed back, so that the next one runs all the same."""
    try:
        return Ran(call())
    except Exception as error:  # noqa: BLE001  one broken job or duty must not stop the others
        return Ran(error=error)


def log_failure(log: Any, event: str, error: Exception | None, **facts: Any) -> None:
    """An error of the outside world in one line, a bug with its whole trace; nothing for None."""
    if isinstance(error, VigieError):
        log.warning(event, error=str(error), **facts)
    elif error is not None:
        log.error(event, exc_info=error, **facts)


def as_bug(error: BaseException) -> VigieError:
    """What people are told of an error that nobody foresaw: what it is and where it arose, and
    nothing that it says, for it may quote what is secret."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return VigieError(
        T("this is a bug in Vigie: {what} at {place}", what=type(error).__name__, place=place),
        T("The log of the worker has the whole of it; report it without your secrets."),
    )
