"""Snyk's issues of infrastructure code (`snyk iac test --json`): one setting in one file."""

from __future__ import annotations

import re

from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Stance,
)
from vigie.model.severity import severity_from_word
from vigie.sources.reports.parsers.snyk.issues import Project
from vigie.sources.reports.records import Record
from vigie.sources.reports.tree import Node

_BLOCK = re.compile(r"^resource\.([\w-]+)\[([^\[\]]+)\]")  # "resource.aws_s3_bucket[logs].acl"


def observe_setting(project: Project, node: Node) -> Observation:
    """One issue. `msg` and `path` name the setting; an unknown line is -1."""
    record = node.record()
    said = record.child("iacDescription") or record
    issue, impact = said.text("issue"), said.text("impact")
    severity = record.text("severity")
    return Observation(
        tool="snyk-iac",
        kind=Kind.MISCONFIGURATION,
        rule=Rule(
            id=record.text("publicId") or record.need("id"),
            title=record.text("title"),
            description="\n".join(filter(None, (issue, impact))),
            references=_references(record),
        ),
        record=record.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        message=issue or record.text("title"),
        locations=(_location(record, project),),
        fix=Fix(advice=said.text("resolve")),
        claim=Claim(Stance.SUPPRESSED, statement="ignored in Snyk", author="snyk-iac")
        if record.flag("isIgnored")
        else None,
    )


def _location(record: Record, project: Project) -> Location:
    setting = record.text("msg")
    block = _BLOCK.match(setting)
    return Location(
        path=project.path,
        start_line=record.line("lineNumber"),
        resource=f"{block[1]}.{block[2]}" if block else setting,
        anchor=anchor("/".join(record.texts("path")) or setting),
    )


def _references(record: Record) -> tuple[str, ...]:
    """Standards are named among the links, in words."""
    links = (record.text("documentation"), *record.texts("references"))
    return tuple(dict.fromkeys(link for link in links if link.startswith("http")))
