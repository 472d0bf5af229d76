"""Applying: bring findings in line with the decisions that hold now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.model.findings import Status
from vigie.services.platform import Caller
from vigie.services.recording.suppressing import VEX, Subject, Suppressions
from vigie.stores.relational import assets, deciding, findings
from vigie.stores.relational.database import Work


@dataclass(frozen=True, slots=True)
class Applied:
    """Findings whose status is another now (rows as events want them; `before` is the decision
    that held until then), and the assets."""

    changed: tuple[Mapping[str, Any], ...] = ()
    assets: tuple[str, ...] = ()


def hold(work: Work, rows: Iterable[Any]) -> list[Any]:
    """Keep imports from writing to the assets of these findings, and read them again."""
    ids = {row.id for row in rows}
    assets.lock(work, {row.asset_id for row in rows})
    return sorted(deciding.of_ids(work, ids), key=lambda row: row.id)


def apply(
    work: Work,
    caller: Caller,
    rows: Sequence[Any],
    at: datetime,
    *,
    what: str,
    told: Mapping[str, Any],
    everywhere: bool = False,
) -> Applied:
    """Give each of these findings, which are held, the status that the decisions give it.

    The history of each says `what` and `told`; also where the status stays, unless the decision
    was not made at these findings but holds `everywhere`.
    """
    ids = [row.id for row in rows]
    made = findings.suppressions(work, at)
    decisions, statements = Suppressions(made), {row.id for row in made if row.source == VEX}
    names = deciding.identities(work, ids)
    holding = {row.id: decisions.deciding(subject_of(row, names)) for row in rows}
    free = [row.id for row in rows if holding[row.id] is None]
    believed = deciding.documents(work, free)
    updates, changed, history = [], [], []
    for row in rows:
        decision = holding[row.id]
        status = Status(decision.status if decision is not None else believed[row.id]["status"])
        stated = row.suppression_id if row.suppression_id in statements else None
        own = decision.id if decision is not None else stated
        if row.closed_at is not None:
            status = Status(row.status)  # what is fixed is fixed; it holds when it comes back
        same = status.value == row.status
        if not same or own != row.suppression_id:
            updates.append(
                {"id": row.id, "status": status.value, "counts": _counts(row, status),
                 "suppression_id": own, "revision": row.revision + 1}
            )  # fmt: skip
        if not same:
            changed.append(_told(row, status))
        if not same or not everywhere:
            moved = {} if same else {"status": {"from": row.status, "to": status.value}}
            history.append(_history(caller, row.id, what, {**told, **moved}, at))
    findings.update(work, updates)
    findings.add_history(work, history)
    touched = sorted({row.asset_id for row in rows})
    deciding.touch_assets(work, touched)
    findings.count_anew(work, touched)
    return Applied(tuple(changed), tuple(touched))


def subject_of(row: Any, names: Mapping[str, frozenset[str]]) -> Subject:
    """A stored finding as decisions are held against it."""
    return Subject(
        row.asset_id,
        row.kind,
        frozenset(name.upper() for name in (row.rule, *(row.aliases or ()))),
        f"{row.package_type}:{row.package}" if row.package else "",
        names.get(row.id, frozenset()) | {row.fingerprint},
    )


def _counts(row: Any, status: Status) -> bool:
    return status.counts and row.closed_at is None


def _told(row: Any, status: Status) -> dict[str, Any]:
    return {"id": row.id, "kind": row.kind, "severity": row.severity, "decision": row.decision,
            "score": row.score, "status": status.value, "before": row.suppression_id}  # fmt: skip


def _history(
    caller: Caller, finding: str, what: str, document: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    principal = caller.principal
    return {
        "finding_id": finding, "what": what, "actor": principal.name,
        "actor_id": principal.id, "document": dict(document), "run_id": None, "at": at,
    }  # fmt: skip
