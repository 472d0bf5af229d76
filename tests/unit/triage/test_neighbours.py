"""What meets in no group meets nowhere: merged in groups, a report gives the same findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.observations import Claim, Kind, Location, Observation, Rule, Stance, Verdict
from vigie.model.runs import Outcome, Run, TargetAsset
from vigie.triage.assets import Identified
from vigie.triage.merge import Told, merge
from vigie.triage.neighbours import Groups, may_be_about_anything, meeting_keys

SHOP = Asset(AssetKind.IMAGE, "shop")
HOME = Identified(TargetAsset("image:shop", SHOP), "image:shop")
_TOOLS = ("grype", "trivy")
_NAMES = st.sampled_from(["CVE-2024-0001", "CVE-2024-0002", "GHSA-aaaa-bbbb-cccc", "DSA-1", "X-1"])
_RULES = st.builds(
    lambda name, aliases, weaknesses: Rule(name, tuple(aliases), weaknesses=tuple(weaknesses)),
    _NAMES, st.lists(_NAMES, max_size=2), st.lists(st.sampled_from(["CWE-1", "CWE-2"]), max_size=2),
)  # fmt: skip
_COMPONENTS = st.builds(
    lambda name, kind, version, source: Component(name, version, kind, source_name=source),
    st.sampled_from(["a", "liba", "b", "org:a", "c"]), st.sampled_from(["deb", "npm", "maven", ""]),
    st.sampled_from(["1", "2"]), st.sampled_from(["", "", "a", "src"]),
)  # fmt: skip
_PLACES = st.builds(
    lambda path, line, url, resource, anchor: Location(
        path=path, start_line=line, url=url, resource=resource, anchor=anchor
    ),
    st.sampled_from(["", "./", "a.py", "/a.py", "b.py"]), st.sampled_from([None, 1, 2, 90]),
    st.sampled_from(["", "http://x/a?b", "http://x/a"]), st.sampled_from(["", "bucket.a"]),
    st.sampled_from(["", "h1", "h2"]),
)  # fmt: skip
_SAID = st.builds(
    lambda tool, kind, rule, verdict, component, places: Observation(
        tool, kind, rule, "", verdict, component=component, locations=tuple(places)
    ),
    st.sampled_from(_TOOLS), st.sampled_from([Kind.VULNERABILITY, Kind.VULNERABILITY, *Kind]),
    _RULES, st.sampled_from([Verdict.FAIL, Verdict.FAIL, Verdict.FAIL, Verdict.NOT_APPLICABLE]),
    st.none() | _COMPONENTS, st.lists(_PLACES, max_size=2),
)  # fmt: skip


def _merged(numbered: Sequence[tuple[int, Observation]]) -> list[Finding]:
    told = [
        Told(Run(tool, tool, Outcome.COMPLETE), SHOP,
             [replace(o, record=str(n)) for n, o in numbered if o.tool == tool])
        for tool in _TOOLS
    ]  # fmt: skip
    return list(merge(told, home=HOME).findings)


def _groups(said: Sequence[Observation]) -> list[list[tuple[int, Observation]]]:
    keys = [meeting_keys(one) for one in said]
    if any(map(may_be_about_anything, keys)):
        return [[(n, one) for n, one in enumerate(said) if keys[n]]]
    groups = Groups(len(said))
    groups.join(sorted((key, number) for number, own in enumerate(keys) for key in own))
    return [[(n, said[n]) for n in group] for group in groups if keys[group[0]]]


@settings(max_examples=400, deadline=None)
@given(said=st.lists(_SAID, max_size=12))
def test_groups_merged_apart_are_the_whole_merged(said: list[Observation]) -> None:
    whole = _merged(list(enumerate(said)))
    parts = [finding for group in _groups(said) for finding in _merged(group)]
    assert sorted(parts, key=repr) == sorted(whole, key=repr)


def test_packages_of_one_flaw_are_together_and_others_apart() -> None:
    one, other, apart = (
        Observation(
            "grype", Kind.VULNERABILITY, Rule(flaw), "", component=Component(name, "", "deb")
        )
        for flaw, name in (("CVE-2024-1", "a"), ("CVE-2024-1", "b"), ("CVE-2024-2", "c"))
    )
    assert [[n for n, _ in group] for group in _groups([one, apart, other])] == [[0, 2], [1]]


def test_a_statement_may_be_about_anything() -> None:
    flaws = [
        Observation("grype", Kind.VULNERABILITY, Rule(f"CVE-2024-000{n}"), "",
                    component=Component(f"p{n}", "1", "npm"))
        for n in range(3)
    ]  # fmt: skip
    claim = Claim(Stance.NOT_AFFECTED, products=("pkg:npm/p0@1",))
    said = Observation("openvex", Kind.VULNERABILITY, Rule("CVE-2024-0009"), "", claim=claim)
    assert len(_groups(flaws)) == 3
    assert len(_groups([*flaws, said])) == 1


def test_what_bears_on_no_finding_has_no_keys() -> None:
    passed = Observation("lynis", Kind.WEAKNESS, Rule("A"), "", Verdict.PASS)
    assert meeting_keys(passed) == ()


@given(count=st.integers(1, 30), pairs=st.sets(st.tuples(st.integers(-3, 5), st.integers(0, 29))))
def test_groups_are_what_hangs_together_by_keys(count: int, pairs: set[tuple[int, int]]) -> None:
    known = sorted((key, number) for key, number in pairs if number < count)
    groups = Groups(count)
    groups.join(known)
    apart = [{number} for number in range(count)]
    for key in {key for key, _ in known}:
        met = {number for other, number in known if other == key}
        inside = [group for group in apart if group & met]
        apart = [group for group in apart if not group & met] + [set().union(*inside)]
    assert list(groups) == sorted(sorted(group) for group in apart)
