"""Trivy's misconfigurations and licences (`DetectedMisconfiguration`, `DetectedLicense`)."""

from __future__ import annotations

import re

from vigie.model.components import Component
from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Stance,
    Verdict,
)
from vigie.model.severity import severity_from_word
from vigie.sources.reports.parsers.trivy.target import Target
from vigie.sources.reports.records import Record

# "DS002", "KSV-0001" and "AVD-DS-0002" are spellings of three times of the same check ids.
_CHECK_ID = re.compile(r"^(?:AVD-)?([A-Z]{2,8})-?(\d{3,5})$")

# Checks about secrets in plain sight: their cause is the secret, so it is not kept.
_DELICATE = re.compile(r"secret|sensitive|credential|password|token|api.?key", re.IGNORECASE)
_SNIPPET_LINES = 12


def observe_misconfiguration(record: Record, target: Target) -> Observation:
    """One check on one target: failed, passed, or excepted by a rule."""
    status = record.text("Status").upper()
    severity = record.text("Severity")
    advice = record.text("Resolution")
    return Observation(
        tool="trivy",
        kind=Kind.MISCONFIGURATION,
        rule=_check(record),
        record=record.pointer,
        verdict=Verdict.PASS if status == "PASS" else Verdict.FAIL,
        severity=severity_from_word(severity),
        severity_said=severity,
        message=record.text("Message"),
        locations=(_cause(record, target),),
        fix=Fix(FixState.UNKNOWN, advice=advice) if advice else Fix(),
        claim=Claim(Stance.SUPPRESSED, statement="EXCEPTION", author="trivy")
        if status == "EXCEPTION"
        else None,
    )


def _check(record: Record) -> Rule:
    said = (record.text("ID"), record.text("AVDID"), *record.texts("Aliases"))
    names = [name for name in said if name not in ("", "N/A")]  # what a check without an id has
    identity = names[0] if names else record.need("Title" if any(said) else "ID")
    matched = _CHECK_ID.match(identity)
    if matched:
        names.append(f"AVD-{matched[1]}-{int(matched[2]):04}")
    references = (record.text("PrimaryURL"), *record.texts("References"))
    return Rule(
        id=identity,
        aliases=tuple(name for name in dict.fromkeys(names) if name != identity),
        title=record.text("Title"),
        description=record.text("Description"),
        references=tuple(dict.fromkeys(filter(None, references))),
    )


def _cause(record: Record, target: Target) -> Location:
    cause = record.child("CauseMetadata")
    lines = list(cause.children("Code", "Lines"))
    code = "\n".join(line.text("Content") for line in lines if line.flag("IsCause") is not False)
    message = record.text("Message")
    delicate = _DELICATE.search(record.text("Title") or record.text("ID"))
    shown = "\n".join(code.splitlines()[:_SNIPPET_LINES])
    return Location(
        path=target.path,
        start_line=cause.line("StartLine"),
        end_line=cause.line("EndLine"),
        resource=cause.text("Resource"),
        layer=record.text("Layer", "DiffID"),
        # Without code (Kubernetes, whole-file checks) the message names the container.
        anchor=anchor(code) or anchor(message),
        snippet="" if delicate else shown,
    )


def observe_licence(record: Record, target: Target) -> Observation:
    """One licence of one package or file. Its category is Trivy's classification of it."""
    licence = record.need("Name")
    severity = record.text("Severity")
    name = record.text("PkgName")
    package = target.package(record)
    path = record.text("FilePath")
    return Observation(
        tool="trivy",
        kind=Kind.LICENCE,
        rule=Rule(licence, title=licence, references=record.texts("Link")),
        record=record.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        message=record.text("Category"),
        component=Component(
            name=name,
            version=package.text("Version"),
            type=target.type,
            purl=package.text("Identifier", "PURL"),
            distro=target.distro,
            licences=(licence,),
        )
        if name
        else None,
        locations=(Location(path=path),) if path else (),
    )
