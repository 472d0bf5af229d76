"""Rows of the Markdown tables. Every cell is escaped and has a bounded length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vigie.model.findings import Finding
from vigie.model.results import Step
from vigie.model.runs import Run
from vigie.model.text import T, Text, Words
from vigie.outlets.documents.markdown.escape import code, link, text
from vigie.outlets.phrases import caveats, upgrades
from vigie.outlets.phrases.figures import decimal, number, when
from vigie.outlets.phrases.labels import (
    OUTCOME,
    SEVERITY,
    SHAPES,
    STATUS,
    decision_of,
    decision_text,
)
from vigie.outlets.phrases.subjects import agreement_of, fix_of, named, title_of, where_of

_TITLE = 100
_PLACE = 60
_NAME = 80


def row(cells: Iterable[str]) -> str:
    """One row; the cells are Markdown already."""
    return "| " + " | ".join(cells) + " |"


def table(head: str, body: Sequence[str]) -> str:
    """Head (with its rule) and rows."""
    return "\n".join([head, *body])


def _head(words: Words, *columns: Text) -> str:
    return row(text(words(column)) for column in columns) + "\n" + "|---" * len(columns) + "|"


def finding_head(words: Words) -> str:
    """The head of the table of findings."""
    return _head(
        words, T("Decision"), T("Score"), T("Severity"), T("Finding"), T("Component"), T("Fix"),
        T("Where"), T("Found by"),
    )  # fmt: skip


def finding(found: Finding, words: Words) -> str:
    """One found."""
    reference = next(iter(found.rule.references), "")
    about = link(code(found.rule.id, _NAME), reference)
    title = title_of(found)
    if title:
        about += f" {text(title, _TITLE)}"
    if found.new:
        about += f" _{text(words(T('new')))}_"
    names = ", ".join(found.sources)
    fix = fix_of(found, words)
    return row(
        [
            text(words(decision_text(decision_of(found)))),
            decimal(found.priority.score, words.lang) if found.priority else "?",
            f"{SHAPES[found.severity]} {text(words(SEVERITY[found.severity]))}",
            about,
            code(named(found.component), _NAME),
            code(fix, _NAME) if found.fix.versions else text(fix),
            code(where_of(found, words, _PLACE)),
            f"{text(agreement_of(found, words))} ({text(names, _NAME)})",
        ]
    )


def step_head(words: Words) -> str:
    return _head(words, T("Upgrade"), T("Clears"), T("Release"), T("Asset"))


def step(said: Step, names: Mapping[str, str], words: Words) -> str:
    return row(
        [
            f"{code(_from(said), _NAME)} → {code(upgrades.new_of(said), _NAME)}",
            number(len(said.clears), words.lang),
            text(upgrades.jump_of(said, words)),
            code(names.get(said.asset, said.asset), _PLACE),
        ]
    )


def _from(said: Step) -> str:
    return f"{said.component.name} {upgrades.old_of(said)}".strip()


def run_head(words: Words) -> str:
    return _head(
        words, T("Scanner"), T("Outcome"), T("Database"), T("Records"), T("Observations"),
        T("Problems"),
    )  # fmt: skip


def run(ran: Run, words: Words) -> str:
    problems = " · ".join(caveats.reasons(ran.problems, words, 3, ran.tool))
    return row(
        [
            text(caveats.run_name(ran), _NAME),
            text(words(OUTCOME[ran.outcome])),
            text(when(ran.database_date), 40),
            number(ran.records, words.lang),
            number(ran.observations, words.lang),
            text(problems, 300),
        ]
    )


def settled_head(words: Words) -> str:
    return _head(words, T("Finding"), T("Component"), T("Status"), T("Reason"), T("Expires"))


def settled(finding: Finding, words: Words) -> str:
    why = finding.suppression
    reason = " — ".join(filter(None, (why.reason, why.statement, why.owner))) if why else ""
    return row(
        [
            code(finding.rule.id, _NAME),
            code(named(finding.component), _NAME),
            text(words(STATUS[finding.status])),
            text(reason, 200),
            text(why.expires, 40) if why else "",
        ]
    )
