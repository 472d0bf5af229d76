"""Bandit JSON (`bandit -f json`).

Source: PyCQA/bandit `bandit/formatters/json.py` and `bandit/core/issue.py`. `code` holds
numbered lines around the hit, as many as `-n` asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.model.identity import anchor
from vigie.model.observations import Kind, Location, Observation, Rule, Signals
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.severity import severity_from_word
from vigie.model.text import T
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import clean_path, first_sentence
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_NUMBERED = re.compile(r"^(\d+)[ \t]?(.*)$")

# Hard-coded passwords: their message and code hold the password.
_PASSWORDS = frozenset({"B105", "B106", "B107"})


class BanditParser:
    format = "bandit"
    tool = "bandit"
    label = "Bandit"
    coverage = Coverage(frozenset({Kind.WEAKNESS}))

    def recognises(self, sketch: Sketch) -> bool:
        if not {"results", "errors"} <= sketch.keys:
            return False
        return isinstance(sketch.at("metrics", "_totals"), dict) or isinstance(
            sketch.at("results", 0, "test_id"), str
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        tally = Tally()
        tally.read_all(root.need_items("results"), _observe)
        for error in root.items("errors"):
            _note_error(tally, error)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            ended=root.text("generated_at"),
        )


def _note_error(tally: Tally, node: Node) -> None:
    """A file that Bandit could not read is a file it did not check."""
    tally.note(
        ProblemCode.REPORT,
        T("Bandit could not check a file: {reason}", reason=node.text("reason") or "?"),
        where=clean_path(node.text("filename")),
    )


def _observe(node: Node) -> Observation:
    result = node.record()
    test = result.first("test_id", "test_name")
    if not test:
        raise RecordError("has no test_id")
    secret = test in _PASSWORDS
    severity = result.text("issue_severity")
    name = result.text("test_name").replace("_", " ")
    # The message of a password test quotes the password.
    message = name if secret else result.text("issue_text")
    return Observation(
        tool="bandit",
        kind=Kind.WEAKNESS,
        rule=_rule(test, first_sentence(message) or name, result),
        record=result.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        message=message,
        locations=(_location(result, secret),),
        signals=Signals(confidence=_confidence(result.text("issue_confidence"))),
    )


def _rule(test: str, title: str, result: Record) -> Rule:
    weakness = result.integer("issue_cwe", "id")
    references = (result.text("more_info"), result.text("issue_cwe", "link"))
    return Rule(
        id=test,
        title=title,
        references=tuple(filter(None, references)),
        weaknesses=(f"CWE-{weakness}",) if weakness else (),
    )


def _confidence(word: str) -> str:
    return word.lower() if word.lower() in ("high", "medium", "low") else ""


def _location(result: Record, secret: bool) -> Location:
    path = clean_path(result.need("filename"))
    line = result.line("line_number")
    spanned = [n for n in result.texts("line_range") if n.isdigit()]
    numbers = {int(n) for n in spanned} | ({line} if line else set())
    code = _reported_lines(result.text("code"), numbers)
    column = result.integer("col_offset")
    return Location(
        path=path,
        start_line=line,
        end_line=max(numbers, default=None),
        start_column=column + 1 if column is not None and column >= 0 else None,
        anchor=anchor(code),
        snippet="" if secret else code,
    )


def _reported_lines(code: str, numbers: set[int]) -> str:
    """The hit's own lines, without their numbers: shifting and context change neither."""
    lines = []
    for line in code.splitlines():
        numbered = _NUMBERED.match(line)
        if numbered and (not numbers or int(numbered[1]) in numbers):
            lines.append(numbered[2])
    return "\n".join(lines)


PARSER = BanditParser()
