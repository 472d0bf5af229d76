"""Deciding: the status that people give findings, and taking that back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from vigie.model.access import Permission
from vigie.model.errors import UserError
from vigie.model.findings import Status
from vigie.model.text import T
from vigie.services.failures import NotFound, Outdated, TooLarge
from vigie.services.platform import Caller, Platform
from vigie.services.recording import events
from vigie.services.recording.suppressing import VEX
from vigie.services.triage.applying import Applied, apply, hold, subject_of
from vigie.stores.relational import deciding, findings
from vigie.stores.relational.bulk import insert_all
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.tables.findings import SUPPRESSIONS

MOST = 20_000  # findings in one decision
_LONGEST = 4000  # characters of a reason
_NAMED = 100  # findings that an audit entry names; its count is exact
Scope = Literal["asset", "component", "tenant"]
_SCOPES: tuple[Scope, ...] = ("asset", "component", "tenant")
# OpenVEX 0.2.0, "Status Justifications".
JUSTIFICATIONS = ("component_not_present", "vulnerable_code_not_present",
                  "vulnerable_code_not_in_execute_path",
                  "vulnerable_code_cannot_be_controlled_by_adversary",
                  "inline_mitigations_already_exist")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decides. `scope` "asset": these findings, whatever tag and scan; "component":
    their rule in their package, wherever that is; "tenant": their rule everywhere.

    `justification` is OpenVEX's and goes with not_affected. A risk that is accepted is
    `SUPPRESSED` with a reason. `owner` is who answers for it, the caller when "".
    """

    status: Status
    reason: str = ""
    justification: str = ""
    scope: Scope = "asset"
    owner: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions made (their ids, for taking them back), how many findings were meant and
    how many have another status now."""

    suppressions: tuple[str, ...]
    findings: int
    changed: int


def decide(
    platform: Platform,
    caller: Caller,
    finding_ids: Collection[str],
    verdict: Verdict,
    *,
    expected: Mapping[str, int] | None = None,
) -> Decided:
    """Decide about these findings, all or none.

    `expected` are the revisions that the caller saw, by id. Raises NotAllowed, NotFound when one
    is not there (or another tenant's), Outdated when one was changed since, UserError for a
    verdict that lacks something.
    """
    caller.require(Permission.FINDINGS_TRIAGE)
    if verdict.scope != "asset":
        caller.require(Permission.SUPPRESSIONS_WRITE)
    at = platform.clock()
    _check(verdict, at)
    ids = _wanted(finding_ids)
    wanted = set(ids)
    with platform.database.begin(caller.scope) as work:
        findings.hold_decisions(work, to_change=True)
        meant = hold(work, _meant(work, _rows(work, ids), verdict))
        rows = [row for row in meant if row.id in wanted]
        _check_revisions(rows, expected)
        made = _suppressions(rows, verdict, caller, at)
        insert_all(work, SUPPRESSIONS, made)
        applied = apply(
            work, caller, meant, at, what="triaged", told=_told(verdict),
            everywhere=verdict.scope != "asset",
        )  # fmt: skip
        _tell(work, caller, "finding.triage", applied, ids, verdict, at)
    return Decided(tuple(row["id"] for row in made), len(meant), len(applied.changed))


def of_people(work: Work, caller: Caller, ids: Collection[str]) -> list[Any]:
    """The decisions of these ids that people made and the caller may change. Raises NotAllowed,
    and NotFound when one is not there or came with a VEX document."""
    made = deciding.decisions(work, ids)
    if len(made) != len(ids) or any(row.source == VEX for row in made):
        raise NotFound(T("there is no such decision"), T("It may have been removed."))
    if any(row.scope != "asset" for row in made):
        caller.require(Permission.SUPPRESSIONS_WRITE)
    return made


def revoke(
    platform: Platform,
    caller: Caller,
    suppression_ids: Collection[str],
    *,
    expected: Mapping[str, int] | None = None,
) -> Decided:
    """Take decisions back, all or none: their findings have the status that they would have
    without. Raises NotAllowed, NotFound and Outdated as `decide` does."""
    caller.require(Permission.FINDINGS_TRIAGE)
    at, ids = platform.clock(), _wanted(suppression_ids)
    with platform.database.begin(caller.scope) as work:
        findings.hold_decisions(work, to_change=True)
        made = of_people(work, caller, ids)
        _check_revisions(made, expected)
        open_ones = [row for row in made if row.revoked_at is None]
        applied = end(work, caller, open_ones, at, what="revoked")
        document, worst = events.grouped(applied.changed)
        told = {**document, "suppressions": ids[:_NAMED], "by": caller.principal.name}
        subject = ("suppression", ids[0] if len(ids) == 1 else "")
        events.emit(work, "finding.revoked", subject, told, at, severity=worst)
        detail = {"suppressions": sorted(ids)[:_NAMED], "count": len(ids)}
        work.audit(caller.entry("suppression.revoke", "suppression", "", **detail))
    return Decided(tuple(sorted(ids)), len(applied.changed), len(applied.changed))


def end(work: Work, caller: Caller, rows: Sequence[Any], at: datetime, *, what: str) -> Applied:
    """These decisions hold no longer. Decisions must be held."""
    if not rows:
        return Applied()
    table = SUPPRESSIONS
    for row in rows:
        work.run(
            sa.update(table)
            .where(work.mine(table), table.c.id == row.id)
            .values(revoked_at=at, revision=row.revision + 1)
        )
    meant = hold(work, _decided_by(work, rows))
    told = {"suppressions": [row.id for row in rows[:_NAMED]]}
    return apply(work, caller, meant, at, what=what, told=told)


def _decided_by(work: Work, decisions: Sequence[Any]) -> list[Any]:
    """The findings that these decisions decide."""
    ids = {row.id for row in decisions}
    return [row for row in spoken_of(work, decisions) if row.suppression_id in ids]


def spoken_of(work: Work, decisions: Sequence[Any]) -> list[Any]:
    """The findings that these decisions may be about, whatever decides them now."""
    found: dict[str, Any] = {}
    by_asset: dict[str, list[str]] = {}
    for row in decisions:
        if row.fingerprint:
            by_asset.setdefault(row.asset_id, []).append(row.fingerprint)
    for asset, names in by_asset.items():
        found |= {row.id: row for row in deciding.of_fingerprints(work, asset, names)}
    rules = {row.rule for row in decisions if not row.fingerprint}
    if rules:
        found |= {row.id: row for row in deciding.of_rules(work, rules)}
    return list(found.values())


def _wanted(ids: Collection[str]) -> list[str]:
    wanted = sorted(set(ids))
    if len(wanted) > MOST:
        raise TooLarge(
            T("no more than {most} findings can be decided at once", most=MOST),
            T("Choose fewer, or decide for the component or the whole tenant."),
        )
    return wanted


def _rows(work: Work, ids: Sequence[str]) -> list[Any]:
    rows = deciding.of_ids(work, ids)
    if len(rows) != len(ids):
        raise NotFound(T("there is no such finding"), T("It may have become part of another."))
    return rows


def _check_revisions(rows: Sequence[Any], expected: Mapping[str, int] | None) -> None:
    for row in rows:
        if expected is not None and expected.get(row.id, row.revision) != row.revision:
            raise Outdated(
                T("this was changed since you read it"), T("Read it again, then decide.")
            )


def _check(verdict: Verdict, at: datetime) -> None:
    """Raises UserError for a verdict that nobody could stand by later."""
    if verdict.scope not in _SCOPES:
        raise UserError(T("there is no scope {scope}", scope=str(verdict.scope)[:100]),
                        T("Choose from: {names}", names=_SCOPES))  # fmt: skip
    if verdict.status is Status.FIXED:
        raise UserError(
            T("a finding is fixed when a complete run no longer sees it"),
            T("Scan again; or set it aside with a reason."),
        )
    if verdict.justification and verdict.status is not Status.NOT_AFFECTED:
        raise UserError(T("a justification says why something is not affected"))
    if verdict.justification and verdict.justification not in JUSTIFICATIONS:
        raise UserError(
            T("there is no justification {name}", name=verdict.justification[:100]),
            T("Choose from: {names}", names=JUSTIFICATIONS),
        )
    said = verdict.reason.strip() or verdict.justification
    if not verdict.status.counts and not said:
        raise UserError(
            T("this takes a reason"), T("Say in a few words why, for whoever asks later.")
        )
    if len(verdict.reason) > _LONGEST:
        raise UserError(T("a reason has at most {most} characters", most=_LONGEST))
    if verdict.expires_at is not None and verdict.expires_at <= at:
        raise UserError(T("it would have expired already"), T("Give a later day."))


def _suppressions(
    rows: Sequence[Any], verdict: Verdict, caller: Caller, at: datetime
) -> list[dict[str, Any]]:
    """One decision for each finding, or for each rule (and package) of theirs."""
    made: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        subject = subject_of(row, {})
        component = subject.component if verdict.scope == "component" else ""
        if verdict.scope == "component" and not component:
            raise UserError(
                T("{rule} is about no component", rule=row.rule),
                T("Decide for this asset, or for the whole tenant."),
            )
        exact = (row.asset_id, row.fingerprint) if verdict.scope == "asset" else (None, "")
        key = (str(exact[0]), exact[1], row.kind, row.rule, component)
        made[key] = {
            "id": new_id(), "scope": verdict.scope, "asset_id": exact[0], "component": component,
            "kind": row.kind, "rule": row.rule, "fingerprint": exact[1],
            "status": verdict.status.value, "justification": verdict.justification,
            "reason": verdict.reason.strip(), "source": "person",
            "owner": verdict.owner or caller.principal.name, "owner_id": caller.principal.id,
            "created_at": at, "expires_at": verdict.expires_at,
        }  # fmt: skip
    return list(made.values())


def _meant(work: Work, rows: Sequence[Any], verdict: Verdict) -> list[Any]:
    """These findings, and all others of the tenant that the decision may hold for."""
    if verdict.scope == "asset":
        return list(rows)
    found = deciding.of_rules(work, {row.rule for row in rows})
    if verdict.scope == "component":
        named = {subject_of(row, {}).component for row in rows}
        found = [row for row in found if subject_of(row, {}).component in named]
    return list({row.id: row for row in (*rows, *found)}.values())


def _told(verdict: Verdict) -> dict[str, Any]:
    expires = verdict.expires_at.isoformat() if verdict.expires_at is not None else None
    return {"decision": verdict.status.value, "scope": verdict.scope, "reason": verdict.reason,
            "justification": verdict.justification or None, "expires": expires}  # fmt: skip


def _tell(
    work: Work, caller: Caller, action: str, applied: Applied, ids: Sequence[str],
    verdict: Verdict, at: datetime,
) -> None:  # fmt: skip
    subject = ("finding", ids[0] if len(ids) == 1 else "")
    document, worst = events.grouped(applied.changed)
    told = {**document, **_told(verdict), "by": caller.principal.name}
    events.emit(work, "finding.triaged", subject, told, at, severity=worst)
    detail = {**_told(verdict), "count": len(ids), "findings": list(ids[:_NAMED]),
              "changed": len(applied.changed)}  # fmt: skip
    work.audit(caller.entry(action, *subject, **detail))
