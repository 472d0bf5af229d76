"""The upgrade plan of an asset, from what the store knows of it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.findings import Finding
from vigie.model.observations import Kind, Observation
from vigie.model.plain import plain_reader
from vigie.model.results import Counts, Remainder, Step
from vigie.model.text import T, Words
from vigie.services.platform import Caller, Platform
from vigie.services.reading.assets import find
from vigie.services.reading.stored import finding_of
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.findings import FINDINGS, OBSERVATIONS, RULES
from vigie.triage.plan import plan

MOST = 20_000  # findings of one plan
_read = plain_reader(Observation)


def plan_of(platform: Platform, caller: Caller, asset_id: str) -> dict[str, Any]:
    """Upgrades, the most useful first, what each clears, and why the rest stays.

    Raises NotFound for an asset that is not the tenant's.
    """
    with platform.database.read(caller.scope) as work:
        asset = find(work, asset_id)
        findings = _findings(work, asset_id)
    ids = {finding.fingerprint: row for row, finding in findings.items()}
    made = plan(list(findings.values()))
    say = platform.words(caller.language)
    return {
        "asset_id": asset_id,
        "asset": asset["name"],
        "steps": [_step(one, ids, say) for one in made.steps],
        "remains": [_remainder(one, ids, say) for one in made.remains],
        "before": _counts(made.outlook.before) if made.outlook else None,
        "after": _counts(made.outlook.after) if made.outlook else None,
    }


def _findings(work: Work, asset_id: str) -> dict[str, Finding]:
    """The vulnerabilities that count, with their evidence, by their id."""
    query = (
        sa.select(
            FINDINGS.c.id, FINDINGS.c.status, FINDINGS.c.first_seen, FINDINGS.c.last_seen,
            FINDINGS.c.document, RULES.c.document.label("rule"),
        )
        .join(RULES, sa.and_(RULES.c.id == FINDINGS.c.rule_id, work.mine(RULES)))
        .where(
            work.mine(FINDINGS), FINDINGS.c.asset_id == asset_id, FINDINGS.c.counts.is_(True),
            FINDINGS.c.kind == Kind.VULNERABILITY.value,
        )
        .order_by(FINDINGS.c.id)
        .limit(MOST + 1)
    )  # fmt: skip
    rows = work.run(query).mappings().all()
    if len(rows) > MOST:
        raise UserError(
            T("this asset has more than {most} findings: too many for one plan", most=MOST),
            T("Set aside what is no work, or split the asset."),
        )
    said = _observations(work, asset_id)
    found = {}
    for row in rows:
        finding = finding_of(dict(row), {"document": row["rule"]})
        evidence = [said[join.record] for join in finding.joins if join.record in said]
        found[row["id"]] = replace(finding, evidence=tuple(evidence))
    return found


def _observations(work: Work, asset_id: str) -> dict[str, Observation]:
    table = OBSERVATIONS
    query = sa.select(table.c.digest, table.c.document).where(
        work.mine(table), table.c.asset_id == asset_id, table.c.finding_id.is_not(None)
    )
    return {row.digest: _read(row.document) for row in work.run(query)}


def _step(step: Step, ids: Mapping[str, str], say: Words) -> dict[str, Any]:
    return {
        "action": say(step.action) if step.action is not None else "",
        "component": {"type": step.component.type, "name": step.component.name,
                      "version": step.component.version},
        "version": step.version,
        "jump": step.jump,
        "moves": [{"from": m.installed, "to": m.version, "paths": list(m.paths)}
                  for m in step.moves],
        "packages": list(step.packages),
        "clears": [ids[name] for name in step.clears if name in ids],
        "stays": [_remainder(one, ids, say) for one in step.stays],
        "choices": [{"version": c.version, "jump": c.jump, "clears": c.clears}
                    for c in step.choices],
        "still_known": list(step.still_known),
        "source": step.source,
    }  # fmt: skip


def _remainder(one: Remainder, ids: Mapping[str, str], say: Words) -> dict[str, Any]:
    return {"finding_id": ids.get(one.finding, ""), "code": one.code, "reason": say(one.reason),
            "version": one.version}  # fmt: skip


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "total": counts.total,
        "by_severity": {key.value: number for key, number in counts.by_severity.items()},
        "by_decision": {key.value: number for key, number in counts.by_decision.items()},
    }
