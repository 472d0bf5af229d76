"""Hadolint JSON (`hadolint -f json`): an array of {line, code, message, column, file, level}.

Source: hadolint/hadolint `src/Hadolint/Formatter/Json.hs`. The report quotes no code, so a hit
is identified by its rule and file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.model.observations import Kind, Location, Observation, Rule
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node

_UNPARSED = "DL1000"
_CODE = re.compile(r"^(DL|SC)\d{3,5}$")
_KEYS = frozenset({"code", "file", "level", "line", "message"})

# Hadolint's documented levels; its "info" is still something to mend.
_LEVELS = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "info": Severity.LOW,
    "style": Severity.NONE,
}


class HadolintParser:
    format = "hadolint"
    tool = "hadolint"
    label = "Hadolint"
    coverage = Coverage(frozenset({Kind.MISCONFIGURATION}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.JSON_ARRAY or not sketch.keys >= _KEYS:
            return False
        code = sketch.at("code")  # ShellCheck's own array has numbers here
        return isinstance(code, str) and bool(_CODE.match(code))

    def read(self, document: ReportDocument) -> Iterator[Report]:
        tally = Tally()
        tally.read_all(document.root.need_items(), _observe)
        for unread in (o for o in tally.observations if o.rule.id == _UNPARSED):
            tally.note(
                ProblemCode.REPORT,
                T("Hadolint could not parse a file, so nothing more is known about it"),
                where=unread.locations[0].path,
            )
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
        )


def _observe(node: Node) -> Observation:
    result = node.record()
    code = result.need("code")
    level = result.text("level")
    return Observation(
        tool="hadolint",
        kind=Kind.MISCONFIGURATION,
        rule=Rule(id=code, references=_references(code)),
        record=result.pointer,
        severity=_LEVELS.get(level.lower(), Severity.UNKNOWN),
        severity_said=level,
        message=result.text("message"),
        locations=(_location(result),),
    )


def _references(code: str) -> tuple[str, ...]:
    if not _CODE.match(code):
        return ()
    wiki = "koalaman/shellcheck" if code.startswith("SC") else "hadolint/hadolint"
    return (f"https://github.com/{wiki}/wiki/{code}",)


def _location(result: Record) -> Location:
    return Location(
        path=clean_path(result.text("file")),
        start_line=result.line("line"),
        start_column=result.line("column"),
    )


PARSER = HadolintParser()
