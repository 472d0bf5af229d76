"""KICS JSON results: `queries[].files[]`, each file entry being one record.

`similarity_id` is KICS's own identity of a result: a hash of the file, the query and the
path to the setting. For hard-coded secrets it hashes the line number instead, so it is not
used there.

Source: `Summary` in Checkmarx/kics `pkg/model/summary.go`; `pkg/engine/similarity` and
`pkg/engine/secrets/inspector.go` for the similarity id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from vigie.model.identity import anchor
from vigie.model.observations import (
    NO_FIX_STATED,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Verdict,
)
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.severity import Severity, severity_from_word
from vigie.model.text import T
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_SECRETS = "passwords and secrets"  # what the names of the secret queries begin with
_BLOCK = re.compile(r"([\w-]+)\[([^\[\]]+)\]")  # "aws_s3_bucket[logs].policy"
_NOT_SAID = ("", "unknown", "n/a", "undefined")
_QUERY_LISTS = {"queries": Verdict.FAIL, "bill_of_materials": Verdict.NOT_APPLICABLE}


class KicsParser:
    format = "kics"
    tool = "kics"
    label = "KICS"
    coverage = Coverage(frozenset({Kind.MISCONFIGURATION, Kind.SECRET}))

    def recognises(self, sketch: Sketch) -> bool:
        return "queries" in sketch.keys and bool(
            {"kics_version", "queries_total", "files_scanned"} & sketch.keys
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        if not {"queries", "queries_total", "kics_version"} & set(root.members()):
            raise RecordError("has no queries")
        tally = Tally()
        for name, verdict in _QUERY_LISTS.items():
            for query in root.items(name):
                _read_query(query, verdict, tally)
        summary = Record({name: node.value() for name, node in _counters(root)})
        _note_failures(summary, tally)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=root.text("kics_version"),
            started=root.text("start"),
            ended=root.text("end"),
        )


def _counters(root: Node) -> Iterator[tuple[str, Node]]:
    return ((name, node) for name, node in root.fields().items() if node.first not in b"[{")


def _read_query(query: Node, verdict: Verdict, tally: Tally) -> None:
    files = list(query.items("files"))
    about = Record({name: node.value() for name, node in _counters(query)}, query.pointer)
    tally.read_all(files, partial(_observe, query=about, verdict=verdict))


def _note_failures(summary: Record, tally: Tally) -> None:
    queries = summary.integer("queries_failed_to_execute") or 0
    files = summary.integer("files_failed_to_scan") or 0
    unread = (summary.integer("files_scanned") or 0) - (summary.integer("files_parsed") or 0)
    if queries > 0:
        tally.note(
            ProblemCode.REPORT,
            T("KICS could not run {count} query", "KICS could not run {count} queries",
              count=queries),
            hint=T("Its log says why: kics scan --log-level DEBUG."),
        )  # fmt: skip
    if files > 0:
        tally.note(
            ProblemCode.REPORT,
            T("KICS could not scan {count} file", "KICS could not scan {count} files", count=files),
            hint=T("Its log says why: kics scan --log-level DEBUG."),
        )
    elif unread > 0 and summary.integer("files_parsed") is not None:
        tally.note(
            ProblemCode.NOTE,
            T("KICS found {count} file of no kind that it reads",
              "KICS found {count} files of no kind that it reads", count=unread),
        )  # fmt: skip


def _observe(node: Node, query: Record, verdict: Verdict) -> Observation:
    file = node.record()
    severity = query.text("severity")
    name = query.text("query_name")
    secret = name.lower().startswith(_SECRETS)
    return Observation(
        tool="kics",
        kind=Kind.SECRET if secret else Kind.MISCONFIGURATION,
        rule=_rule(query),
        record=file.pointer,
        verdict=verdict,
        severity=Severity.NONE if severity.lower() == "trace" else severity_from_word(severity),
        severity_said=severity,
        # The values of a secret's entry may quote it.
        message=name if secret else file.text("actual_value") or query.text("description"),
        locations=(_location(file, query, secret),),
        fix=NO_FIX_STATED if secret else Fix(advice=file.text("expected_value")),
    )


def _rule(query: Record) -> Rule:
    cwe = query.text("cwe")
    url = query.text("query_url")
    return Rule(
        id=query.need("query_id"),
        title=query.text("query_name"),
        description=query.text("description"),
        references=(url,) if url else (),
        weaknesses=cwe_ids(f"CWE-{cwe}" if cwe.isdecimal() else cwe),
    )


def _location(file: Record, query: Record, secret: bool) -> Location:
    line = file.line("line")
    path = file.need("file_name")
    if secret:
        place = anchor(file.text("search_key"))  # hashed: it may quote the secret
        return Location(path=path, start_line=line, end_line=line, anchor=place)
    return Location(
        path=path,
        start_line=line,
        end_line=line,
        resource=_resource(file, query.text("platform")),
        anchor=anchor(file.text("similarity_id")),
    )


def _resource(file: Record, platform: str) -> str:
    """ "aws_s3_bucket.logs" or "Deployment/web"; the path to the setting where neither is said."""
    key = file.text("search_key")
    block = _BLOCK.match(key)
    if block and platform.lower() == "terraform":
        return f"{block[1]}.{block[2]}"
    kind, name = file.text("resource_type"), file.text("resource_name")
    if name.lower() in _NOT_SAID or kind.lower() in _NOT_SAID:
        return key
    return f"{kind}/{name}" if platform.lower() == "kubernetes" else f"{kind}.{name}"


PARSER = KicsParser()
