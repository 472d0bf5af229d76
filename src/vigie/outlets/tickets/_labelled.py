"""Issues that are found again by a label and a mark: what GitHub and GitLab have in common.

Their lists are asked by label: an index of words is behind by minutes, and then a ticket would be
made twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.outlets.tickets._calls import MOVED, NOWHERE, Caller
from vigie.ports.tickets import TicketRef, TicketState

Issue = TypeVar("Issue")
_PAGE, _PAGES = 100, 50


def listed(
    kind: type[Issue], label: str, caller: Caller, params: Mapping[str, str | int]
) -> Iterator[Issue]:
    """Every issue of that label, read as `kind`; `params` ask for open and closed ones, the oldest
    first. Raises SourceError when there are too many."""
    for page in range(1, _PAGES + 1):
        asked = {"labels": label, **params, "per_page": _PAGE, "page": page}
        issues = caller.ask("GET", "/issues", params=asked).read(list[kind])  # type: ignore[valid-type]
        yield from issues
        if len(issues) < _PAGE:
            return
    raise SourceError(
        T("{where} has too many issues with the label {label}", where=caller.where, label=label)
    )


def issue_of(kind: type[Issue], ref: TicketRef, caller: Caller) -> Issue | None:
    """The issue as it is, None when it was deleted or moved away. Raises UserError when it is the
    repository or project that cannot be seen."""
    reply = caller.ask("GET", f"/issues/{quote(ref.id, safe='')}", expects=NOWHERE | MOVED)
    if reply.status in MOVED or reply.status in NOWHERE:
        caller.ask("GET", "")
        return None
    return reply.read(kind)


def ensure(label: str, caller: Caller, *, colour: str, taken: int) -> None:
    """The label exists. Both drop labels in silence when the token may not set them, and an issue
    without it would be made again and again: so that is asked before. `taken` is the status that
    says it was there already."""
    if caller.ask("GET", f"/labels/{quote(label, safe='')}", expects=NOWHERE).status not in NOWHERE:
        return
    body = {"name": label, "color": colour, "description": "Vigie finds its issues by this"}
    # Another of us may have made it in between: whoever makes the issue looks again.
    made = caller.ask("POST", "/labels", body=body, expects=NOWHERE | {taken})
    if made.status in NOWHERE:
        caller.ask("GET", "")  # what holds the issues is there, so it is the token
        raise unlabelled(caller)


def gone(ref: TicketRef) -> TicketRef:
    """It is not there any more."""
    return TicketRef(ref.id, ref.url, TicketState.GONE)


def unlabelled(caller: Caller) -> UserError:
    """The issue was made without the label by which it is found."""
    return UserError(
        T("{system} does not let this token set labels in {where}",
          system=caller.label, where=caller.where),
        T("Give it the right to write; without the label the ticket would not be found again."),
    )  # fmt: skip
