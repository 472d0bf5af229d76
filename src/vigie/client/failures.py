"""What went wrong, as exceptions: the server's problem documents (RFC 9457), and silence."""

from __future__ import annotations

import msgspec

from vigie.model.errors import SourceError, UserError
from vigie.model.printable import clean
from vigie.model.text import T, Text


class FieldProblem(msgspec.Struct, frozen=True):
    """One field of the request and what is wrong with it."""

    field: str = ""
    detail: str = ""


class Problem(msgspec.Struct, frozen=True):
    """The server's problem document; everything is "" where it said nothing."""

    type: str = ""
    title: str = ""
    status: int = 0
    detail: str = ""
    hint: str = ""
    request_id: str = ""
    errors: list[FieldProblem] = []


class Refused(UserError):  # noqa: N818  it is an answer
    """The server understood and said no, or did not understand. `problem` is what it said."""

    def __init__(self, message: Text, hint: Text, problem: Problem) -> None:
        super().__init__(message, hint)
        self.problem = problem


class NotSignedIn(Refused):
    """401: the key is wrong, expired or revoked."""


class NotAllowed(Refused):
    """403: this key may not do that."""


class NotFound(Refused):
    """404: there is no such thing, or it is another tenant's."""


class Conflict(Refused):
    """409: not as things stand now."""


class Outdated(Refused):
    """412: somebody changed it meanwhile; read it again."""


class TooMany(Refused):
    """429, still after all attempts."""


class Unreachable(SourceError):  # noqa: N818  it names what happened
    """The server cannot be reached, does not answer in time, or answers that it failed.
    `problem` is what it said, if anything."""

    def __init__(
        self,
        message: Text,
        hint: Text | str = "",
        *,
        retryable: bool = True,
        problem: Problem | None = None,
    ) -> None:
        super().__init__(message, hint, retryable=retryable)
        self.problem = problem or Problem()


_KINDS: dict[int, type[Refused]] = {
    401: NotSignedIn, 403: NotAllowed, 404: NotFound, 409: Conflict, 412: Outdated, 429: TooMany,
}  # fmt: skip
_HINTS = {
    401: T("Check the API key: it may have expired or been revoked."),
    403: T("Give the key the scopes it needs, or use another."),
}
_LONGEST = 2000


def failure_of(status: int, body: bytes, server: str) -> Refused | Unreachable:
    """The exception for an answer that is no success."""
    problem = _problem(body)
    said = clean(problem.detail or problem.title)[:_LONGEST]
    if 300 <= status < 400:
        return Unreachable(
            T("{server} sends us elsewhere ({status})", server=server, status=status),
            T("Give the address that the server really has."), retryable=False, problem=problem,
        )  # fmt: skip
    if status >= 500:
        message = T("{server} failed ({status}): {what}", server=server, status=status, what=said)
        if not said:
            message = T("{server} failed ({status})", server=server, status=status)
        return Unreachable(message, _hint(problem), retryable=status > 500, problem=problem)
    wrong = "; ".join(f"{e.field}: {e.detail}" for e in problem.errors[:5])
    message = Text(said) if said else T("{server} refused it ({status})", server=server,
                                        status=status)  # fmt: skip
    if wrong:
        message = T("{label}: {what}", label=message, what=clean(wrong)[:_LONGEST])
    return _KINDS.get(status, Refused)(message, _hint(problem, status), problem)


def _hint(problem: Problem, status: int = 0) -> Text:
    if status in _HINTS and not problem.hint:
        return _HINTS[status]
    return Text(clean(problem.hint)[:_LONGEST])


def _problem(body: bytes) -> Problem:
    try:
        return msgspec.json.decode(body, type=Problem)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return Problem()  # a proxy's page; the status says enough
