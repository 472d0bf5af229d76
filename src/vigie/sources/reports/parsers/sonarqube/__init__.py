"""SonarQube: the JSON of its issues and hotspots APIs, and what sonar-report collects of them.

Sources: SonarQube Web API `api/issues/search` and `api/hotspots/search`; soprasteria/sonar-report
(one object with `rules`, `issues` and `hotspotKeys`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Kind, Observation
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.sonarqube.hotspots import HotspotReader
from vigie.sources.reports.parsers.sonarqube.issues import IssueReader
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_KINDS = frozenset({Kind.WEAKNESS, Kind.VULNERABILITY, Kind.SECRET, Kind.MISCONFIGURATION})


class SonarQubeParser:
    format = "sonarqube"
    tool = "sonarqube"
    label = "SonarQube"
    coverage = Coverage(_KINDS)

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.JSON_OBJECT:
            return False
        return _is_api(sketch, "issues") or _is_api(sketch, "hotspots") or _is_collected(sketch)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        components = _components(root)
        tally = Tally()
        if root.get("hotspots") is not None:
            observe: Callable[[Node], Observation] = HotspotReader(components)
            tally.read_all(root.need_items("hotspots"), observe)
        else:
            observe = IssueReader(components, _rules(root))
            tally.read_all(root.need_items("issues"), observe)
        _note_missing_pages(tally, root)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            asset=_asset(root),
        )


def _is_api(sketch: Sketch, name: str) -> bool:
    if name not in sketch.keys:
        return False
    first = sketch.at(name, 0)
    if isinstance(first, dict):
        fields = {"key", "component"} <= first.keys()
        return fields and bool(first.keys() & {"rule", "ruleKey", "securityCategory"})
    paged = isinstance(sketch.at("paging"), dict) or {"total", "p", "ps"} <= sketch.keys
    return paged and sketch.at(name) == []


def _is_collected(sketch: Sketch) -> bool:
    return {"sonarBaseURL", "issues"} <= sketch.keys


def _components(root: Node) -> dict[str, str]:
    """Paths by component key."""
    components = (node.record() for node in root.items("components") if node.first == b"{")
    return {c.text("key"): c.first("path", "longName") for c in components if c.text("key")}


def _rules(root: Node) -> dict[str, Record]:
    """Rules by key: an object in sonar-report's form, a list in the API's."""
    rules = root.get("rules")
    if rules is None:
        return {}
    named = {key: node.record() for key, node in rules.fields().items() if node.first == b"{"}
    listed = (node.record() for node in rules.items() if node.first == b"{")
    return named | {rule.text("key"): rule for rule in listed}


def _note_missing_pages(tally: Tally, root: Node) -> None:
    """The API gives at most 500 records a page; a page alone is not the whole."""
    page = Record({name: node.value() for name in ("paging", "total")
                   if (node := root.get(name)) is not None})  # fmt: skip
    total = page.integer("paging", "total")
    total = page.integer("total") if total is None else total
    if total is not None and total > tally.records:
        tally.note(
            ProblemCode.REPORT,
            T("the report holds {count} of {total} records: it is one page of several",
              count=tally.records, total=total),
            hint=T("Export every page and join their lists in one file."),
        )  # fmt: skip


def _asset(root: Node) -> Asset | None:
    """The project, when the report is about a single one."""
    name = root.text("sonarComponent") or root.text("projectName")
    if not name:
        projects = set(_projects(root))
        name = projects.pop() if len(projects) == 1 else ""
    return Asset(AssetKind.REPOSITORY, name) if name else None


def _projects(root: Node) -> Iterator[str]:
    for node in (*root.items("issues"), *root.items("hotspots")):
        try:
            yield node.text("project")
        except RecordError:  # the tally has named it
            continue


PARSER = SonarQubeParser()
