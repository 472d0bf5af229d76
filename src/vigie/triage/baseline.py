"""Baseline: what is new since an earlier result, and what has gone since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vigie.model.findings import Finding
from vigie.model.results import Result


def compare_with(findings: Sequence[Finding], baseline: Result) -> list[Finding]:
    """Findings marked new or not, with the first-seen date of the baseline's own finding.

    Any shared fingerprint makes it the same finding, so a scan with other tools than the
    baseline's does not make old findings new.
    """
    known = {
        fingerprint: old
        for old in baseline.findings
        for fingerprint in (*old.fingerprints, old.fingerprint)
    }
    marked = []
    for finding in findings:
        old = next((known[f] for f in finding.fingerprints if f in known), None)
        marked.append(
            replace(
                finding,
                new=old is None,
                first_seen=(old.first_seen or baseline.created) if old else finding.first_seen,
            )
        )
    return marked


def gone_since(findings: Sequence[Finding], baseline: Result) -> list[Finding]:
    """Findings of the baseline that counted there and are no longer reported."""
    present = {fingerprint for finding in findings for fingerprint in finding.fingerprints}
    return [
        old
        for old in baseline.findings
        if old.status.counts and not present.intersection((*old.fingerprints, old.fingerprint))
    ]
