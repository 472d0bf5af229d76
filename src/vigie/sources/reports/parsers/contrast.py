"""Contrast Security: vulnerabilities ("traces") and libraries as its REST API gives them, and
the CSV export of vulnerabilities.

Evidence, requests' bodies and query strings are not kept: they hold the application's data.

Source: Contrast documentation "Export vulnerability findings" (columns); the models `Trace`,
`Library` and `LibraryVulnerability` of Contrast-Security-OSS/contrast-sdk-java. The newer
`orgtraces` endpoint gives `items[].vulnerability` with the same names in camel case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
    Stance,
    Verdict,
)
from vigie.model.runs import Coverage
from vigie.model.severity import Severity, severity_from_word
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.subjects import sole_asset
from vigie.sources.reports.tree import Node
from vigie.sources.reports.web import plain_text

# The members that list vulnerabilities of the application's own code.
_LISTS = ("traces", "vulnerabilities", "items")
_RULE = ("rule_name", "ruleName")
_IDENTITY = ("uuid", "traceUuid", "instance_uuid")
_ARCHIVE = re.compile(r"\.(?:jar|war|dll|gem|tgz|tar\.gz|whl|zip)$", re.IGNORECASE)

# Columns of the export and the API's names for them.
_COLUMNS = {
    "Vulnerability Name": "title",
    "Vulnerability ID": "uuid",
    "Rule Name": "rule_name",
    "Category": "category",
    "Severity": "severity",
    "Status": "status",
    "CWE ID": "cwe",
    "Application Name": "app_name",
    "Request URI": "uri",
}


class ContrastParser:
    format = "contrast"
    tool = "contrast"
    label = "Contrast"
    coverage = Coverage(
        frozenset({Kind.WEAKNESS, Kind.VULNERABILITY}),
        frozenset({"composer", "gem", "golang", "maven", "npm", "nuget", "pypi"}),
    )

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is Form.CSV:
            return {"Vulnerability Name", "Vulnerability ID", "Rule Name"} <= set(sketch.columns)
        if _is_trace(sketch.keys):
            return True
        if "traces" in sketch.keys:
            first = sketch.at("traces", 0)
            return _is_trace(first) if isinstance(first, dict) else "messages" in sketch.keys
        if "items" in sketch.keys:
            first = sketch.at("items", 0, "vulnerability")
            return isinstance(first, dict) and _is_trace(first)
        library = sketch.at("libraries", 0) if "libraries" in sketch.keys else None
        return isinstance(library, dict) and {"file_name", "vulns"} <= library.keys()

    def read(self, document: ReportDocument) -> Iterator[Report]:
        tally = Tally()
        if document.sketch.form is Form.CSV:
            if "Vulnerability ID" not in document.sketch.columns:
                raise RecordError("has no Vulnerability ID column")
            tally.read_all(document.rows(), _observe_row)
        else:
            _read_json(document.root, tally)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            asset=sole_asset(tally.observations),
        )


def _is_trace(keys: object) -> bool:
    names = set(keys) if isinstance(keys, (dict, frozenset)) else set()
    return bool(names.intersection(_IDENTITY)) and bool(names.intersection(_RULE))


def _read_json(root: Node, tally: Tally) -> None:
    if root.first == b"[":
        tally.read_all(root.items(), _observe_trace)
        return
    if root.get("trace") is None and not {*_LISTS, "libraries"} & set(root.members()):
        raise RecordError("has no traces")
    trace = root.get("trace")
    if trace is not None:
        tally.read(trace, _observe_trace)
    for name in _LISTS:
        tally.read_all(root.items(name), _observe_trace)
    for library in root.items("libraries"):
        _read_library(library, tally)


# -- vulnerabilities of the application's own code


def _observe_row(row: Record) -> Observation:
    named = {name: row.text(column) for column, name in _COLUMNS.items()}
    return _observe(Record(named, row.pointer))


def _observe_trace(node: Node) -> Observation:
    record = node.record()
    return _observe(record.child("vulnerability") or record)


def _observe(trace: Record) -> Observation:
    identity = trace.first(*_IDENTITY)
    rule = trace.first(*_RULE) or trace.text("rule", "name")
    if not rule:
        raise RecordError("has no rule_name")
    title = trace.text("title")
    severity = trace.text("severity")
    uri = trace.text("request", "uri") or trace.text("uri")
    return Observation(
        tool="contrast",
        kind=Kind.WEAKNESS,
        rule=Rule(
            id=rule,
            title=trace.first("rule_title", "ruleTitle") or title,
            weaknesses=cwe_ids(*(f"CWE-{cwe}" if cwe.isdecimal() else cwe
                                 for cwe in (*trace.texts("cwe"), *trace.texts("cwes")))),
        ),
        record=trace.pointer,
        severity=_severity(severity),
        severity_said=severity,
        message=plain_text("\n".join(filter(None, (title, trace.first("sub_title", "subTitle"))))),
        locations=(Location(url=uri.partition("?")[0], anchor=anchor(identity)),),
        signals=Signals(confidence=_confidence(trace.text("confidence"))),
        claim=_claim(trace),
        asset=_application(trace),
    )  # fmt: skip


def _severity(word: str) -> Severity:
    return Severity.NONE if word.lower() == "note" else severity_from_word(word)


def _confidence(word: str) -> str:
    return word.lower() if word.lower() in ("high", "medium", "low") else ""


def _claim(trace: Record) -> Claim | None:
    """What somebody, or Contrast's own verification, decided about it."""
    status = trace.text("status")
    plain = re.sub(r"[^a-z]", "", status.lower())
    words = " - ".join(filter(None, (status, trace.first("sub_status", "subStatus"))))
    if plain.startswith("notaproblem"):
        return Claim(Stance.SUPPRESSED, statement=words, author="contrast")
    if plain.startswith(("remediated", "autoremediated", "fixed")):
        return Claim(Stance.FIXED, statement=words, author="contrast")
    return None


def _application(record: Record) -> Asset | None:
    name = (
        record.text("application", "name")
        or record.first("app_name", "application_name", "applicationName")
        or record.text("apps", 0, "name")
    )
    return Asset(AssetKind.ENDPOINT, name) if name else None


# -- libraries


def _read_library(node: Node, tally: Tally) -> None:
    """Each flaw of a library is a record; a library without flaws is one of its own."""
    flaws = list(node.items("vulns"))
    if not flaws:
        tally.read(node, lambda node: _observe_library(node.record()))
        return
    try:
        library = node.record()
    except RecordError:
        library = Record({})  # each of its flaws then says that it has no library
    tally.read_all(flaws, partial(_observe_flaw, owner=library))


def _observe_library(library: Record) -> Observation:
    return Observation(
        tool="contrast",
        kind=Kind.LICENCE,
        rule=Rule("component"),
        record=library.pointer,
        verdict=Verdict.NOT_APPLICABLE,
        component=_component(library),
        asset=_application(library),
    )


def _observe_flaw(node: Node, owner: Record) -> Observation:
    flaw = node.record()
    code = flaw.first("severity_code", "severityCode", "severity")
    return Observation(
        tool="contrast",
        kind=Kind.VULNERABILITY,
        rule=Rule(id=flaw.need("name"), description=flaw.text("description")),
        record=flaw.pointer,
        severity=_severity(code),
        severity_said=code,
        scores=tuple(_scores(flaw)),
        message=flaw.text("description"),
        component=_component(owner),
        signals=Signals(reachable=_used(owner)),
        asset=_application(owner),
    )


def _scores(flaw: Record) -> Iterator[Score]:
    for version, names in (("2.0", ("severity_value",)), ("3.1", ("cvss_3_severity_value",))):
        vector = flaw.text("cvss_3_vector") if version == "3.1" else ""
        score = cvss_score("contrast", vector, flaw.number(*names), version)
        if score is not None:
            yield score


def _used(library: Record) -> bool | None:
    """Whether the running application has loaded any class of the library."""
    used = library.integer("classes_used")
    return used > 0 if used is not None and library.integer("class_count") else None


def _component(library: Record) -> Component:
    """The package behind a file such as "demo-core-1.2.jar"."""
    version = library.first("version", "file_version")
    name = _ARCHIVE.sub("", library.need("file_name"))
    if version:
        name = name.removesuffix(f"-{version}")
    kind = package_type(library.first("app_language", "language"))
    group = library.text("group")
    if kind == "maven" and group and ":" not in name:
        name = f"{group}:{name}"
    licences = tuple(licence for licence in library.texts("licenses") if licence != "unknown")
    return Component(name=name, version=version, type=kind, licences=licences)


PARSER = ContrastParser()
