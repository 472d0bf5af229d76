"""Checkov JSON: one framework, a list of frameworks, and the summary of an empty scan.

A skipped check is a failed one that a comment or a platform rule suppressed. Checkov gives no
severity without an API key, so it stays unknown.

Source: `checkov -o json`; `checkov/common/output/record.py`, `.../report.py` and
`checkov/common/sca/output.py` for `vulnerability_details`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Stance,
    Verdict,
)
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.severity import severity_from_word
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.manifests import manifest_system
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_VERDICTS = {
    "failed_checks": Verdict.FAIL,
    "passed_checks": Verdict.PASS,
    "skipped_checks": Verdict.FAIL,  # with a claim that says why it is suppressed
    "unknown_checks": Verdict.UNKNOWN,
}

_ECOSYSTEMS = frozenset(
    {"apk", "composer", "deb", "gem", "golang", "maven", "npm", "nuget", "pypi", "rpm"}
)

# What the vulnerability's `status` says besides "fixed in 1.2, 1.3".
_FIX_STATES = {
    "open": FixState.NOT_FIXED,
    "affected": FixState.NOT_FIXED,
    "needed": FixState.NOT_FIXED,
    "deferred": FixState.DEFERRED,
    "will not fix": FixState.WILL_NOT_FIX,
    "end of life": FixState.END_OF_LIFE,
}


class CheckovParser:
    format = "checkov"
    tool = "checkov"
    label = "Checkov"
    coverage = Coverage(
        frozenset(
            {Kind.MISCONFIGURATION, Kind.SECRET, Kind.VULNERABILITY, Kind.LICENCE, Kind.WEAKNESS}
        ),
        _ECOSYSTEMS,
    )

    def recognises(self, sketch: Sketch) -> bool:
        if "check_type" in sketch.keys and "results" in sketch.keys:
            return True
        return "checkov_version" in sketch.keys and "passed" in sketch.keys

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        frameworks = root.items() if document.sketch.form is Form.JSON_ARRAY else iter([root])
        tally = Tally()
        version = ""
        for framework in frameworks:
            if not {"check_type", "results", "checkov_version"} & set(framework.members()):
                raise RecordError("has no check_type")
            _read_framework(framework, tally)
            version = (
                framework.text("summary", "checkov_version")
                or framework.text("checkov_version")
                or version
            )
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=version,
        )


def _read_framework(framework: Node, tally: Tally) -> None:
    check_type = framework.text("check_type")
    results = framework.get("results")
    for name in _VERDICTS:
        checks = results.items(name) if results is not None else iter(())
        tally.read_all(checks, partial(_observe, check_type=check_type, group=name))
    for node in results.items("parsing_errors") if results is not None else ():
        file = node.text()
        tally.note(
            ProblemCode.REPORT,
            T("Checkov could not parse {file}, so nothing is known about it", file=file),
            where=file,
            hint=T("Mend the file's syntax, or leave it out with --skip-path."),
        )


def _observe(node: Node, check_type: str, group: str) -> Observation:
    check = node.record()
    details = check.child("vulnerability_details")
    kind = _kind(check, details, check_type)
    verdict = _VERDICTS[group]
    severity = check.text("severity") or details.text("severity")
    return Observation(
        tool="checkov",
        kind=kind,
        rule=_rule(check, details, kind),
        record=check.pointer,
        verdict=verdict,
        severity=severity_from_word(severity),
        severity_said=severity,
        scores=tuple(_scores(details)),
        message=_message(check, kind),
        component=_component(check, details),
        locations=(_location(check, check_type, kind),),
        fix=_fix(details) if kind is Kind.VULNERABILITY else Fix(),
        claim=_claim(check) if group == "skipped_checks" else None,
    )


def _kind(check: Record, details: Record, check_type: str) -> Kind:
    if details.text("id"):
        return Kind.VULNERABILITY
    if details.text("license") or details.text("policy"):
        return Kind.LICENCE
    if check_type == "secrets" or check.text("check_id").startswith("CKV_SECRET"):
        return Kind.SECRET
    return Kind.WEAKNESS if check_type.startswith("sast") else Kind.MISCONFIGURATION


def _rule(check: Record, details: Record, kind: Kind) -> Rule:
    other = check.text("bc_check_id")
    check_id = check.text("check_id") or other or check.need("check_id")
    if kind is Kind.VULNERABILITY:
        return Rule(
            id=details.need("id"),
            title=check.text("short_description"),
            description=details.text("description") or check.text("description"),
            references=tuple(filter(None, (details.text("link"),))),
            published=details.text("published_date"),
        )
    return Rule(
        id=check_id,
        aliases=(other,) if other not in ("", check_id) else (),
        title=check.text("check_name"),
        description=check.text("description"),
        references=tuple(filter(None, (check.text("guideline"),))),
        weaknesses=cwe_ids(*check.texts("cwe")),
    )


def _scores(details: Record) -> Iterator[Score]:
    vector, value = details.text("vector"), details.number("cvss")
    score = cvss_score("checkov", vector, value)
    if score is not None:
        yield score


def _message(check: Record, kind: Kind) -> str:
    if kind is Kind.SECRET:  # its details may quote the line
        return check.text("check_name")
    words = (check.text("short_description") or check.text("check_name"), *check.texts("details"))
    return "\n".join(filter(None, words))


def _component(check: Record, details: Record) -> Component | None:
    name = details.text("package_name")
    if not name:
        return None
    said = package_type(details.text("package_type"))
    kind = said or manifest_system(check.text("file_path"))
    root = details.text("root_package_name")
    licences = details.texts("licenses") or details.texts("license")
    return Component(
        name=name,
        version=details.text("package_version"),
        type=kind,
        licences=tuple(
            word.strip() for text in licences for word in text.split(",") if word != "Unknown"
        ),
        direct=root == name if root else None,
    )


def _location(check: Record, check_type: str, kind: Kind) -> Location:
    # Checkov writes paths from the scanned folder with a leading slash.
    path = (check.text("file_path") or check.text("repo_file_path")).lstrip("/")
    resource = check.text("resource")
    place = ""
    if kind is Kind.SECRET:
        # The resource of a secret is the SHA-1 of its value (detect-secrets).
        place, resource = resource, ""
    elif not resource or kind is Kind.WEAKNESS or check_type == "dockerfile":
        # A Dockerfile's resource names only the instruction ("/Dockerfile.RUN").
        place = anchor(_code(check))
    return Location(
        path=path,
        start_line=check.line("file_line_range", 0),
        end_line=check.line("file_line_range", 1),
        resource="" if kind in (Kind.VULNERABILITY, Kind.LICENCE) else resource,
        anchor=place,
    )


def _code(check: Record) -> str:
    """The lines of the code block without their numbers."""
    block = check.at("code_block")
    lines = block if isinstance(block, list) else []
    return "".join(
        line[1] for line in lines if isinstance(line, list) and len(line) > 1
        and isinstance(line[1], str)
    )  # fmt: skip


def _fix(details: Record) -> Fix:
    versions = details.texts("fixed_versions")
    lowest = details.text("lowest_fixed_version")
    if not versions and lowest not in ("", "N/A"):
        versions = (lowest,)
    if versions:
        return Fix(FixState.FIXED, versions)
    return Fix(_FIX_STATES.get(details.text("status").lower(), FixState.UNKNOWN))


def _claim(check: Record) -> Claim:
    return Claim(
        Stance.SUPPRESSED,
        statement=check.text("check_result", "suppress_comment"),
        author="checkov",
    )


PARSER = CheckovParser()
