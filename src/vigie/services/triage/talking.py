"""Talking: comments on findings, and who takes care of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from vigie.model.access import NotAllowed, Permission
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.failures import NotFound, Outdated
from vigie.services.platform import Caller, Platform
from vigie.services.recording import events
from vigie.services.triage.applying import hold
from vigie.services.triage.deciding import MOST
from vigie.stores.relational import deciding, findings, records
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.tables.findings import COMMENTS

_LONGEST = 10_000  # characters
_LONGEST_NAME = 200


def comment(platform: Platform, caller: Caller, finding_id: str, body: str) -> dict[str, Any]:
    """Say something about a finding; the comment's row. Raises NotAllowed, NotFound, UserError."""
    with platform.database.begin(caller.scope) as work:
        return add_comment(work, platform, caller, finding_id, body)


def add_comment(
    work: Work, platform: Platform, caller: Caller, finding_id: str, body: str
) -> dict[str, Any]:
    """The same, in a transaction of the caller's own."""
    caller.require(Permission.FINDINGS_COMMENT)
    text, at, number = _body(body), platform.clock(), new_id()
    principal = caller.principal
    _one(work, finding_id)
    row = {
        "id": number, "finding_id": finding_id, "author": principal.name,
        "author_id": principal.id, "body": text, "created_at": at,
    }  # fmt: skip
    work.insert(COMMENTS, [row])
    findings.add_history(work, [_history(caller, finding_id, "commented", number, at)])
    document = {"comment": number, "by": principal.name}
    events.emit(work, "finding.commented", ("finding", finding_id), document, at)
    work.audit(caller.entry("comment.create", "finding", finding_id, comment=number))
    return dict(records.get(work, COMMENTS, number) or {})


def edit_comment(
    platform: Platform, caller: Caller, comment_id: str, body: str, expected: int | None = None
) -> dict[str, Any]:
    """Say it otherwise; only who said it may. Raises NotAllowed, NotFound, Outdated, UserError."""
    caller.require(Permission.FINDINGS_COMMENT)
    text = _body(body)
    with platform.database.begin(caller.scope) as work:
        row = _own(work, caller, comment_id)
        try:
            values = {"body": text, "edited_at": platform.clock()}
            records.change(work, COMMENTS, comment_id, values, expected)
        except records.StaleError:
            raise _outdated() from None
        entry = caller.entry("comment.update", "finding", row["finding_id"], comment=comment_id)
        work.audit(entry)
        return dict(records.get(work, COMMENTS, comment_id) or {})


def remove_comment(
    platform: Platform, caller: Caller, comment_id: str, expected: int | None = None
) -> None:
    """Take it back; only who said it may. Raises NotAllowed, NotFound, Outdated."""
    caller.require(Permission.FINDINGS_COMMENT)
    with platform.database.begin(caller.scope) as work:
        row = _own(work, caller, comment_id)
        try:
            records.remove(work, COMMENTS, comment_id, expected)
        except records.StaleError:
            raise _outdated() from None
        entry = caller.entry("comment.delete", "finding", row["finding_id"], comment=comment_id)
        work.audit(entry)


def assign(
    platform: Platform,
    caller: Caller,
    finding_ids: Collection[str],
    assignee: str,
    *,
    expected: Mapping[str, int] | None = None,
) -> dict[str, list[str]]:
    """Say who takes care of these findings ("" for nobody), all or none. Those that changed, by
    who took care of them before: what takes it back.

    Raises NotAllowed, NotFound, Outdated and UserError.
    """
    caller.require(Permission.FINDINGS_TRIAGE)
    name, ids, at = assignee.strip(), set(finding_ids), platform.clock()
    if len(name) > _LONGEST_NAME or len(ids) > MOST:
        raise UserError(T("this is too long"))
    with platform.database.begin(caller.scope) as work:
        findings.hold_decisions(work, to_change=True)
        rows = deciding.of_ids(work, ids)
        if len(rows) != len(ids):
            raise NotFound(T("there is no such finding"), T("It may have become part of another."))
        rows = hold(work, rows)
        for row in rows:
            if expected is not None and expected.get(row.id, row.revision) != row.revision:
                raise _outdated()
        changed = [row for row in rows if row.assignee != name]
        findings.update(
            work,
            [{"id": r.id, "assignee": name, "revision": r.revision + 1} for r in changed],
        )
        deciding.touch_assets(work, {row.asset_id for row in changed})
        history = [
            _history(caller, row.id, "assigned", {"from": row.assignee, "to": name}, at)
            for row in changed
        ]
        findings.add_history(work, history)
        subject = ("finding", rows[0].id if len(rows) == 1 else "")
        told = {"count": len(changed), "assignee": name, "by": caller.principal.name,
                "findings": [row.id for row in changed[: events.MOST_NAMED]]}  # fmt: skip
        events.emit(work, "finding.assigned", subject, told, at)
        named = sorted(ids)[:100]
        work.audit(
            caller.entry("finding.assign", *subject, assignee=name, count=len(ids), findings=named)
        )
    before: dict[str, list[str]] = {}
    for row in changed:
        before.setdefault(row.assignee, []).append(row.id)
    return before


def _own(work: Work, caller: Caller, comment_id: str) -> Mapping[str, Any]:
    row = records.get(work, COMMENTS, comment_id)
    if row is None:
        raise NotFound(T("there is no such comment"))
    if row["author_id"] != caller.principal.id:
        raise NotAllowed(T("only who wrote a comment may change it"))
    return row


def _one(work: Work, finding_id: str) -> None:
    if not deciding.of_ids(work, [finding_id]):
        raise NotFound(T("there is no such finding"), T("It may have become part of another."))


def _body(body: str) -> str:
    # What PostgreSQL's text cannot hold: NUL, and a half of a surrogate pair.
    text = body.encode("utf-8", "replace").decode().replace("\0", "\ufffd").strip()
    if not text:
        raise UserError(T("a comment says something"))
    if len(text) > _LONGEST:
        raise UserError(T("a comment has at most {most} characters", most=_LONGEST))
    return text


def _outdated() -> Outdated:
    return Outdated(T("this was changed since you read it"), T("Read it again, then decide."))


def _history(caller: Caller, finding: str, what: str, told: Any, at: Any) -> dict[str, Any]:
    principal = caller.principal
    document = told if isinstance(told, dict) else {"comment": told}
    return {"finding_id": finding, "what": what, "actor": principal.name,
            "actor_id": principal.id, "document": document, "run_id": None, "at": at}  # fmt: skip
