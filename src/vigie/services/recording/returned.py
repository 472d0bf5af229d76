"""Returned: a result that CI made and pushed, turned back into what its runs told.

So that a push and an upload of the same reports are taken in by the same way. What a result
does not keep of a report is not needed here: passed checks (each run counts them) and hashes of
secrets' values (`sealing`). What was set aside where the result was made (a VEX document, a
suppression file) goes on holding as what the tools themselves say of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vigie.model.findings import Finding, Status
from vigie.model.observations import Claim, Kind, Location, Observation, Rule, Stance, Verdict
from vigie.model.results import InventoryItem, Result
from vigie.model.runs import Run
from vigie.ports.reports import Report
from vigie.services.intake import Reading
from vigie.services.recording.sealing import seal
from vigie.triage.packages import package_key

_LISTED = Rule("")
_STANCES = {
    Status.UNDER_INVESTIGATION: Stance.UNDER_INVESTIGATION,
    Status.NOT_AFFECTED: Stance.NOT_AFFECTED,
    Status.FIXED: Stance.FIXED,
    Status.SUPPRESSED: Stance.SUPPRESSED,
}


def readings_of(result: Result) -> list[Reading]:
    """One reading for each run of the result, in its order."""
    assets = {target.id: target.asset for target in result.assets}
    said: list[list[Observation]] = [[] for _ in result.runs]
    for finding in result.findings:
        asset = assets.get(finding.asset)
        for number, observation in _told(finding, result.runs):
            foreign = result.runs[number].asset != finding.asset
            said[number].append(replace(observation, asset=asset if foreign else None))
    for observation in result.not_assessed:
        home = _run_of(result.runs, observation.tool, "")
        if home is not None:
            said[home].append(observation)
    failing = [{_package(o) for o in observations} for observations in said]
    for item in result.components:
        for tool in item.sources:
            home = _run_of(result.runs, tool, item.asset)
            if home is None:
                continue
            foreign = result.runs[home].asset != item.asset
            listed = _listed(item, tool)
            if foreign or _package(listed) not in failing[home]:
                asset = assets.get(item.asset) if foreign else None
                said[home].append(replace(listed, asset=asset))
    return [
        Reading(
            run,
            Report(run.tool, run.records, tuple(observations), asset=assets.get(run.asset)),
        )
        for run, observations in zip(result.runs, said, strict=True)
    ]


def _told(finding: Finding, runs: tuple[Run, ...]) -> Iterable[tuple[int, Observation]]:
    """The finding's observations, each with the number of its run."""
    paired = len(finding.joins) == len(finding.evidence)
    for place, observation in enumerate(finding.evidence):
        number: int | None = None
        if paired:
            word = finding.joins[place].record.partition(":")[0]
            if word.isdecimal() and len(word) < 7 and int(word) < len(runs):
                number = int(word)
        if number is None:
            number = _run_of(runs, observation.tool, finding.asset)
        if number is not None:
            yield number, _claimed(_sealed(observation, finding), finding)


def _sealed(observation: Observation, finding: Finding) -> Observation:
    return seal(observation, finding.fingerprint) if finding.kind is Kind.SECRET else observation


def _claimed(observation: Observation, finding: Finding) -> Observation:
    """What was decided about the finding where it was concluded, as the tool's own words."""
    decided = finding.suppression
    if decided is None or observation.claim is not None or finding.status not in _STANCES:
        return observation
    claim = Claim(
        _STANCES[finding.status],
        justification=decided.reason,
        statement=decided.statement or decided.reason,
        author=decided.owner,
    )
    return replace(observation, claim=claim)


def _run_of(runs: tuple[Run, ...], tool: str, asset: str) -> int | None:
    """The tool's run over this asset, else its first one, else None."""
    own = [number for number, run in enumerate(runs) if run.tool == tool]
    return next((n for n in own if runs[n].asset == asset), own[0] if own else None)


def _listed(item: InventoryItem, tool: str) -> Observation:
    return Observation(
        tool,
        Kind.VULNERABILITY,
        _LISTED,
        "",
        Verdict.NOT_APPLICABLE,
        component=item.component,
        locations=tuple(Location(path=path) for path in item.paths),
    )


def _package(observation: Observation) -> tuple[object, str] | None:
    component = observation.component
    return None if component is None else (package_key(component), component.version)
