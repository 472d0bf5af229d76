"""What holds for every merge, whatever the tools say and in whatever order they say it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.triage.build import IMAGE, flaw, hit, run

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding
from vigie.model.observations import Kind, Observation
from vigie.triage.identifiers import names_of
from vigie.triage.merge import Merged, Told, merge

IDS = ("CVE-2024-0001", "CVE-2024-0002", "CVE-2024-0003", "GHSA-aaaa-aaaa-aaaa",
       "GHSA-bbbb-bbbb-bbbb", "PYSEC-2024-1", "DSA-1", "RHSA-2024:1", "GO-2024-1")  # fmt: skip
TOOLS = ("clair", "grype", "trivy")
PLACES = (
    None,
    IMAGE,
    Asset(AssetKind.IMAGE, "docker.io/library/shop:1"),
    Asset(AssetKind.IMAGE, "sha256:cc", frozenset({"manifest:sha256:cc", "config:sha256:aa"})),
    Asset(AssetKind.IMAGE, "shop:1", frozenset({"config:sha256:bb"})),
    Asset(AssetKind.REPOSITORY, "/build/1/shop"),
    Asset(AssetKind.REPOSITORY, "/home/x/shop"),
)

flaws = st.builds(
    flaw,
    st.sampled_from(IDS),
    st.sampled_from(("demo", "libdemo1", "org.a:demo", "org.b:demo")),
    st.sampled_from(("1.0", "1:1.0", "v1.0", "2.0")),
    tool=st.sampled_from(TOOLS),
    aliases=st.lists(st.sampled_from(IDS), max_size=2, unique=True).map(tuple),
    kind=st.sampled_from(("pypi", "deb", "maven", "")),
    source=st.sampled_from(("", "demo", "other")),
    path=st.sampled_from(("", "a.jar", "/b.jar")),
    asset=st.sampled_from(PLACES),
)
hits = st.builds(
    hit,
    st.sampled_from(("R1", "R2")),
    st.sampled_from(("a.py", "/a.py", "./a.py")),
    st.integers(1, 3),
    tool=st.sampled_from(TOOLS),
    kind=st.sampled_from((Kind.WEAKNESS, Kind.SECRET, Kind.MISCONFIGURATION)),
    anchor=st.sampled_from(("", "x", "y")),
    cwe=st.lists(st.sampled_from(("CWE-1", "CWE-2")), max_size=2, unique=True).map(tuple),
    aliases=st.lists(st.sampled_from(("R3", "R4")), max_size=1).map(tuple),
    end=st.none() | st.integers(3, 4),
)
observations = st.lists(flaws | hits, max_size=8).map(
    lambda seen: [replace(o, record=f"r{n}") for n, o in enumerate(seen)]
)


def merged(runs: list[list[Observation]]) -> Merged:
    return merge([Told(run(seen[0].tool), None, seen) for seen in runs if seen])


def prints(result: Merged) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    """Every finding by its fingerprint, all its fingerprints and the records behind it."""
    return {
        (f.fingerprint, frozenset(f.fingerprints), frozenset(o.record for o in f.evidence))
        for f in result.findings
    }


@settings(max_examples=300, deadline=None)
@given(observations, st.data())
def test_order_and_partition_of_the_runs_change_nothing(
    seen: list[Observation], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(seen))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(seen)), max_size=3)))
    parts = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(seen)], strict=True)]
    assert prints(merged([seen])) == prints(merged(parts))


@settings(max_examples=200, deadline=None)
@given(observations)
def test_every_observation_is_evidence(seen: list[Observation]) -> None:
    evidence = {o.record for f in merged([seen]).findings for o in f.evidence}
    assert evidence == {o.record for o in seen}


@settings(max_examples=200, deadline=None)
@given(observations)
def test_no_finding_is_about_two_cves_two_assets_or_two_kinds(seen: list[Observation]) -> None:
    for finding in merged([seen]).findings:
        assert {o.kind for o in finding.evidence} == {finding.kind}
        if finding.kind is not Kind.VULNERABILITY:
            continue
        cves = {n for n in (finding.rule.id, *finding.rule.aliases) if n.startswith("CVE-")}
        assert len(cves) <= 1
        for observation in finding.evidence:
            own = {n for n in names_of(observation.rule) if n.startswith("CVE-")}
            assert not own or finding.rule.id in own


@settings(max_examples=200, deadline=None)
@given(observations)
def test_fingerprints_belong_to_one_finding_each(seen: list[Observation]) -> None:
    primary = [f.fingerprint for f in merged([seen]).findings]
    assert len(primary) == len(set(primary))


def worth(finding: Finding) -> Finding:
    """A finding without what merely lists its evidence."""
    return replace(finding, evidence=(), joins=())


@settings(max_examples=200, deadline=None)
@given(observations)
def test_reading_everything_twice_changes_nothing(seen: list[Observation]) -> None:
    assert list(map(worth, merged([seen]).findings)) == list(
        map(worth, merged([seen, seen]).findings)
    )


@settings(max_examples=200, deadline=None)
@given(observations, st.sampled_from(TOOLS))
def test_what_one_tool_gives_alone_is_known_again_among_all(
    seen: list[Observation], tool: str
) -> None:
    left = [o for o in seen if o.tool == tool]
    whole = merged([seen]).findings
    for finding in merged([left]).findings if left else ():
        behind = {o.record for o in finding.evidence}
        successors = [f for f in whole if behind & {o.record for o in f.evidence}]
        assert any(set(finding.fingerprints) & set(f.fingerprints) for f in successors)
