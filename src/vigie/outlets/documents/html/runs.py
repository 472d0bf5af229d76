"""The lower part of the report: the plan, the gate, the runs and what was not assessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from vigie.model.findings import Finding
from vigie.model.observations import Observation
from vigie.model.results import GateResult, Result
from vigie.model.runs import Run
from vigie.model.text import T, Words
from vigie.outlets.documents.html.figures import age_in_days, requirement
from vigie.outlets.phrases.caveats import problems_of, run_place
from vigie.outlets.phrases.figures import number, when
from vigie.outlets.phrases.labels import ASSET, GATE, OUTCOME
from vigie.outlets.phrases.subjects import asset_names, short
from vigie.outlets.phrases.upgrades import caveats_of, jump_of, new_of, old_of, outlook_line

MOST_ROWS = 200
_MOST_PROBLEMS = 20
_MOST_RULINGS = 50


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
    caveats: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer; a ruling is (subject, href, text, remedy, waiver)."""

    outcome: str
    word: str
    policy: str
    blocking: tuple[tuple[str, str, str, str, str], ...]
    more_blocking: str
    waived: tuple[tuple[str, str, str, str, str], ...]
    more_waived: str


@dataclass(frozen=True, slots=True)
class RunRow:
    tool: str
    version: str
    outcome: str
    word: str
    target: str
    file: str
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
    names = asset_names(result, words)
    for step in result.plan.steps[:MOST_ROWS]:
        rules = Counter(findings[fp].rule.id for fp in step.clears if fp in findings)
        left = len(rules) - 6
        steps.append(
            PlanStep(
                step.component.name,
                old_of(step),
                new_of(step),
                names.get(step.asset, step.asset),
                step.jump,
                jump_of(step, words),
                number(len(step.clears), words.lang),
                tuple(rules)[:6],
                words(T("+{count} more", count=left)) if left > 0 else "",
                requirement(step.component, step.version),
                " · ".join(caveats_of(step, words)),
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
    said = words(
        T(
            "{steps} clear {cleared}; {left} need another way.",
            steps=T("{count} upgrade", "{count} upgrades", count=len(plan.steps)),
            cleared=T("{count} finding", "{count} findings", count=cleared),
            left=T("{count} finding", "{count} findings", count=len(plan.left)),
        )
    )
    return f"{said} {outlook_line(plan, words)}".strip()


def verdict(
    gate: GateResult | None, findings: Mapping[str, Finding], words: Words
) -> Verdict | None:
    """The gate's answer in words; None when no gate was asked."""
    if gate is None:
        return None
    rows: dict[bool, list[tuple[str, str, str, str, str]]] = {True: [], False: []}
    for ruling in gate.rulings:
        finding = findings.get(ruling.subject)
        subject = finding.rule.id if finding else ruling.subject
        text = _unless_said(ruling.rule, words(ruling.text))
        if text.startswith(subject):
            text = text.removeprefix(subject)
        elif not finding and subject in text:
            subject = ""
        link = f"#f={quote(ruling.subject)}" if finding else ""
        remedy = words(ruling.remedy) if ruling.remedy else ""
        rows[ruling.blocks].append((subject, link, text, remedy, ruling.waiver))
    return Verdict(
        gate.outcome.value,
        words(GATE[gate.outcome]),
        gate.policy,
        tuple(rows[True][:_MOST_RULINGS]),
        _more_rulings(len(rows[True]), words),
        tuple(rows[False][:_MOST_RULINGS]),
        _more_rulings(len(rows[False]), words),
    )


def _more_rulings(count: int, words: Words) -> str:
    left = count - _MOST_RULINGS
    if left <= 0:
        return ""
    return words(T("and {count} more; the JSON result lists them all", count=left))


def _unless_said(rule: str, text: str) -> str:
    return text if not rule or rule in text else f"{text} ({rule})"


def run_rows(result: Result, words: Words) -> list[RunRow]:
    """One row for each run."""
    names = asset_names(result, words)
    return [_run_row(run, names, result.created, words) for run in result.runs]


def _run_row(run: Run, names: Mapping[str, str], created: str, words: Words) -> RunRow:
    days = age_in_days(run.database_date, created)
    age = T("{count} day old at the scan", "{count} days old at the scan", count=days or 0)
    return RunRow(
        run.tool,
        run.version,
        run.outcome.value,
        words(OUTCOME[run.outcome]),
        run_place(run, names),
        run.file,
        when(run.database_date),
        words(age) if days is not None else "",
        number(run.records, words.lang),
        number(run.observations, words.lang),
        number(run.passed, words.lang),
        problems_of(run.problems, words, _MOST_PROBLEMS, run.tool),
    )


def unassessed(result: Result) -> list[Unassessed]:
    """The checks nobody could decide, the same ones of one tool gathered."""
    groups: dict[tuple[str, str, str], list[Observation]] = {}
    for said in result.not_assessed:
        asset = short(said.asset.name) if said.asset else ""
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
    names = asset_names(result, words)
    return [
        (
            names[item.id],
            " · ".join(part for part in (words(ASSET[item.asset.kind]), item.asset.distro) if part),
            tuple(sorted(item.asset.digests)),
        )
        for item in result.assets
    ]
