"""Whose word wins, and that every other word is kept."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.triage.build import findings, flaw, hit

from vigie.model.observations import Fix, FixState, Kind, Location, Score, Signals
from vigie.model.severity import Severity


def test_highest_own_severity_wins_and_every_word_is_kept() -> None:
    low = flaw("CVE-2024-1", severity=Severity.LOW, severity_said="Low",
               severities=(("nvd", "CRITICAL"),))  # fmt: skip
    high = flaw("CVE-2024-1", tool="grype", severity=Severity.HIGH, severity_said="High")
    found = findings(low, high)[0]
    assert (found.severity, found.severity_source) == (Severity.HIGH, "grype")
    assert dict(found.severities) == {"trivy": "Low", "trivy/nvd": "CRITICAL", "grype": "High"}


def test_unknown_severity_stays_unknown_and_a_score_helps_out() -> None:
    silent = flaw("CVE-2024-1", severity=Severity.UNKNOWN)
    assert findings(silent)[0].severity is Severity.UNKNOWN
    scored = replace(silent, scores=(Score("nvd", "3.1", "", 9.8),))
    found = findings(scored)[0]
    assert (found.severity, found.severity_source) == (Severity.CRITICAL, "cvss:nvd")


def test_will_not_fix_is_kept_apart_from_no_fix_yet() -> None:
    def state(*states: FixState) -> FixState:
        tools = ("trivy", "grype", "clair")
        seen = [flaw("CVE-2024-1", tool=t, fix=Fix(s)) for t, s in zip(tools, states, strict=False)]
        return findings(*seen)[0].fix.state

    assert state(FixState.NOT_FIXED) is FixState.NOT_FIXED
    assert state(FixState.NOT_FIXED, FixState.WILL_NOT_FIX) is FixState.WILL_NOT_FIX
    assert state(FixState.DEFERRED, FixState.UNKNOWN) is FixState.DEFERRED
    assert state(FixState.UNKNOWN) is FixState.UNKNOWN


def test_fix_by_source_is_kept_and_the_lowest_sufficient_comes_first() -> None:
    found = findings(
        flaw("CVE-2024-1", version="1.5.0", kind="npm", fixed=("2.0.0, 1.5.3",)),
        flaw("CVE-2024-1", version="1.5.0", kind="npm", fixed=("2.0.0",), tool="grype"),
    )[0]
    assert found.fix.versions == ("1.5.3",)
    assert dict(found.fix.by_source)["grype"].versions == ("2.0.0",)


def test_fix_suffices_for_every_instance() -> None:
    found = findings(
        flaw("CVE-2024-1", version="1.5.0", kind="npm", fixed=("1.5.3", "2.0.1")),
        flaw("CVE-2024-1", version="2.0.0", kind="npm", fixed=("1.5.3", "2.0.1")),
    )[0]
    assert found.fix.versions == ("2.0.1", "1.5.3")


def test_signals_unknown_stays_unknown_and_yes_outweighs_no() -> None:
    assert findings(flaw("CVE-2024-1"))[0].signals.kev is None
    found = findings(
        flaw("CVE-2024-1", signals=Signals(kev=False, epss=0.1)),
        flaw("CVE-2024-1", tool="grype", signals=Signals(kev=True, epss=0.2)),
    )[0]
    assert (found.signals.kev, found.signals.epss) == (True, 0.2)


def test_a_vulnerability_without_a_package_is_instances_by_place() -> None:
    place = Location(url="https://shop.example/login")
    seen = replace(flaw("CVE-2024-1", tool="nuclei"), component=None, locations=(place,))
    assert [i.location for i in findings(seen)[0].instances] == [place]


def test_scores_and_signals_of_a_record_about_several_flaws_belong_to_none_of_them() -> None:
    cves = ("CVE-2024-0001", "CVE-2024-0002")
    both = flaw("ELSA-2024-1", kind="rpm", aliases=cves, scores=(Score("nvd", "3.1", "", 9.8),),
                signals=Signals(kev=True, epss=0.9, exploit="active"))  # fmt: skip
    for found in findings(both):
        assert (found.scores, found.signals) == ((), Signals())
        assert found.severity is Severity.HIGH  # the advisory's own word is about all of them
    own = flaw("CVE-2024-0001", kind="rpm", tool="grype", signals=Signals(epss=0.01))
    told = {f.rule.id: f.signals.epss for f in findings(both, own)}
    assert told == {"CVE-2024-0001": 0.01, "CVE-2024-0002": None}


def test_a_lone_record_reads_like_the_same_record_twice() -> None:
    seen = flaw("CVE-2024-0001", aliases=("ghsa-BBBB-bbbb-bbbb", "GHSA-aaaa-aaaa-aaaa"))
    alone, twice = findings(seen)[0], findings(seen, seen)[0]
    assert alone.rule == twice.rule
    assert alone.rule.aliases == ("GHSA-aaaa-aaaa-aaaa", "GHSA-bbbb-bbbb-bbbb")


def test_the_hash_of_a_secret_leaves_the_merge_in_fingerprints_only() -> None:
    found = findings(hit("aws", ".env", 2, kind=Kind.SECRET, anchor="5ec2e7"))[0]
    assert "5ec2e7" not in repr(found)
    code = findings(hit("R1", "a.py", 2, anchor="c0de"))[0]
    assert "c0de" in repr(code.evidence)
