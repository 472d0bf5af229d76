"""The two errors that are not bugs. Faces translate them; anything else shows as a bug."""

from __future__ import annotations

from vigie.model.text import Text


class VigieError(Exception):
    """What went wrong, in one line, and a hint that says what to do about it."""

    def __init__(self, message: Text | str, hint: Text | str = "") -> None:
        self.message = message if isinstance(message, Text) else Text(message)
        self.hint = hint if isinstance(hint, Text) else Text(hint)
        super().__init__(str(message))

    def __str__(self) -> str:
        return str(self.message)


class UserError(VigieError):
    """The person can mend it: wrong usage, a bad file, a missing program. Exit code 2."""


class SourceError(VigieError):
    """The outside world failed: a scanner, a server, the network. Exit code 3.

    `retryable` says whether the same call may work later.
    """

    def __init__(
        self, message: Text | str, hint: Text | str = "", *, retryable: bool = False
    ) -> None:
        super().__init__(message, hint)
        self.retryable = retryable
