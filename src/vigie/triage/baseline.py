"""Baseline: what is new since an earlier result, and what has gone since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vigie.model.findings import Finding
from vigie.model.results import Result
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T


def compare_with(findings: Sequence[Finding], baseline: Result) -> list[Finding]:
    """Findings marked new or not, with the first-seen date of the baseline's own finding.

    Any shared fingerprint makes it the same finding, so a scan with other tools than the
    baseline's does not make old findings new. One that did not count then and counts now, its
    suppression having expired, is new all the same. How old a finding is in an asset that the
    baseline does not know is unknown.
    """
    known = {
        fingerprint: old
        for old in baseline.findings
        for fingerprint in (*old.fingerprints, old.fingerprint)
    }
    assets = _assets_of(baseline)
    marked = []
    for finding in findings:
        old = next((known[f] for f in finding.fingerprints if f in known), None)
        first_seen = finding.first_seen if not assets or finding.asset in assets else ""
        marked.append(
            replace(
                finding,
                new=old is None or (finding.status.counts and not old.status.counts),
                first_seen=(old.first_seen or baseline.created) if old else first_seen,
            )
        )
    return marked


def mismatch(result: Result, baseline: Result) -> Problem | None:
    """A problem when the baseline is about other assets altogether: it tells nothing here."""
    before, now = _assets_of(baseline), _assets_of(result)
    if not before or not now or before & now:
        return None
    return Problem(
        ProblemCode.INPUT,
        T("the baseline is about {before}, and this is about {now}: everything counts as new",
          before=tuple(sorted(before)), now=tuple(sorted(now))),
        hint=T("Give the earlier result of the same target to --baseline."),
    )  # fmt: skip


def _assets_of(result: Result) -> set[str]:
    return {target.id for target in result.assets} or {f.asset for f in result.findings}


def gone(result: Result, baseline: Result) -> Problem | None:
    """A note on what the baseline had and this result does not report; None for nothing."""
    missing = gone_since(result.findings, baseline)
    if not missing:
        return None
    unseen = T("Not every scanner looked this time, so that is no proof of a fix.")
    return Problem(
        ProblemCode.NOTE,
        T("{count} finding of the baseline is no longer reported",
          "{count} findings of the baseline are no longer reported", count=len(missing)),
        hint=None if result.complete else unseen,
    )  # fmt: skip


def gone_since(findings: Sequence[Finding], baseline: Result) -> list[Finding]:
    """Findings of the baseline that counted there and are no longer reported."""
    present = {fingerprint for finding in findings for fingerprint in finding.fingerprints}
    return [
        old
        for old in baseline.findings
        if old.status.counts and not present.intersection((*old.fingerprints, old.fingerprint))
    ]
