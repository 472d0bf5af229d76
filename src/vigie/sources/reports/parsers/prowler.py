"""Prowler results: OCSF JSON (versions 3 to 5), CSV (2 to 5) and the native JSON of version 3.

Each row or finding says something about one check at one resource. PASS and MANUAL rows are
kept as verdicts; a muted FAIL stays a failure with a claim.

Source: Prowler documentation "Reporting"; `prowler/lib/outputs/{csv,ocsf}` for the keys;
OCSF classes 2001, 2003 and 2004.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Stance,
    Verdict,
)
from vigie.model.runs import Coverage
from vigie.model.severity import Severity, severity_from_word
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.subjects import sole_asset
from vigie.sources.reports.tree import Node
from vigie.sources.reports.web import links

_VERDICTS = {
    "fail": Verdict.FAIL, "failed": Verdict.FAIL, "failure": Verdict.FAIL,
    "muted": Verdict.FAIL, "warning": Verdict.FAIL,  # version 3's words for a muted FAIL
    "pass": Verdict.PASS, "passed": Verdict.PASS, "success": Verdict.PASS,
}  # fmt: skip
_MUTED = ("muted", "warning", "suppressed")

# CSV columns and native JSON keys with their punctuation left out, the newest name first.
_COLUMNS = {
    "check": ("CHECKID", "TITLEID"),
    "title": ("CHECKTITLE", "TITLETEXT"),
    "status": ("STATUS", "CHECKRESULT"),
    "message": ("STATUSEXTENDED", "CHECKRESULTEXTENDED"),
    "severity": ("SEVERITY", "CHECKSEVERITY"),
    "description": ("DESCRIPTION",),
    "risk": ("RISK", "CHECKRISK"),
    "advice": ("REMEDIATIONRECOMMENDATIONTEXT", "CHECKREMEDIATION"),
    "uid": ("FINDINGUID", "FINDINGUNIQUEID"),
    "provider": ("PROVIDER",),
    "account": ("ACCOUNTUID", "ACCOUNTID", "ACCOUNTNUM", "SUBSCRIPTION", "PROJECTID"),
    "account_name": ("ACCOUNTNAME", "ORGANIZATIONSINFOACCOUNTDETAILSNAME"),
    "version": ("PROWLERVERSION",),
    "time": ("TIMESTAMP", "ASSESSMENTSTARTTIME"),
}
_RESOURCES = ("RESOURCEUID", "RESOURCEARN", "RESOURCEID", "CHECKRESOURCEID", "RESOURCENAME")
_REFERENCES = ("RELATEDURL", "REMEDIATIONRECOMMENDATIONURL", "ADDITIONALURLS", "CHECKDOC")
_PUNCTUATION = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class _Check:
    """One result in any of Prowler's forms."""

    pointer: str
    check: str
    title: str = ""
    status: str = ""
    muted: bool = False
    message: str = ""
    severity: str = ""
    description: str = ""
    risk: str = ""
    advice: str = ""
    uid: str = ""
    provider: str = ""
    account: str = ""
    account_name: str = ""
    version: str = ""
    time: str = ""
    resources: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    compliance: tuple[str, ...] = ()


class ProwlerParser:
    format = "prowler"
    tool = "prowler"
    label = "Prowler"
    coverage = Coverage(frozenset({Kind.MISCONFIGURATION}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is Form.CSV:
            columns = {_plain(column) for column in sketch.columns}
            return {"CHECKID", "STATUS", "STATUSEXTENDED"} <= columns or (
                {"TITLEID", "CHECKRESULT"} <= columns
            )
        if {"FindingUniqueId", "CheckID"} <= sketch.keys:
            return True
        product = sketch.at("metadata", "product", "name")
        return isinstance(product, str) and product.lower() == "prowler"

    def read(self, document: ReportDocument) -> Iterator[Report]:
        tally = Tally()
        heard = _Heard()
        if document.sketch.form is Form.CSV:
            for row in document.rows():
                tally.read(row, lambda row: heard.observe(_flat(row, row.data)))
        else:
            for node in document.lines():
                tally.read(node, lambda node: heard.observe(_from_json(node)))
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=heard.version,
            ended=heard.time,
            asset=sole_asset(tally.observations),
        )


class _Heard:
    """Makes observations, and remembers the version and time that every record repeats."""

    def __init__(self) -> None:
        self.version = ""
        self.time = ""

    def observe(self, said: _Check) -> Observation:
        self.version = said.version or self.version
        self.time = said.time.replace(" ", "T", 1) or self.time
        return _observe(said)


def _observe(said: _Check) -> Observation:
    status = said.status.lower()
    verdict = _VERDICTS.get(status, Verdict.UNKNOWN)
    muted = said.muted or status in _MUTED
    severity = severity_from_word(said.severity)
    # "prowler-aws-<check>-<account>-<region>-<resource>" tells regions apart; ids of another
    # make (Prowler's server draws random ones) say nothing lasting.
    place = anchor(said.uid) if said.uid.startswith("prowler-") else ""
    return Observation(
        tool="prowler",
        kind=Kind.MISCONFIGURATION,
        rule=_rule(said),
        record=said.pointer,
        verdict=verdict,
        severity=Severity.CRITICAL if said.severity.lower() == "fatal" else severity,
        severity_said=said.severity,
        message=said.message or said.title,
        locations=tuple(Location(resource=name, anchor=place) for name in said.resources),
        fix=Fix(advice=said.advice),
        claim=Claim(Stance.SUPPRESSED, statement="muted in Prowler", author="prowler")
        if muted and verdict is Verdict.FAIL
        else None,
        asset=_asset(said),
    )


def _rule(said: _Check) -> Rule:
    return Rule(
        id=said.check,
        title=said.title,
        description="\n".join(filter(None, (said.description, said.risk))),
        references=links(*said.references),
        # Every result of a check repeats its requirements: keep one copy of each.
        related=tuple(map(sys.intern, said.compliance)),
    )


def _asset(said: _Check) -> Asset | None:
    name = said.account or said.account_name
    if not name:
        return None
    kind = AssetKind.CLUSTER if said.provider.lower() == "kubernetes" else AssetKind.ACCOUNT
    return Asset(kind, name, tags=tuple({said.account_name} - {"", name}))


# -- CSV and native JSON


def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", name.upper())


def _flat(record: Record, data: Mapping[str, Any]) -> _Check:
    row = Record({_plain(name): value for name, value in _flattened(data, "")}, record.pointer)
    if any(value is None for value in record.data.values()) and not row.first(*_COLUMNS["status"]):
        raise RecordError("has fewer columns than the header")
    texts = {name: row.first(*columns) for name, columns in _COLUMNS.items()}
    if not texts["check"]:
        raise RecordError("has no CHECK_ID")
    return _Check(
        pointer=record.pointer,
        **texts,
        muted=row.flag("MUTED") is True,
        resources=tuple(filter(None, (row.first(*_RESOURCES),))),
        references=tuple(text for name in _REFERENCES for text in row.texts(name)),
        compliance=tuple(_requirements(data.get("Compliance", row.text("COMPLIANCE")))),
    )


def _flattened(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Remediation.Recommendation.Text as RemediationRecommendationText; three levels down."""
    for name, value in data.items():
        if isinstance(value, Mapping) and prefix.count(".") < 3:
            yield from _flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _requirements(said: Any) -> Iterator[str]:
    """ "CIS-2.0 1.20" for each requirement, out of a mapping or "CIS-2.0: 1.20, 1.21 | …"."""
    if isinstance(said, Mapping):
        for framework, requirements in said.items():
            for requirement in requirements if isinstance(requirements, list) else ():
                yield f"{framework} {requirement}"
        return
    for part in (said if isinstance(said, str) else "").split(" | "):
        framework, colon, requirements = part.partition(": ")
        if colon:
            yield from (f"{framework.strip()} {r.strip()}" for r in requirements.split(","))


# -- OCSF


def _from_json(node: Node) -> _Check:
    record = node.record()
    if "CheckID" in record.data:
        return _flat(record, record.data)
    return _ocsf(record)


def _ocsf(event: Record) -> _Check:
    finding = event.child("finding_info") or event.child("finding")  # the latter: class 2001
    product = event.child("metadata", "product")
    remediation = event.child("remediation") or finding.child("remediation")
    unmapped = event.child("unmapped")
    check = event.text("metadata", "event_code") or product.text("feature", "uid")
    if not check:
        raise RecordError("has no metadata.event_code")
    status = event.text("status_code") or event.text("compliance", "status") or event.text("status")
    return _Check(
        pointer=event.pointer,
        check=check,
        title=finding.text("title"),
        status=status,
        muted=event.text("status").lower() == "suppressed" or unmapped.flag("muted") is True,
        message=event.first("status_detail", "message"),
        severity=event.text("severity"),
        description=finding.text("desc"),
        risk=event.text("risk_details") or finding.text("supporting_data", "Risk"),
        advice=remediation.text("desc"),
        uid=finding.text("uid"),
        provider=event.text("cloud", "provider") or unmapped.text("provider"),
        account=event.text("cloud", "account", "uid") or unmapped.text("provider_uid"),
        account_name=event.text("cloud", "account", "name"),
        version=product.text("version"),
        time=event.text("time_dt") or event.text("metadata", "original_time"),
        resources=tuple(filter(None, map(_resource, event.children("resources")))),
        references=(unmapped.text("related_url"), *unmapped.texts("additional_urls"),
                    *remediation.texts("references"), *remediation.texts("kb_articles")),
        compliance=tuple(_requirements(unmapped.at("compliance")))
        or event.texts("compliance", "requirements"),
    )  # fmt: skip


def _resource(resource: Record) -> str:
    """The resource's uid (an ARN in AWS); in a cluster its namespace before its name."""
    if resource.text("namespace") and resource.text("name"):
        return f"{resource.text('namespace')}/{resource.text('name')}"
    return resource.first("uid", "name")


PARSER = ProwlerParser()
