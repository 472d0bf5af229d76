"""What a ticket says of its findings: Markdown in which nothing of theirs acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from vigie.model.findings import Finding
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.documents.markdown.escape import code, link, text
from vigie.outlets.phrases.figures import line, middle
from vigie.outlets.phrases.labels import SEVERITY, SHAPES, decision_of, decision_text
from vigie.outlets.phrases.subjects import (
    fix_of,
    named,
    news_in,
    places_of,
    ranked,
    reasons_of,
    title_of,
)
from vigie.outlets.phrases.upgrades import caveats_of, clears_line, step_line
from vigie.ports.tickets import Draft
from vigie.services.reading.stored import finding_of
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.findings import FINDINGS, RULES
from vigie.stores.relational.tables.telling import FINDING_TICKETS
from vigie.triage.plan import plan

_MOST_LISTED = 50
_MOST_PLACES = 10
_MOST_REFERENCES = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """The findings of a ticket, by their ids, and how their asset is called."""

    findings: Mapping[str, Finding]
    asset: str

    @property
    def open(self) -> list[Finding]:
        """Those that are somebody's work, the most urgent first."""
        return [one for one in ranked(self.findings.values()) if one.status.counts]


def subject_of(work: Work, ticket: str) -> Subject:
    """What the ticket is about, as the store has it now."""
    query = (
        sa.select(
            FINDINGS.c.id, FINDINGS.c.status, FINDINGS.c.first_seen, FINDINGS.c.last_seen,
            FINDINGS.c.document, RULES.c.document.label("rule"), ASSETS.c.name.label("asset"),
        )
        .join(
            FINDING_TICKETS,
            sa.and_(FINDING_TICKETS.c.finding_id == FINDINGS.c.id, work.mine(FINDING_TICKETS)),
        )
        .join(RULES, sa.and_(RULES.c.id == FINDINGS.c.rule_id, work.mine(RULES)))
        .join(ASSETS, sa.and_(ASSETS.c.id == FINDINGS.c.asset_id, work.mine(ASSETS)))
        .where(work.mine(FINDINGS), FINDING_TICKETS.c.ticket_id == ticket)
        .order_by(FINDINGS.c.id)
        .limit(1000)
    )  # fmt: skip
    rows = work.run(query).mappings().all()
    found = {row["id"]: finding_of(dict(row), {"document": row["rule"]}) for row in rows}
    return Subject(found, rows[0]["asset"] if rows else "")


def draft_of(
    key: str, subject: Subject, words: Words, *, upgrade: bool, address: str = ""
) -> Draft:
    """What the ticket should say now; closed when none of its findings is open."""
    still = subject.open
    worst = max((f.severity for f in still), key=lambda s: s.rank, default=Severity.UNKNOWN)
    if upgrade:
        title, body = _upgrade(subject, words, address)
    else:
        finding_id, finding = next(iter(subject.findings.items()))
        title, body = _finding(finding_id, finding, subject.asset, words, address)
    labels = sorted({f"vigie-{one.kind.value}" for one in subject.findings.values()})
    return Draft(key, title, body, worst, tuple(labels), closed=not still)


def _finding(
    finding_id: str, finding: Finding, asset: str, words: Words, address: str
) -> tuple[str, str]:
    about = title_of(finding, 120)
    where = named(finding.component) or middle(asset, 60)
    name = f"{line(finding.rule.id)}: {about}" if about else line(finding.rule.id)
    title = f"{name} ({where})" if where else name
    parts = [
        _look(finding, words),
        _rows(words, (
            (T("Asset"), code(asset, 200, in_table=False)),
            (T("Component"), code(named(finding.component), 200, in_table=False)),
            (T("Fix"), text(fix_of(finding, words), 200)),
            (T("Why"), text(reasons_of(finding, words), 1000)),
            (T("Said by"), text(", ".join(finding.sources), 300)),
        )),
        _listed(words(T("Where")), [code(one, 200, in_table=False) for one in
                                    places_of(finding)[:_MOST_PLACES]]),
        text(finding.rule.description or news_in(finding.message, finding.rule), 3000),
        _listed(words(T("References")), [link(text(one, 300), one) for one in
                                         finding.rule.references[:_MOST_REFERENCES]]),
        _open_link(words, f"{address}/findings/{finding_id}" if address else ""),
    ]  # fmt: skip
    return title, "\n\n".join(filter(None, parts))


def _upgrade(subject: Subject, words: Words, address: str) -> tuple[str, str]:
    findings = ranked(subject.findings.values())
    component = findings[0].component
    step = next(iter(plan(subject.open).steps), None)
    name = named(component) or middle(subject.asset, 60)
    title = words(T("Findings in {package}", package=name))
    told: list[str] = []
    if step is not None:
        title = step_line(step, words)
        told = [clears_line(step, words), *caveats_of(step, words)]
    ids = {id(finding): one for one, finding in subject.findings.items()}
    rows = []
    for finding in findings[:_MOST_LISTED]:
        mark = " " if finding.status.counts else "x"
        said = text(": ".join(filter(None, (finding.rule.id, title_of(finding, 120)))), 200)
        shown = link(said, f"{address}/findings/{ids[id(finding)]}" if address else "")
        rows.append(f"- [{mark}] {_severity(finding, words)} · {shown}")
    left = len(findings) - len(rows)
    if left:
        rows.append(f"- {words(T('and {count} more', count=left))}")
    asset = code(subject.asset, 200, in_table=False)
    parts = [
        _rows(words, ((T("Asset"), asset),)),
        "\n".join(f"- {text(one, 300)}" for one in told),
        "\n".join(rows),
    ]
    shown = middle(subject.asset, 60)
    return f"{title} ({shown})" if shown else title, "\n\n".join(filter(None, parts))


def _look(finding: Finding, words: Words) -> str:
    decision = words(decision_text(decision_of(finding)))
    return f"**{_severity(finding, words)} · {decision}**"


def _severity(finding: Finding, words: Words) -> str:
    return f"{SHAPES[finding.severity]} {words(SEVERITY[finding.severity])}"


def _rows(words: Words, rows: Sequence[tuple[Text, str]]) -> str:
    return "\n".join(
        "- " + words(T("{name}: {value}", name=name, value=value)) for name, value in rows if value
    )


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {one}" for one in lines)]) if lines else ""


def _open_link(words: Words, url: str) -> str:
    return link(words(T("Open in Vigie")), url) if url else ""


def told(draft: Draft) -> tuple[str, ...]:
    """What of a draft is worth telling anew when it changes."""
    return (draft.title, draft.body, draft.severity.value, *draft.labels, str(draft.closed))
