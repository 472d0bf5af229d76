"""Triage: what people decide about findings, one at a time or many at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.revisions import Expected, answer
from vigie.faces.server.shapes.findings import FindingDetail
from vigie.faces.server.shapes.triage import MOST, BulkTriage, FindingChange, Triaged, Verdict
from vigie.model.access import Permission
from vigie.model.errors import UserError
from vigie.model.queries import Query
from vigie.model.text import T
from vigie.services import triage
from vigie.services.filters import filters_of
from vigie.services.platform import Caller, Platform
from vigie.services.reading import findings

ROUTER = APIRouter(tags=["findings"])
Deciding = Annotated[Caller, needs(Permission.FINDINGS_TRIAGE)]


@ROUTER.patch("/findings/{finding_id}", response_model=FindingDetail)
def change_finding(
    finding_id: str,
    body: FindingChange,
    platform: ThePlatform,
    caller: Deciding,
    expected: Expected,
) -> Response:
    """Decide about one finding: its status with a reason, how far that goes and how long, and
    who takes care of it."""
    seen = findings.one(platform, caller, finding_id)
    revisions = None if expected is None else {finding_id: expected}
    _carry_out(platform, caller, [finding_id], body, revisions)
    found = findings.one(platform, caller, seen["id"])
    return answer(found, found["revision"])


@ROUTER.post("/findings/triage", response_model=Triaged)
def triage_findings(body: BulkTriage, platform: ThePlatform, caller: Deciding) -> Response:
    """Decide about many findings at once: all of them or none. `dry_run` first says how many
    are meant; the answer holds what takes it back."""
    ids = _meant(platform, caller, body)
    if body.dry_run:
        return answer({"findings": len(ids), "changed": 0, "suppressions": [], "dry_run": True})
    told = _carry_out(platform, caller, ids, body, None)
    return answer({**told, "dry_run": False})


def _meant(platform: Platform, caller: Caller, body: BulkTriage) -> list[str]:
    if (body.findings is None) == (body.filters is None and not body.q):
        raise UserError(
            T("say which findings: by their ids, or by filters"),
            T("Give `findings`, or `filters` and `q` as the list has them."),
        )
    if body.findings is not None:
        return list(dict.fromkeys(body.findings))
    query = Query(filters_of((body.filters or {}).items()), body.q)
    return findings.ids_of(platform, caller, query, MOST)


def _carry_out(
    platform: Platform,
    caller: Caller,
    ids: list[str],
    body: Verdict,
    revisions: dict[str, int] | None,
) -> dict[str, Any]:
    if body.status is None and body.assignee is None:
        raise UserError(
            T("nothing is decided"), T("Give a status with its reason, or an assignee.")
        )
    told: dict[str, Any] = {"findings": len(ids), "changed": 0, "suppressions": []}
    if not ids:
        return told
    if body.status is not None:
        verdict = triage.Verdict(
            body.status, body.reason, body.justification, body.scope, body.owner,
            _moment(body.expires_at),
        )  # fmt: skip
        decided = triage.decide(platform, caller, ids, verdict, expected=revisions)
        told["changed"] = decided.changed
        told["suppressions"] = list(decided.suppressions)
        revisions = None
    if body.assignee is not None:
        before = triage.assign(platform, caller, ids, body.assignee, expected=revisions)
        told["changed"] = max(told["changed"], sum(map(len, before.values())))
        told["assigned_before"] = [
            {"assignee": name, "findings": named} for name, named in before.items()
        ]
    return told


def _moment(given: datetime | None) -> datetime | None:
    if given is None or given.tzinfo is not None:
        return given
    return given.replace(tzinfo=UTC)
