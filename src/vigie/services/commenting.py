"""Comments: what people write about a finding. Each changes only their own."""

from __future__ import annotations

from typing import Any

from vigie.model.access import NotAllowed
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.failures import NotFound, Outdated
from vigie.services.platform import Caller, Platform
from vigie.services.reading import findings
from vigie.stores.relational import records
from vigie.stores.relational.database import Work
from vigie.stores.relational.findings import add_history
from vigie.stores.relational.tables.findings import COMMENTS

LONGEST = 10_000  # characters


def comments(platform: Platform, caller: Caller, finding_id: str) -> list[dict[str, Any]]:
    """What people wrote, oldest first. Raises NotFound for a finding that is not there."""
    with platform.database.read(caller.scope) as work:
        findings.find(work, finding_id)
        return findings.comments(work, finding_id)


def add(
    work: Work, platform: Platform, caller: Caller, finding_id: str, body: str
) -> dict[str, Any]:
    """A new comment; the history and the audit log tell of it."""
    findings.find(work, finding_id)
    now = platform.clock()
    values = {
        "finding_id": finding_id, "author": caller.principal.name,
        "author_id": caller.principal.id, "body": _checked(body), "created_at": now,
    }  # fmt: skip
    comment = records.add(work, COMMENTS, values)
    told = {"finding_id": finding_id, "what": "commented", "actor": caller.principal.name,
            "actor_id": caller.principal.id, "document": {"comment": comment}, "run_id": None,
            "at": now}  # fmt: skip
    add_history(work, [told])
    work.audit(caller.entry("finding.comment", "finding", finding_id, comment=comment))
    return _find(work, (finding_id, comment))


def change(
    platform: Platform, caller: Caller, which: tuple[str, str], body: str, expected: int | None
) -> dict[str, Any]:
    """Another text. `which` is the finding's id and the comment's. Raises NotFound, NotAllowed
    for somebody else's, and Outdated."""
    with platform.database.begin(caller.scope) as work:
        _own(work, caller, which)
        values = {"body": _checked(body), "edited_at": platform.clock()}
        try:
            records.change(work, COMMENTS, which[1], values, expected)
        except records.StaleError:
            raise _outdated() from None
        work.audit(caller.entry("comment.change", "finding", which[0], comment=which[1]))
        return _find(work, which)


def remove(
    platform: Platform, caller: Caller, which: tuple[str, str], expected: int | None
) -> None:
    """Take it away. Raises as `change` does."""
    with platform.database.begin(caller.scope) as work:
        _own(work, caller, which)
        try:
            records.remove(work, COMMENTS, which[1], expected)
        except records.StaleError:
            raise _outdated() from None
        work.audit(caller.entry("comment.remove", "finding", which[0], comment=which[1]))


def _find(work: Work, which: tuple[str, str]) -> dict[str, Any]:
    finding_id, comment_id = which
    findings.find(work, finding_id)
    row = records.get(work, COMMENTS, comment_id)
    if row is None or row["finding_id"] != finding_id:
        raise NotFound(T("there is no comment {id}", id=comment_id[:100]))
    return {key: value for key, value in row.items() if key != "tenant_id"}


def _own(work: Work, caller: Caller, which: tuple[str, str]) -> None:
    if _find(work, which)["author_id"] != caller.principal.id:
        raise NotAllowed(
            T("this comment is somebody else's"), T("Write one of your own beneath it.")
        )


def _checked(body: str) -> str:
    # PostgreSQL's text holds no NUL; a half of a surrogate pair is no text at all.
    clean = body.encode("utf-8", "replace").decode().replace("\0", "\ufffd").strip()
    if not clean or len(clean) > LONGEST:
        raise UserError(T("a comment has 1 to {most} characters", most=LONGEST))
    return clean


def _outdated() -> Outdated:
    return Outdated(
        T("this {noun} has been changed since you read it", noun=T("comment")),
        T("Read it again, then change it with its new ETag."),
    )
