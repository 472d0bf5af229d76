"""What `semgrep scan --json` and `semgrep ci --json` write."""

from __future__ import annotations

from collections.abc import Iterator

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
    Signals,
    Stance,
)
from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity, severity_from_word
from vigie.model.text import T
from vigie.ports.reports import Report
from vigie.sources.reports.places import (
    clean_path,
    cwe_ids,
    first_sentence,
    plain_message,
    quoted,
    shows_credential,
)
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node

# Put in the place of a value by versions that want a login first. It identifies nothing.
_LOGIN = "requires login"

# Rules' old severities; Semgrep's documentation equates them to high, medium and low.
_LEVELS = {"ERROR": Severity.HIGH, "WARNING": Severity.MEDIUM, "INFO": Severity.LOW}

# Reasons for a skipped file that make the scan less than what was asked for.
_INCOMPLETE = ("analysis_failed", "too_many_matches", "exceeded_size_limit", "too_big")


def semgrep_severity(word: str) -> Severity:
    """A rule's severity: old (ERROR, WARNING, INFO) or new (CRITICAL to LOW)."""
    return _LEVELS.get(word.upper()) or severity_from_word(word)


def read_local(root: Node) -> Report:
    """The report of one run."""
    tally = Tally()
    tally.read_all(root.need_items("results"), _observe)
    for error in root.items("errors"):
        _note_error(tally, error)
    for skipped in root.items("paths", "skipped"):
        _note_skipped(tally, skipped)
    return Report(
        tool="semgrep",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
        version=root.text("version"),
        started=root.text("time", "started"),
    )


def _note_error(tally: Tally, node: Node) -> None:
    """Semgrep goes on after an error: with a rule or a file less."""
    kind = node.get("type")
    named = kind.text() if kind is not None else ""
    reason = (node.text("message") or node.text("long_msg") or node.text("short_msg")).strip()
    lines = reason.splitlines() or [named or node.text("rule_id") or "?"]
    informs = node.text("level") == "info"
    tally.note(
        ProblemCode.NOTE if informs else ProblemCode.REPORT,
        T("Semgrep reported an error: {reason}", reason=lines[0]),
        where=clean_path(node.text("path")),
    )


def _note_skipped(tally: Tally, node: Node) -> None:
    reason = node.text("reason")
    if reason.startswith(_INCOMPLETE):
        tally.note(
            ProblemCode.REPORT if reason.startswith(_INCOMPLETE[:2]) else ProblemCode.NOTE,
            T("Semgrep passed a file over: {reason}", reason=reason),
            where=clean_path(node.text("path")),
        )


def _observe(node: Node) -> Observation:
    result = node.record()
    check = result.need("check_id")
    extra = result.child("extra")
    severity = extra.text("severity")
    kind = _kind(check, extra)
    secrets = _matched_texts(extra) if kind is Kind.SECRET else ()
    delicate = kind is Kind.SECRET or shows_credential(cwe_ids(*extra.texts("metadata", "cwe")))
    literals = quoted(_said(extra.text("lines"))) if delicate else ()
    message = plain_message(extra.text("message"), *secrets, *literals)
    return Observation(
        tool="semgrep",
        kind=kind,
        rule=_rule(check, extra, kind, message),
        record=result.pointer,
        severity=semgrep_severity(severity),
        severity_said=severity,
        message=message,
        component=_component(extra),
        locations=(_location(result, extra, delicate),),
        fix=_fix(extra, kind) if not delicate else Fix(),
        signals=_signals(extra),
        claim=_claim(extra),
    )


def _kind(check: str, extra: Record) -> Kind:
    if extra.child("sca_info"):
        return Kind.VULNERABILITY
    validated = extra.text("validation_state")
    parts = check.lower().split(".")
    if "secrets" in parts or validated not in ("", "NO_VALIDATOR", "NO VALIDATOR"):
        return Kind.SECRET
    return Kind.WEAKNESS


def _matched_texts(extra: Record) -> tuple[str, ...]:
    """What a secret rule's variables caught: the secret is among them."""
    caught = extra.child("metavars").data.values()
    texts = (Record(v).text("abstract_content") for v in caught if isinstance(v, dict))
    return (extra.text("lines").strip(), *sorted(texts, key=len, reverse=True))


def _rule(check: str, extra: Record, kind: Kind, message: str) -> Rule:
    metadata = extra.child("metadata")
    references = (metadata.text("source"), *metadata.texts("references"),
                  *metadata.texts("source-rule-url"))  # fmt: skip
    identity = metadata.text("sca-vuln-database-identifier") if kind is Kind.VULNERABILITY else ""
    return Rule(
        id=identity or check,
        aliases=(check,) if identity else (),
        title=first_sentence(message) or check.rpartition(".")[2],
        references=tuple(dict.fromkeys(filter(None, references))),
        weaknesses=cwe_ids(*metadata.texts("cwe")),
        published=metadata.text("publish-date"),
    )


def _location(result: Record, extra: Record, delicate: bool) -> Location:
    code = _said(extra.text("lines"))
    fingerprint = _said(extra.text("fingerprint"))
    return Location(
        path=clean_path(result.need("path")),
        start_line=result.line("start", "line"),
        end_line=result.line("end", "line"),
        start_column=result.line("start", "col"),
        commit=extra.text("historical_info", "git_commit"),
        anchor=anchor(code) or anchor(fingerprint),
        snippet="" if delicate else code,
    )


def _said(value: str) -> str:
    return "" if value.strip().lower() == _LOGIN else value


def _component(extra: Record) -> Component | None:
    found = extra.child("sca_info", "dependency_match", "found_dependency")
    if not found.text("package"):
        return None
    return Component(
        name=found.text("package"),
        version=found.text("version"),
        type=package_type(found.text("ecosystem")),
        direct=is_direct(found.text("transitivity")),
    )


def is_direct(word: str) -> bool | None:
    """Semgrep's "direct" and "transitive"; None for "unknown" and anything else."""
    return {"direct": True, "transitive": False}.get(word.lower())


def _fix(extra: Record, kind: Kind) -> Fix:
    if kind is Kind.VULNERABILITY:
        package = extra.text("sca_info", "dependency_match", "found_dependency", "package")
        versions = tuple(dict.fromkeys(_safe_versions(extra, package)))
        return Fix(FixState.FIXED, versions) if versions else Fix()
    return Fix(advice=extra.text("fix")) if kind is Kind.WEAKNESS else Fix()


def _safe_versions(extra: Record, package: str) -> Iterator[str]:
    for safe in extra.child("metadata").children("sca-fix-versions"):
        if safe.text(package):
            yield safe.text(package)


def _signals(extra: Record) -> Signals:
    if extra.text("validation_state") == "CONFIRMED_VALID":
        confidence = "high"
    else:
        confidence = extra.text("metadata", "confidence").lower()
    return Signals(reachable=extra.flag("sca_info", "reachable"), confidence=confidence)


def _claim(extra: Record) -> Claim | None:
    """`nosemgrep` in the code; such results are in the report when `--disable-nosem` is off."""
    if not extra.flag("is_ignored"):
        return None
    return Claim(Stance.SUPPRESSED, statement="ignored in the code (nosemgrep)", author="semgrep")
