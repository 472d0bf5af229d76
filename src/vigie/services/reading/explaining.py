"""Why a finding is there: what `vigie explain` tells of a result, told of a stored finding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vigie.model.findings import Finding
from vigie.model.observations import Location
from vigie.model.results import Result
from vigie.model.text import T, Words
from vigie.services.platform import Caller, Platform
from vigie.services.reading.findings import find
from vigie.services.reading.stored import evidence_of, finding_of, runs_of, with_evidence
from vigie.stores.relational import records
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.findings import RULES
from vigie.triage.explain import Evidence, explain

_MOST_PLACES = 5


def explanation(platform: Platform, caller: Caller, finding_id: str) -> dict[str, Any]:
    """Every observation behind it, why they were joined, whose severity and fix won, and who
    did not say it; sentences in the caller's language. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        row = find(work, finding_id)
        rule = records.get(work, RULES, row["rule_id"]) or {}
        asset = records.get(work, ASSETS, row["asset_id"]) or {}
        said = evidence_of(work, row)
        runs = runs_of(work, (one.row["run_id"] for one in said))
    numbers = {run: number for number, run in enumerate(runs)}
    finding = with_evidence(finding_of(row, rule), said, numbers)
    result = Result(asset.get("name", ""), "", runs=tuple(runs.values()))
    # People know the asset by its name, not by what it is recognised by.
    told = explain(result, replace(finding, asset=result.target))
    say = platform.words(caller.language)
    return {
        "finding_id": finding_id,
        "rule": finding.rule.id,
        "identity": say(told.identity),
        "severity": say(told.severity),
        "fix": say(told.fix),
        **_decided(finding, say),
        "evidence": [_evidence(one, say) for one in told.evidence],
        "absences": [
            {"tool": one.tool, "could_know": one.could_know, "reason": say(one.reason)}
            for one in finding.agreement.absences
        ],
        "complete": result.complete,
        "language": say.lang,
    }


def _decided(finding: Finding, say: Words) -> dict[str, Any]:
    priority = finding.priority
    if priority is None:
        return {"decision": None, "reasons": []}
    words = T(
        "decision: {decision}, score {score} ({low} to {high})",
        decision=T(priority.decision.value), score=round(priority.score),
        low=round(priority.low), high=round(priority.high),
    )  # fmt: skip
    reasons = [{"code": one.code, "text": say(one.text)} for one in priority.reasons]
    return {"decision": say(words), "reasons": reasons}


def _evidence(one: Evidence, say: Words) -> dict[str, Any]:
    observation, run = one.observation, one.run
    component = observation.component
    return {
        "tool": observation.tool,
        "version": run.version if run is not None else "",
        "file": run.file if run is not None else "",
        "record": one.record,
        "rule": observation.rule.id,
        "subject": f"{component.name} {component.version}".strip() if component else "",
        "why": say(one.reason),
        "severity_said": observation.severity_said or say(T("unknown")),
        "fix_state": observation.fix.state.value,
        "fix_versions": list(observation.fix.versions),
        "places": [_place(location) for location in observation.locations[:_MOST_PLACES]],
    }


def _place(location: Location) -> str:
    line = f":{location.start_line}" if location.start_line is not None else ""
    return f"{location.path or location.url or location.resource}{line}"
