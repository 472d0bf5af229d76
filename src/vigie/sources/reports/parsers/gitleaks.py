"""Gitleaks JSON: the array of version 8 ("RuleID", "Secret") and of version 7 ("offender").

Source: gitleaks/gitleaks `report/finding.go` (v8) and zricethezav/gitleaks v7 `report`.
The secret itself is hashed for comparison and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.identity import anchor, secret_anchor
from vigie.model.observations import Kind, Location, Observation, Rule
from vigie.model.runs import Coverage
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import clean_path, plain_message
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_V8 = frozenset({"RuleID", "Secret", "File", "StartLine"})
_V7 = frozenset({"offender", "rule", "file"})

# How version 7 words a hit on a file's name, where there is no secret's value.
_NAME_HIT = "Filename or path offender: "


class GitleaksParser:
    format = "gitleaks"
    tool = "gitleaks"
    label = "Gitleaks"
    coverage = Coverage(frozenset({Kind.SECRET}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form not in (Form.JSON_ARRAY, Form.JSON_LINES, Form.JSON_OBJECT):
            return False
        return sketch.keys >= _V8 or sketch.keys >= _V7

    def read(self, document: ReportDocument) -> Iterator[Report]:
        tally = Tally()
        tally.read_all(document.lines(), _observe)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
        )


def _observe(node: Node) -> Observation:
    leak = node.record()
    if "offender" in leak.data:
        return _observe_v7(leak)
    secret = leak.text("Secret")
    match = leak.text("Match")
    # A secret redacted by --redact is the same word for all; what stands around it is not.
    hidden = _is_redacted(secret)
    rule = leak.need("RuleID")
    return Observation(
        tool="gitleaks",
        kind=Kind.SECRET,
        rule=Rule(id=rule, title=plain_message(leak.text("Description"), secret, match)),
        record=leak.pointer,
        message=plain_message(leak.text("Description"), secret, match),
        locations=(
            Location(
                path=clean_path(leak.text("File")),
                start_line=leak.line("StartLine"),
                end_line=leak.line("EndLine"),
                start_column=leak.line("StartColumn"),
                url=leak.text("Link"),
                commit=leak.text("Commit"),
                anchor=anchor(match) if hidden else secret_anchor(secret),
            ),
        ),
    )


def _is_redacted(secret: str) -> bool:
    return not secret or secret == "REDACTED" or secret.endswith("...")


def _observe_v7(leak: Record) -> Observation:
    offender = leak.text("offender")
    rule = leak.text("rule")
    if not rule:
        raise RecordError("has no rule")
    by_name = offender.startswith(_NAME_HIT) or offender == "REDACTED"
    repository = leak.first("repoURL", "repo")
    return Observation(
        tool="gitleaks",
        kind=Kind.SECRET,
        rule=Rule(id=rule, title=rule),
        record=leak.pointer,
        message=rule,
        locations=(
            Location(
                path=clean_path(leak.text("file")),
                start_line=leak.line("lineNumber"),
                url=leak.text("leakURL"),
                commit=leak.text("commit"),
                anchor="" if by_name else secret_anchor(offender),
            ),
        ),
        asset=Asset(AssetKind.REPOSITORY, repository) if repository else None,
    )


PARSER = GitleaksParser()
