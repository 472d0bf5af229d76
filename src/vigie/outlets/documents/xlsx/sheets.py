"""The sheets of the workbook, each a header that stays, a filter, and rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from vigie.model.findings import Finding
from vigie.model.results import Result
from vigie.model.runs import Problem, Run
from vigie.model.severity import Severity
from vigie.model.text import T, Words
from vigie.outlets.documents.xlsx.book import MOST_ROWS, Book, Cell, Column, Sheet
from vigie.outlets.phrases import caveats, sentences
from vigie.outlets.phrases.figures import local, when
from vigie.outlets.phrases.labels import (
    DECISIONS,
    FIX,
    KIND,
    OUTCOME,
    SEVERITY,
    SHAPES,
    STATUS,
    decision_of,
    decision_text,
)
from vigie.outlets.phrases.subjects import (
    agreement_of,
    asset_names,
    places_of,
    ranked,
    reasons_of,
    short,
    title_of,
)
from vigie.outlets.phrases.upgrades import jump_of, new_of, old_of


def write_sheets(book: Book, result: Result) -> None:
    """Every sheet of the report."""
    findings = ranked(result.findings)
    _summary(book, result)
    names = asset_names(result, book.words)
    _findings(book, [f for f in findings if f.status.counts], names)
    _plan(book, result, names)
    _runs(book, result, names)
    _set_aside(book, [f for f in findings if not f.status.counts], names)


def _summary(book: Book, result: Result) -> None:
    words = book.words
    sheet = Sheet(book, T("Summary"))
    sheet.sheet.set_column(0, 0, 34)
    sheet.sheet.set_column(1, 1, 14)
    sheet.sheet.set_column(2, 2, 90)
    sheet.add(sentences.headline(result, words), look="title")
    for sentence in sentences.second(result, words):
        sheet.add(sentence, look="strong")
    sheet.add(" · ".join(filter(None, (short(result.target), local(result.created)))), look="quiet")
    sheet.add(sentences.tally(result, words), look="quiet")
    if result.gate:
        sheet.row += 1
        sheet.add(sentences.verdict(result, words), look="strong")
        for ruling in sentences.rulings(result, blocks=True):
            sheet.add(sentences.ruling_line(ruling, words))
    found = caveats.caveats_of(result, words)
    sheet.row += bool(found)
    for caveat in found:
        outcome = words(OUTCOME[caveat.outcome]) if caveat.outcome else ""
        subject = " · ".join(filter(None, (caveat.subject, caveat.place)))
        for reason in caveat.reasons or ("",):
            sheet.add(subject, outcome, reason)
    open_ones = [finding for finding in result.findings if finding.status.counts]
    decisions = sentences.counted(open_ones)
    sheet.row += 1
    sheet.add(words(T("Decision")), words(T("Findings")), look="header")
    for decision in DECISIONS:
        if decision is not None or decisions.get(decision):
            sheet.add(words(decision_text(decision)), decisions.get(decision, 0))
    severities = Counter(finding.severity for finding in open_ones)
    sheet.row += 1
    sheet.add(words(T("Severity")), words(T("Findings")), look="header")
    for severity in Severity:
        said = f"{SHAPES[severity]} {words(SEVERITY[severity])}"
        sheet.add(said, severities[severity], looks={0: severity})
    kinds = Counter(finding.kind for finding in open_ones)
    sheet.row += 1
    sheet.add(words(T("Kind")), words(T("Findings")), look="header")
    for kind, count in kinds.most_common():
        sheet.add(words(KIND[kind]), count)
    fresh = sentences.new_line(result, words)
    if fresh:
        sheet.row += 1
        sheet.add(fresh)


_FINDING_COLUMNS: tuple[Column, ...] = (
    (T("Decision"), 13),
    (T("Score"), 8),
    (T("Severity"), 16),
    (T("Id"), 20),
    (T("Title"), 56),
    (T("Kind"), 16),
    (T("Asset"), 30),
    (T("Component"), 28),
    (T("Version"), 20),
    (T("Fix"), 22),
    (T("Where"), 40),
    (T("Found by"), 22),
    (T("Agreement"), 11),
    (T("EPSS"), 9),
    (T("Exploited (KEV)"), 11),
    (T("Why"), 70),
    (T("Status"), 14),
    (T("New"), 8),
    (T("Aliases"), 28),
    (T("Reference"), 40),
    (T("Fingerprint"), 34),
)


def _findings(book: Book, findings: Sequence[Finding], names: Mapping[str, str]) -> None:
    sheet = Sheet(book, T("Findings"), _FINDING_COLUMNS)
    for finding in findings[:MOST_ROWS]:
        asset = names.get(finding.asset, finding.asset)
        cells = _finding_cells(finding, asset, book.words)
        sheet.add(*cells, looks={1: "score", 2: finding.severity, 13: "share"})
    sheet.close()
    left = len(findings) - MOST_ROWS
    if left > 0:
        sheet.add(book.words(T("… and {count} more; a sheet holds no more rows.", count=left)))


def _finding_cells(finding: Finding, asset: str, words: Words) -> tuple[Cell, ...]:
    component, priority = finding.component, finding.priority
    severity = f"{SHAPES[finding.severity]} {words(SEVERITY[finding.severity])}"
    return (
        words(decision_text(decision_of(finding))),
        priority.score if priority else None,
        severity,
        finding.rule.id,
        title_of(finding),
        words(KIND[finding.kind]),
        asset,
        component.name if component else "",
        component.version if component else "",
        ", ".join(finding.fix.versions) or words(FIX[finding.fix.state]),
        "; ".join(places_of(finding)),
        ", ".join(finding.sources),
        agreement_of(finding, words),
        finding.signals.epss,
        _yes_or_no(finding.signals.kev, words),
        reasons_of(finding, words),
        words(STATUS[finding.status]),
        _yes_or_no(finding.new, words),
        ", ".join(finding.rule.aliases),
        finding.rule.references[0] if finding.rule.references else "",
        finding.fingerprint,
    )


def _yes_or_no(value: bool | None, words: Words) -> str:
    return "" if value is None else words(T("yes") if value else T("no"))


def _plan(book: Book, result: Result, names: Mapping[str, str]) -> None:
    words = book.words
    columns = (
        (T("No."), 7),
        (T("Component"), 36),
        (T("Version"), 24),
        (T("Upgrade to"), 24),
        (T("Release"), 16),
        (T("Clears"), 9),
        (T("Asset"), 36),
        (T("Package URL"), 60),
    )
    sheet = Sheet(book, T("Plan"), columns)
    for index, step in enumerate(result.plan.steps[:MOST_ROWS], 1):
        component = step.component
        sheet.add(
            index, component.name, old_of(step), new_of(step), jump_of(step, words),
            len(step.clears), names.get(step.asset, step.asset), component.purl,
        )  # fmt: skip
    sheet.close()


def _runs(book: Book, result: Result, names: Mapping[str, str]) -> None:
    words = book.words
    columns = (
        (T("Scanner"), 18),
        (T("Version"), 12),
        (T("Outcome"), 12),
        (T("Database"), 22),
        (T("Records"), 10),
        (T("Observations"), 13),
        (T("Passed"), 10),
        (T("Asset"), 36),
        (T("Problem"), 60),
        (T("What to do"), 50),
        (T("Place"), 36),
    )
    sheet = Sheet(book, T("Runs and problems"), columns)
    for run in result.runs:
        start = _run_cells(run, names, words)
        for problem in run.problems or (None,):
            sheet.add(*start, *_problem_cells(problem, words))
    for problem in result.problems:
        sheet.add(*[""] * 8, *_problem_cells(problem, words))
    sheet.close()


def _run_cells(run: Run, names: Mapping[str, str], words: Words) -> tuple[Cell, ...]:
    return (
        run.tool, run.version, words(OUTCOME[run.outcome]), when(run.database_date), run.records,
        run.observations, run.passed, run.file or names.get(run.asset, run.asset),
    )  # fmt: skip


def _problem_cells(problem: Problem | None, words: Words) -> Iterable[Cell]:
    if problem is None:
        return ()
    hint = words(problem.hint) if problem.hint else ""
    return (words(problem.message), hint, problem.where or problem.record)


def _set_aside(book: Book, findings: Sequence[Finding], names: Mapping[str, str]) -> None:
    words = book.words
    columns = (
        (T("Status"), 16),
        (T("Severity"), 16),
        (T("Id"), 20),
        (T("Title"), 50),
        (T("Component"), 28),
        (T("Version"), 18),
        (T("Asset"), 30),
        (T("Reason"), 40),
        (T("Statement"), 60),
        (T("Said by"), 14),
        (T("Owner"), 20),
        (T("Expires"), 12),
        (T("Fingerprint"), 34),
    )
    sheet = Sheet(book, T("Set aside"), columns)
    for finding in findings[:MOST_ROWS]:
        component, why = finding.component, finding.suppression
        sheet.add(
            words(STATUS[finding.status]),
            f"{SHAPES[finding.severity]} {words(SEVERITY[finding.severity])}",
            finding.rule.id,
            title_of(finding),
            component.name if component else "",
            component.version if component else "",
            names.get(finding.asset, finding.asset),
            *((why.reason, why.statement, why.source, why.owner, why.expires) if why else [""] * 5),
            finding.fingerprint,
            looks={1: finding.severity},
        )
    sheet.close()
