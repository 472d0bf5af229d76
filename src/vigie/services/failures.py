"""Errors of the platform's use-cases that a face must tell apart. None of them is a bug."""

from __future__ import annotations

from vigie.model.errors import UserError


class NotFound(UserError):  # noqa: N818  it is an answer, not a failure
    """There is no such thing, or it is not the caller's to see: the two look the same."""


class Conflict(UserError):  # noqa: N818
    """It cannot be done as things stand now: a name is taken, a job has ended."""


class Outdated(UserError):  # noqa: N818
    """Somebody changed it since the caller read it (the revision is another)."""


class TooMany(UserError):  # noqa: N818
    """Asked too often. `after` is how many seconds to wait."""

    def __init__(self, message: object, hint: object = "", *, after: float = 1.0) -> None:
        super().__init__(message, hint)  # type: ignore[arg-type]
        self.after = after


class TooLarge(UserError):  # noqa: N818
    """More bytes than are taken."""
