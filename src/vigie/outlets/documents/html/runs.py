"""The lower part of the report: the plan, the gate, the runs and what was not assessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from vigie.model.findings import Finding
from vigie.model.observations import Observation
from vigie.model.results import GateResult, Result
from vigie.model.runs import Problem, Run
from vigie.model.text import T, Words
from vigie.outlets.documents.html.figures import age_in_days, number, requirement, when
from vigie.outlets.documents.html.labels import ASSET, GATE, JUMP, OUTCOME
from vigie.outlets.documents.html.overview import asset_names, spoken_problems

MOST_ROWS = 200
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class PlanStep:
    name: str
    old: str
    new: str
    asset: str
    jump: str
    jump_word: str
    clears: str
    rules: tuple[str, ...]
    more: str
    copy: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer; `rulings` are (blocks, rule, subject, href, text, remedy, waiver)."""

    outcome: str
    word: str
    policy: str
    blocking: tuple[tuple[str, str, str, str, str], ...]
    waived: tuple[tuple[str, str, str, str, str], ...]
    more: str


@dataclass(frozen=True, slots=True)
class RunRow:
    tool: str
    version: str
    outcome: str
    word: str
    target: str
    database: str
    age: str
    records: str
    observations: str
    passed: str
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unassessed:
    rule: str
    title: str
    tool: str
    asset: str
    why: str
    count: int


def plan_steps(result: Result, findings: Mapping[str, Finding], words: Words) -> list[PlanStep]:
    """The first steps of the plan."""
    steps = []
    names = asset_names(result)
    for step in result.plan.steps[:MOST_ROWS]:
        rules = Counter(findings[fp].rule.id for fp in step.clears if fp in findings)
        left = len(rules) - 6
        steps.append(
            PlanStep(
                step.component.name,
                step.component.version,
                step.version,
                names.get(step.asset, step.asset),
                step.jump,
                words(JUMP[step.jump]) if step.jump in JUMP else "",
                number(len(step.clears), words.lang),
                tuple(rules)[:6],
                words(T("+{count} more", count=number(left, words.lang))) if left > 0 else "",
                requirement(step.component, step.version),
            )
        )
    return steps


def cut(count: int, words: Words) -> str:
    """How many rows are left out of a list that shows the first `MOST_ROWS`; "" for none."""
    if count <= MOST_ROWS:
        return ""
    return words(
        T(
            "The first {shown} of {total}; the JSON result lists them all.",
            shown=number(MOST_ROWS, words.lang),
            total=number(count, words.lang),
        )
    )


def plan_sentence(result: Result, words: Words) -> str:
    """How far the plan goes, and what it leaves."""
    plan = result.plan
    cleared = len({fp for step in plan.steps for fp in step.clears})
    if not plan.steps:
        return words(T("No upgrade clears anything: nothing offers a fixed version."))
    return words(
        T(
            "{steps} clear {cleared}; {left} need another way.",
            steps=T("{count} upgrade", "{count} upgrades", count=len(plan.steps)),
            cleared=T("{count} finding", "{count} findings", count=cleared),
            left=T("{count} finding", "{count} findings", count=len(plan.left)),
        )
    )


def verdict(
    gate: GateResult | None, findings: Mapping[str, Finding], words: Words
) -> Verdict | None:
    """The gate's answer in words; None when no gate was asked."""
    if gate is None:
        return None
    rows: dict[bool, list[tuple[str, str, str, str, str]]] = {True: [], False: []}
    for ruling in gate.rulings:
        finding = findings.get(ruling.subject)
        rows[ruling.blocks].append(
            (
                finding.rule.id if finding else ruling.subject,
                f"#f={quote(ruling.subject)}" if finding else "",
                " · ".join(part for part in (words(ruling.text), ruling.rule) if part),
                words(ruling.remedy) if ruling.remedy else "",
                ruling.waiver,
            )
        )
    most = 50
    return Verdict(
        gate.outcome.value,
        words(GATE[gate.outcome]),
        gate.policy,
        tuple(rows[True][:most]),
        tuple(rows[False][:most]),
        cut(len(gate.rulings), words),
    )


def run_rows(result: Result, words: Words) -> list[RunRow]:
    """One row for each run."""
    return [_run_row(run, result, words) for run in result.runs]


def _run_row(run: Run, result: Result, words: Words) -> RunRow:
    days = age_in_days(run.database_date, result.created)
    age = T("{count} day old at the scan", "{count} days old at the scan", count=days or 0)
    problems: tuple[Problem, ...] = run.problems
    return RunRow(
        run.tool,
        run.version,
        run.outcome.value,
        words(OUTCOME[run.outcome]),
        run.file or asset_names(result).get(run.asset, run.asset),
        when(run.database_date),
        words(age) if days is not None else "",
        number(run.records, words.lang),
        number(run.observations, words.lang),
        number(run.passed, words.lang),
        spoken_problems(problems, words, _MOST_PROBLEMS),
    )


def unassessed(result: Result) -> list[Unassessed]:
    """The checks nobody could decide, the same ones of one tool gathered."""
    groups: dict[tuple[str, str, str], list[Observation]] = {}
    for said in result.not_assessed:
        asset = said.asset.name if said.asset else ""
        groups.setdefault((said.tool, said.rule.id, asset), []).append(said)
    return [
        Unassessed(
            rule,
            group[0].rule.title,
            tool,
            asset,
            next((said.message for said in group if said.message), "")[:500],
            len(group),
        )
        for (tool, rule, asset), group in groups.items()
    ]


def asset_rows(result: Result, words: Words) -> list[tuple[str, str, tuple[str, ...]]]:
    """What was looked at: name, kind, and the identities it is known by."""
    return [
        (
            item.asset.name or item.id,
            " · ".join(part for part in (words(ASSET[item.asset.kind]), item.asset.distro) if part),
            tuple(sorted(item.asset.digests)),
        )
        for item in result.assets
    ]
