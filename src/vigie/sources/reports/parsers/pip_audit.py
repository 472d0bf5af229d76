"""pip-audit JSON: an object with `dependencies` since 2.5, a bare array of them before.

Source: pypa/pip-audit `pip_audit/_format/json.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vigie.model.components import Component
from vigie.model.observations import Fix, FixState, Kind, Observation, Rule, Verdict
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node


class PipAuditParser:
    format = "pip-audit"
    tool = "pip-audit"
    label = "pip-audit"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}), frozenset({"pypi"}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is Form.JSON_ARRAY:
            return "name" in sketch.keys and bool({"vulns", "skip_reason"} & sketch.keys)
        if sketch.form is not Form.JSON_OBJECT or not isinstance(sketch.at("dependencies"), list):
            return False
        first = sketch.at("dependencies", 0)
        if isinstance(first, dict):
            return "vulns" in first or "skip_reason" in first
        return sketch.keys <= {"dependencies", "fixes"}

    def read(self, document: ReportDocument) -> Iterator[Report]:
        """A record is one vulnerability of one dependency, or one dependency left out."""
        root = document.root
        array = document.sketch.form is Form.JSON_ARRAY
        if not array and "dependencies" not in document.sketch.keys:
            return
        tally = Tally()
        dependencies = left_out = 0
        for dependency in root.items(*(() if array else ("dependencies",))):
            dependencies += 1
            left_out += _read_dependency(dependency, tally)
        if left_out:
            _tell(tally, left_out, none_left=left_out == dependencies)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            ecosystems=frozenset({"pypi"}),
        )


def _tell(tally: Tally, left_out: int, *, none_left: bool) -> None:
    """A few are packages of the team's own; all of them means that nothing was looked up."""
    tally.note(
        ProblemCode.REPORT if none_left else ProblemCode.NOTE,
        T(
            "pip-audit could not look up {count} dependency",
            "pip-audit could not look up {count} dependencies",
            count=left_out,
        ),
        hint=T("See whether the index that it asks serves what PyPI knows of vulnerabilities."),
    )


def _read_dependency(dependency: Node, tally: Tally) -> bool:
    """True when pip-audit left it out."""
    if dependency.first != b"{":
        tally.records += 1
        tally.lose(dependency.pointer, "is not an object")
        return False
    if dependency.get("skip_reason") is not None:
        tally.read(dependency, _left_out)
        return True
    tally.read_all(dependency.items("vulns"), partial(_observe, dependency))
    return False


def _left_out(dependency: Node) -> Observation:
    """Not audited is not safe: nothing is known about this dependency, and that is said."""
    return Observation(
        tool="pip-audit",
        kind=Kind.VULNERABILITY,
        rule=Rule("not-audited", title="Dependency that pip-audit left out"),
        record=dependency.pointer,
        verdict=Verdict.UNKNOWN,
        message=dependency.text("skip_reason"),
        component=_component(dependency),
    )


def _observe(dependency: Node, node: Node) -> Observation:
    vulnerability = node.record()
    identity = vulnerability.need("id")
    versions = vulnerability.texts("fix_versions")
    return Observation(
        tool="pip-audit",
        kind=Kind.VULNERABILITY,
        rule=Rule(
            id=identity,
            aliases=tuple(a for a in vulnerability.texts("aliases") if a != identity),
            description=vulnerability.text("description"),
        ),
        record=vulnerability.pointer,
        component=_component(dependency),
        fix=Fix(FixState.FIXED if versions else _state(vulnerability), versions),
    )


def _component(dependency: Node) -> Component:
    name = Record({"name": dependency.text("name")}).need("name")
    return Component(name=name, version=dependency.text("version"), type="pypi")


def _state(vulnerability: Record) -> FixState:
    """An empty list says that no release mends it; no list at all says nothing."""
    known = isinstance(vulnerability.at("fix_versions"), list)
    return FixState.NOT_FIXED if known else FixState.UNKNOWN


PARSER = PipAuditParser()
