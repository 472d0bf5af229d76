"""Agreement: who said it, who looked and did not, and who could not have known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import parsedate

from vigie.model.findings import Absence, Agreement, Finding
from vigie.model.observations import Kind
from vigie.model.runs import Outcome, Run
from vigie.model.text import T, Text
from vigie.triage.forgetting import kept

_ISO = re.compile(r"(\d{4})-?(0\d|1[0-2])-?([0-3]\d)(?!\d)")


def agreement(finding: Finding, runs: Sequence[Run]) -> Agreement:
    """Compare a finding with every run on its asset.

    A tool counts once: it is silent if one of its runs could have known and did not say it.
    """
    said = set(finding.sources)
    absences: dict[str, Absence] = {}
    for run in runs:
        if run.tool in said or run.asset != finding.asset:
            continue
        reason = _blind(finding, run)
        known = absences.get(run.tool)
        if reason is None:
            absences[run.tool] = _silence(run.tool)
        elif known is None:
            absences[run.tool] = Absence(run.tool, False, reason)
    return Agreement(
        said=finding.sources,
        silent=tuple(a.tool for a in absences.values() if a.could_know),
        absences=tuple(absences.values()),
    )


def _ecosystem(finding: Finding) -> str:
    """The purl type of the component: "generic" for a program outside any package manager."""
    component = finding.component
    if component is None:
        return ""
    return component.type or ("generic" if component.purl.startswith("pkg:generic/") else "")


@kept(1000)
def _silence(tool: str) -> Absence:
    return Absence(tool, True, T("looked and did not report it"))


def _blind(finding: Finding, run: Run) -> Text | None:
    """Why this run could not have known; None when it could."""
    if run.outcome is Outcome.FAILED:
        return T("its run failed")
    if run.coverage is None:
        return T("what it covers is not known")
    if finding.kind not in run.coverage.kinds:
        return T("it does not look for this kind of finding")
    kind = _ecosystem(finding)
    if kind and run.coverage.ecosystems and kind not in run.coverage.ecosystems:
        return T("it does not cover {type} packages", type=kind)
    if kind and run.ecosystems is not None and kind not in run.ecosystems:
        return T("it looked at no {type} packages here", type=kind)
    published, date = _day(finding.rule.published), _day(run.database_date)
    if published and date and date < published:
        return T(
            "its database of {date} is older than the advisory of {published}",
            date=date,
            published=published,
        )
    if finding.kind is not Kind.VULNERABILITY:
        # Scanners share advisories, but each has rules of its own for everything else.
        return T("its rules are its own, so its silence says nothing")
    if run.outcome is Outcome.PARTIAL:
        return T("its run was partial")
    return None


@kept(10_000)
def _day(time: str) -> str:
    """ "2024-05-31" for any ISO 8601 time, "20240531" or "Fri, 31 May 2024 …"; "" for others."""
    if iso := _ISO.match(time.strip()):
        return "-".join(iso.groups())
    parts = parsedate(time)
    return f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}" if parts is not None else ""
