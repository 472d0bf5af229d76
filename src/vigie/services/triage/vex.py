"""VEX: statements of others kept as decisions, and the tenant's own decisions given out.

A statement holds for the products that it names, wherever they are and whatever comes later,
until it is revoked or its author says otherwise. Its findings are concluded anew, for what
several statements about several packages amount to is triage's to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from vigie.model.access import Permission
from vigie.model.errors import UserError
from vigie.model.findings import Status
from vigie.model.observations import Claim, Kind, Observation, Stance
from vigie.model.text import T
from vigie.ports.outlets import View
from vigie.services.at_hand import judging
from vigie.services.failures import NotFound
from vigie.services.intake import Reading
from vigie.services.platform import Caller, Platform
from vigie.services.recording import events
from vigie.services.recording.record import judge_anew
from vigie.services.recording.suppressing import VEX, products_text
from vigie.services.stored_results import Wanted, stored_result
from vigie.stores.relational import deciding, findings
from vigie.stores.relational.bulk import insert_all, update_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.tables.findings import FINDINGS, SUPPRESSIONS
from vigie.triage.claims import is_statement
from vigie.triage.identifiers import names_of, preference

MOST = 50_000  # statements of one document
_LONGEST = 4000
_STATUS = {
    Stance.AFFECTED: Status.OPEN,
    Stance.UNDER_INVESTIGATION: Status.UNDER_INVESTIGATION,
    Stance.NOT_AFFECTED: Status.NOT_AFFECTED,
    Stance.FIXED: Status.FIXED,
    Stance.SUPPRESSED: Status.SUPPRESSED,
}
_SAME = ("status", "justification", "reason")


@dataclass(frozen=True, slots=True)
class VexImported:
    """How many statements are new, took the place of older ones, and were known; how many
    assets were judged anew."""

    new: int = 0
    replaced: int = 0
    known: int = 0
    assets: int = 0


def is_vex(readings: Sequence[Reading]) -> bool:
    """True when they hold nothing but statements about other things' findings."""
    said = (o for r in readings if r.report is not None for o in r.report.observations)
    first = next(said, None)
    return first is not None and is_statement(first) and all(map(is_statement, said))


def import_statements(
    platform: Platform, caller: Caller, readings: Sequence[Reading], *, import_id: str = ""
) -> VexImported:
    """Keep the statements and judge anew what they may be about.

    Doing it again changes nothing, so one that was cut off is simply done again. Raises
    NotAllowed, and UserError when there is no statement or too many.
    """
    caller.require(Permission.SUPPRESSIONS_WRITE)
    said = [
        o for r in readings if r.report is not None for o in r.report.observations
        if is_statement(o)
    ]  # fmt: skip
    if not said:
        raise UserError(T("this holds no VEX statement"))
    if len(said) > MOST:
        raise UserError(T("this holds more than {most} VEX statements", most=MOST))
    rows = {(row["rule"], row["component"], row["owner"]): row
            for row in _rows(said, caller, platform.clock())}  # fmt: skip
    with platform.database.begin(caller.scope) as work:
        findings.hold_decisions(work, to_change=True)
        imported = _keep(work, rows, platform.clock())
        if imported.new or imported.replaced:
            told = {"new": imported.new, "replaced": imported.replaced, "import": import_id}
            events.emit(work, "vex.imported", ("import", import_id), told, platform.clock())
            work.audit(caller.entry("suppression.import", "import", import_id, **told))
    names = {name for o in said for name in names_of(o.rule)}
    judged = _judge(platform, caller, names)
    return VexImported(imported.new, imported.replaced, imported.known, judged)


def revoke_statements(platform: Platform, caller: Caller, ids: Collection[str]) -> int:
    """Take statements back and judge anew what they were about; how many assets. Raises
    NotAllowed and NotFound."""
    caller.require(Permission.SUPPRESSIONS_WRITE)
    at = platform.clock()
    with platform.database.begin(caller.scope) as work:
        findings.hold_decisions(work, to_change=True)
        rows = deciding.decisions(work, set(ids))
        if len(rows) != len(set(ids)) or any(row.source != VEX for row in rows):
            raise NotFound(T("there is no such decision"), T("It may have been removed."))
        _end(work, [row.id for row in rows if row.revoked_at is None], at)
        events.emit(work, "vex.revoked", ("suppression", ""), {"count": len(rows)}, at)
        named = sorted(row.id for row in rows)[:100]
        work.audit(
            caller.entry("suppression.revoke", "suppression", "", count=len(rows),
                         suppressions=named)
        )  # fmt: skip
    return _judge(platform, caller, {row.rule for row in rows})


def export(platform: Platform, caller: Caller, view: View) -> Iterator[bytes]:
    """Everything that was decided about the tenant's vulnerabilities, as OpenVEX 0.2.0."""
    caller.require(Permission.SUPPRESSIONS_READ)
    decided = sa.or_(FINDINGS.c.status != Status.OPEN.value, FINDINGS.c.suppression_id.is_not(None))
    which = (FINDINGS.c.kind == Kind.VULNERABILITY.value, decided)
    with platform.database.read(caller.scope) as work:
        result = stored_result(
            work,
            Wanted(conditions=which, evidence=False, components=False),
            target="",
            at=platform.clock(),
        )
    for part in platform.plugs.outlets["openvex"].render(result, view):
        yield from part.chunks


def _rows(said: Iterable[Observation], caller: Caller, at: datetime) -> Iterator[dict[str, Any]]:
    """Oldest first, so that of two about the same the newest is kept."""
    dated = sorted(
        ((_moment(o.claim, at), n, o, o.claim) for n, o in enumerate(said) if o.claim is not None),
        key=lambda entry: entry[:2],
    )
    for when, _, observation, claim in dated:
        yield {
            "id": new_id(),
            "scope": "tenant",
            "asset_id": None,
            "component": products_text(claim.products, claim.subcomponents),
            "kind": Kind.VULNERABILITY.value,
            "rule": min(names_of(observation.rule), key=preference),
            "fingerprint": "",
            "status": _STATUS[claim.stance].value,
            "justification": claim.justification,
            "reason": (claim.statement or observation.message)[:_LONGEST],
            "source": VEX,
            "owner": claim.author,
            "owner_id": caller.principal.id,
            "created_at": when,
            "expires_at": None,
        }


def _moment(claim: Claim | None, at: datetime) -> datetime:
    """When it was said; no later than now, whatever the document says."""
    try:
        said = datetime.fromisoformat(claim.timestamp if claim is not None else "")
    except ValueError:
        return at
    return min(at, said if said.tzinfo else said.replace(tzinfo=UTC))


def _keep(
    work: Work, rows: dict[tuple[str, str, str], dict[str, Any]], at: datetime
) -> VexImported:
    """Add what is new; what the same author said before of the same products ends."""
    there = {
        (row.rule, row.component, row.owner): row
        for row in findings.suppressions(work, at)
        if row.source == VEX
    }
    added, ended, known = [], [], 0
    for key, row in rows.items():
        old = there.get(key)
        if old is not None and (
            all(getattr(old, name) == row[name] for name in _SAME)
            or old.created_at > row["created_at"]
        ):
            known += 1
            continue
        if old is not None:
            ended.append(old.id)
        added.append(row)
    _end(work, ended, at)
    insert_all(work, SUPPRESSIONS, added)
    return VexImported(len(added) - len(ended), len(ended), known)


def _end(work: Work, ids: Sequence[str], at: datetime) -> None:
    values = {"revoked_at": at, "revision": SUPPRESSIONS.c.revision + 1}
    update_where(work, SUPPRESSIONS, "id", ids, values)


def _judge(platform: Platform, caller: Caller, names: Collection[str]) -> int:
    with platform.database.read(caller.scope) as work:
        assets = deciding.assets_of_rules(work, names)
    with judging(platform, caller) as options:
        for asset in assets:
            judge_anew(platform, caller, asset, options)
    return len(assets)
