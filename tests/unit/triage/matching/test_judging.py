"""Several entries of one advisory, of several names or tiers, make one verdict."""

from __future__ import annotations

import pytest
from tests.unit.triage.matching.advisories import entry, span

from vigie.model.advisories import Affected, Range
from vigie.model.observations import Fix, FixState
from vigie.triage.matching.evaluation import Standing
from vigie.triage.matching.judging import Hit, judge
from vigie.triage.matching.lookups import Lookup, Named

FREE, PRO = "Ubuntu:22.04:LTS", "Ubuntu:Pro:22.04:LTS"
FIPS, FIPS_UPDATES = "Ubuntu:Pro:FIPS:22.04:LTS", "Ubuntu:Pro:FIPS-updates:22.04:LTS"
TIERS = {FREE: "", PRO: "esm", FIPS: "fips", FIPS_UPDATES: "fips"}
OPEN = span("introduced 0")


def until(version: str) -> Range:
    return span("introduced 0", f"fixed {version}")


def said(ecosystem: str, range_: Range, name: str = "x") -> Affected:
    return entry(range_, ecosystem=ecosystem, name=name)


def ubuntu(version: str, *entries: Affected, name: str = "x") -> tuple[Hit, ...]:
    names = tuple(Named(one, name, version, True, tier) for one, tier in TIERS.items())
    found: dict[tuple[str, str], list[Affected]] = {}
    for one in entries:
        found.setdefault((one.ecosystem, one.name), []).append(one)
    return judge(Lookup("deb", FREE, True, names), found)


def test_one_hit_for_each_advisory() -> None:
    lookup = Lookup("rpm", "A", True, (Named("A", "bin", "1-1"), Named("A", "src", "2-1")))
    found = {
        ("A", "bin"): [entry(until("1-2"), advisory="E-1"), entry(until("1-1"), advisory="E-2")],
        ("A", "src"): [entry(until("2-2"), advisory="E-1"), entry(until("2-2"), advisory="E-2")],
        ("A", "other"): [entry(OPEN, advisory="E-3")],
    }
    hits = judge(lookup, found)
    assert [(hit.advisory, hit.version, hit.fix.versions) for hit in hits] == [
        ("E-1", "1-1", ("1-2",)),
        ("E-2", "2-1", ("2-2",)),
    ]


def test_sure_beats_unsure_and_unsure_beats_silence() -> None:
    lookup = Lookup("pypi", "PyPI", True, (Named("PyPI", "x", "1"),))
    unsure, no = entry(until("oh no")), entry(until("0.5"))
    for entries, standing in (
        ([unsure, no, entry(until("2"))], Standing.AFFECTED),
        ([no, unsure], Standing.UNDECIDED),
    ):
        (hit,) = judge(lookup, {("PyPI", "x"): entries})
        assert hit.standing is standing
    assert judge(lookup, {("PyPI", "x"): [no]}) == ()


@pytest.mark.parametrize(
    ("epochs", "fixed", "is_hit"),
    [(True, "2-1", False), (False, "2-1", True), (False, "1:2-1", True), (False, "1-0", False),
     (False, "1:1-1", False)],
)  # fmt: skip
def test_epochs_count_where_the_database_has_them(epochs: bool, fixed: str, is_hit: bool) -> None:
    lookup = Lookup("rpm", "A", True, (Named("A", "x", "1:1-1", epochs),))
    hits = judge(lookup, {("A", "x"): [entry(until(fixed))]})
    assert bool(hits) is is_hit
    assert all(hit.fix.versions == (fixed,) for hit in hits)


def test_a_fix_for_everybody_is_what_counts() -> None:
    (hit,) = ubuntu("1-1", said(FREE, until("1-3")), said(PRO, until("1-2")))
    assert (hit.fix, hit.entitled) == (Fix(FixState.FIXED, ("1-3",)), ())
    assert ubuntu("1-3", said(FREE, until("1-3")), said(PRO, until("1-4"))) == ()


def test_a_fix_for_subscribers_is_told_apart() -> None:
    (hit,) = ubuntu("1-1", said(FREE, OPEN), said(PRO, until("1-1+esm1")))
    assert (hit.fix, hit.entitled) == (Fix(FixState.NOT_FIXED), ("1-1+esm1",))
    (hit,) = ubuntu("1-1", said(PRO, until("1-1+esm1")))
    assert (hit.fix, hit.entitled) == (Fix(), ("1-1+esm1",))
    (hit,) = ubuntu("1-1", said(PRO, OPEN))
    assert (hit.fix, hit.entitled) == (Fix(FixState.NOT_FIXED), ())


def test_builds_for_subscribers_are_judged_by_their_tier() -> None:
    entries = (said(FREE, OPEN), said(PRO, until("1-1+esm2")))
    assert ubuntu("1-1+esm2", *entries) == ()
    (hit,) = ubuntu("1-1+esm1", *entries)
    assert (hit.fix, hit.entitled) == (Fix(FixState.FIXED, ("1-1+esm2",)), ())
    # Where the tier is silent, what holds for everybody holds for it.
    (hit,) = ubuntu("1-1+esm2", said(FREE, OPEN))
    assert hit.fix == Fix(FixState.NOT_FIXED)


def test_other_tiers_concern_their_own_builds_alone() -> None:
    entries = (said(FIPS, OPEN), said(FIPS_UPDATES, until("1-1+Fips2")))
    assert ubuntu("1-1", *entries) == ()
    assert ubuntu("1-1", said(FREE, until("1-1")), *entries) == ()
    assert ubuntu("1-1+Fips2", *entries) == ()
    assert [hit.advisory for hit in ubuntu("1-1+Fips1", *entries)] == ["A-1"]
    (hit,) = ubuntu("1-1", said(FIPS, OPEN, "linux-fips"), name="linux-fips")
    assert hit.standing is Standing.AFFECTED
