"""From readings to one result: merge, correct, suppress, compare, rank, plan, count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.findings import Finding
from vigie.model.observations import Observation
from vigie.model.policy import DEFAULT_PRIORITY, PriorityPolicy
from vigie.model.results import Plan, Result
from vigie.model.runs import Problem, ProblemCode, TargetAsset
from vigie.model.text import T
from vigie.ports.feeds import NO_KNOWLEDGE, Knowledge
from vigie.services.intake import Reading
from vigie.triage.assets import Identified
from vigie.triage.baseline import compare_with, gone, mismatch
from vigie.triage.claims import SuppressionRule, apply_rules, apply_statements, is_statement
from vigie.triage.corrections import Correction
from vigie.triage.enrich import enrich
from vigie.triage.merge import Merged, Told, findings_of_statements, merge
from vigie.triage.plan import plan
from vigie.triage.priority import prioritise, rank_key
from vigie.triage.summary import summarise


@dataclass(frozen=True, slots=True)
class ConcludeOptions:
    """Everything that bears on the result besides the readings.

    `created` is ISO 8601 UTC; `today` the ISO date that expiries are held against, where that
    is not the day of `created`. `vex` are readings of VEX documents given as such: their
    statements only change other findings. `exposure` and `criticality` hold for every asset
    that says nothing itself. `problems` are those met before (disabled plugs, odd input).
    With `home` everything the readings say is about that one asset, which is known already.
    `planned` False leaves the plan out, for who only keeps what is believed.
    """

    created: str
    today: str = ""
    target: str = ""
    knowledge: Knowledge = NO_KNOWLEDGE
    priority: PriorityPolicy = DEFAULT_PRIORITY
    vex: Sequence[Reading] = ()
    suppressions: Sequence[SuppressionRule] = ()
    corrections: Sequence[Correction] = ()
    baseline: Result | None = None
    exposure: Exposure = Exposure.UNKNOWN
    criticality: Criticality = Criticality.UNKNOWN
    problems: Sequence[Problem] = field(default_factory=tuple)
    home: Identified | None = None
    planned: bool = True


def conclude(readings: Sequence[Reading], options: ConcludeOptions) -> Result:
    """The result of these readings. The same readings and options give the same result."""
    merged = merge(
        [_told(reading) for reading in readings],
        target=options.target,
        corrections=options.corrections,
        seen_at=options.created,
        home=options.home,
    )
    assets = tuple(_described(target, options) for target in merged.assets)
    by_id = {target.id: target.asset for target in assets}
    findings, problems = _decide_status(merged, by_id, options)
    if options.baseline is not None:
        findings = compare_with(findings, options.baseline)
    ranked = sorted(
        (
            prioritise(enrich(f, options.knowledge), by_id[f.asset], options.priority)
            for f in findings
        ),
        key=rank_key,
    )
    result = Result(
        target=options.target or _name(assets),
        created=options.created,
        assets=assets,
        runs=merged.runs,
        problems=(*options.problems, *problems),
        findings=tuple(ranked),
        not_assessed=merged.not_assessed,
        components=merged.components,
        summary=summarise(ranked, merged.runs, len(merged.not_assessed)),
        plan=plan(ranked) if options.planned else Plan(),
    )
    if options.baseline is None:
        return result
    told_of = mismatch(result, options.baseline) or gone(result, options.baseline)
    return result if told_of is None else replace(result, problems=(*result.problems, told_of))


def _told(reading: Reading) -> Told:
    report = reading.report
    asset = report.asset if report is not None else None
    return Told(reading.run, asset, report.observations if report is not None else ())


def _described(target: TargetAsset, options: ConcludeOptions) -> TargetAsset:
    asset = target.asset
    if asset.exposure is Exposure.UNKNOWN:
        asset = replace(asset, exposure=options.exposure)
    if asset.criticality is Criticality.UNKNOWN:
        asset = replace(asset, criticality=options.criticality)
    return TargetAsset(target.id, asset)


def _name(assets: Sequence[TargetAsset]) -> str:
    names = [t.asset.name for t in assets if t.asset.name and t.asset.kind is not AssetKind.UNKNOWN]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _decide_status(
    merged: Merged, assets: dict[str, Asset], options: ConcludeOptions
) -> tuple[list[Finding], list[Problem]]:
    given = _statements_of(options.vex)
    reported = [member.observation for member in merged.statements]
    findings, unfit = apply_statements(merged.findings, [*reported, *given], assets)
    unfit_ids = set(map(id, unfit))
    idle = sum(id(s) in unfit_ids for s in given)
    findings += findings_of_statements(
        [m for m in merged.statements if id(m.observation) in unfit_ids], options.created
    )
    findings, unused, expired = apply_rules(
        findings, options.suppressions, options.today or options.created[:10]
    )
    problems = [p for r in options.vex for p in r.run.problems]
    problems += [
        Problem(ProblemCode.NOTE, T("{name} holds no VEX statement", name=r.run.file))
        for r in options.vex
        if r.report is not None and not _statements_of([r])
    ]
    if idle:
        problems.append(
            Problem(
                ProblemCode.NOTE,
                T("{count} VEX statement fits no finding", "{count} VEX statements fit no finding",
                  count=idle),
            )
        )  # fmt: skip
    for rule in expired:
        problems.append(
            Problem(
                ProblemCode.INPUT,
                T("suppression {id} expired on {date}", id=rule.id, date=rule.expires),
                hint=T("Renew it with a reason, or mend what it hid."),
            )
        )
    for rule in unused:
        problems.append(
            Problem(ProblemCode.NOTE, T("suppression {id} fits no finding", id=rule.id))
        )
    for correction in merged.unused:
        problems.append(
            Problem(
                ProblemCode.NOTE,
                T("correction {action} {finding} fits no finding", action=correction.action,
                  finding=", ".join(correction.fingerprints)),
            )
        )  # fmt: skip
    return findings, problems


def _statements_of(vex: Sequence[Reading]) -> list[Observation]:
    return [
        o for r in vex if r.report is not None for o in r.report.observations if is_statement(o)
    ]
