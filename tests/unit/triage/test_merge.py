"""What becomes one finding and what stays two."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.triage.build import IMAGE, findings, flaw, hit, merged, told

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding, Status
from vigie.model.observations import Claim, Kind, Observation, Stance, Verdict
from vigie.triage.corrections import Correction


def names(found: list[Finding]) -> list[str]:
    return sorted(f.rule.id for f in found)


def test_one_advisory_that_names_five_cves_is_five_findings() -> None:
    cves = tuple(f"CVE-2024-000{n}" for n in range(1, 6))
    found = findings(flaw("RHSA-2024:1", kind="rpm", aliases=cves))
    assert names(found) == list(cves)
    assert all("RHSA-2024:1" in f.rule.related for f in found)


def test_aliases_join_transitively_across_tools() -> None:
    found = findings(
        flaw("PYSEC-2024-1", tool="pip-audit", aliases=("GHSA-aaaa-bbbb-cccc",)),
        flaw("GHSA-aaaa-bbbb-cccc", tool="grype", aliases=("CVE-2024-1111",)),
        flaw("cve-2024-1111", tool="trivy"),
    )
    assert names(found) == ["CVE-2024-1111"]
    assert set(found[0].sources) == {"pip-audit", "grype", "trivy"}
    assert set(found[0].rule.aliases) == {"PYSEC-2024-1", "GHSA-aaaa-bbbb-cccc"}


def test_an_advisory_about_two_flaws_is_no_bridge_between_them() -> None:
    found = findings(
        flaw("DSA-1", kind="deb", tool="clair", aliases=("CVE-2024-0001", "CVE-2024-0002")),
        flaw("CVE-2024-0001", kind="deb"),
        flaw("CVE-2024-0002", kind="deb"),
    )
    assert names(found) == ["CVE-2024-0001", "CVE-2024-0002"]
    assert all(f.sources == ("clair", "trivy") for f in found)


def test_aliases_do_not_reach_over_to_another_package() -> None:
    found = findings(
        flaw("GHSA-aaaa-bbbb-cccc", "one", aliases=("CVE-2024-0001",)),
        flaw("GHSA-aaaa-bbbb-cccc", "two", tool="grype"),
    )
    assert names(found) == ["CVE-2024-0001", "GHSA-aaaa-bbbb-cccc"]


def test_same_cve_at_three_jar_paths_is_one_finding_with_three_instances() -> None:
    paths = ("app/a.jar", "app/b.jar", "/opt/c.jar")
    found = findings(*(flaw("CVE-2024-1", "log4j-core", kind="maven", path=p) for p in paths))
    assert len(found) == 1
    assert [i.location.path for i in found[0].instances if i.location] == list(paths)


def test_paths_of_two_tools_meet_though_one_leads_with_a_slash() -> None:
    found = findings(
        flaw("CVE-2024-1", path="usr/lib/x/METADATA"),
        flaw("CVE-2024-1", path="/usr/lib/x/METADATA", tool="grype"),
    )
    assert [i.sources for i in found[0].instances] == [("trivy", "grype")]


def test_binary_packages_of_one_source_are_instances() -> None:
    found = findings(
        flaw("CVE-2024-1", "libssl3", "3.0", kind="deb", source="openssl", tool="grype"),
        flaw("CVE-2024-1", "openssl", "3.0", kind="deb", tool="grype"),
        flaw("CVE-2024-1", "libssl3", "3.0", kind="deb"),
    )
    assert len(found) == 1
    assert found[0].component is not None
    assert found[0].component.name == "openssl"
    assert {i.name for i in found[0].instances} == {"libssl3", "openssl"}


def test_unknown_source_is_concluded_from_flaw_and_version_despite_an_epoch() -> None:
    found = findings(
        flaw("CVE-2024-1", "libblkid1", "2.38.1-5", kind="deb"),
        flaw("CVE-2024-1", "bsdutils", "1:2.38.1-5", kind="deb"),
    )
    assert len(found) == 1
    assert any("built from one source" in str(join.reason) for join in found[0].joins)


def test_known_sources_with_one_version_are_not_mixed() -> None:
    found = findings(
        flaw("CVE-2024-1", "a", "1.0", kind="deb", source="one"),
        flaw("CVE-2024-1", "b", "1.0", kind="deb", source="two"),
    )
    assert len(found) == 2


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("Flask_Login", "pypi"), ("flask-login", "python")),
        (("org.apache:demo", "maven"), ("org.apache/demo", "maven")),
        (("stdlib", "golang"), ("go", "golang")),
        (("demo", "deb"), ("demo", "debian")),
    ],
)
def test_spellings_of_a_package_do_not_split_a_finding(
    mine: tuple[str, str], theirs: tuple[str, str]
) -> None:
    found = findings(
        flaw("CVE-2024-1", mine[0], kind=mine[1], purl=""),
        flaw("CVE-2024-1", theirs[0], "v1.0", kind=theirs[1], purl="", tool="grype"),
    )
    assert len(found) == 1


def test_purl_qualifiers_do_not_split_a_finding() -> None:
    found = findings(
        flaw("CVE-2024-1", kind="deb", purl="pkg:deb/debian/demo@1.0?arch=amd64&distro=debian-12"),
        flaw("CVE-2024-1", kind="deb", purl="pkg:deb/debian/demo@1.0", tool="grype"),
    )
    assert len(found) == 1


def test_a_component_without_a_type_is_the_only_package_of_that_name() -> None:
    found = findings(
        flaw("CVE-2024-1", "lodash", kind="npm"),
        flaw("CVE-2024-1", "lodash", kind="", tool="clair"),
    )
    assert len(found) == 1


def test_two_versions_of_a_component_are_instances_of_one_finding() -> None:
    found = findings(flaw("CVE-2024-1", version="1.0"), flaw("CVE-2024-1", version="2.0"))
    assert [i.version for i in found[0].instances] == ["1.0", "2.0"]


def test_order_of_the_reports_changes_no_fingerprint() -> None:
    one = told(flaw("CVE-2024-1", tool="trivy"), flaw("GHSA-aaaa-bbbb-cccc", tool="trivy"))
    two = told(flaw("GHSA-aaaa-bbbb-cccc", tool="grype", aliases=("CVE-2024-1",)))
    forth = {f.fingerprint for f in merged(one, two).findings}
    back = {f.fingerprint for f in merged(two, one).findings}
    assert forth == back
    assert len(forth) == 1


def test_a_scan_by_fewer_tools_is_recognised_as_the_same_finding() -> None:
    alone = findings(flaw("GHSA-aaaa-bbbb-cccc", tool="grype"))[0]
    both = findings(
        flaw("GHSA-aaaa-bbbb-cccc", tool="grype"),
        flaw("CVE-2024-1", tool="trivy", aliases=("GHSA-aaaa-bbbb-cccc",)),
    )[0]
    assert alone.fingerprint != both.fingerprint
    assert alone.fingerprint in both.fingerprints


def test_a_new_tag_keeps_the_fingerprint_and_another_image_does_not() -> None:
    def of(name: str) -> str:
        return findings(flaw("CVE-2024-1"), asset=Asset(AssetKind.IMAGE, name))[0].fingerprint

    assert of("shop:1") == of("docker.io/library/shop:2") == of("shop@sha256:aa")
    assert of("shop:1") != of("till:1")


def test_one_image_under_different_identities_is_one_asset() -> None:
    by_config = replace(IMAGE, name="sha256:dd")
    by_name = Asset(AssetKind.IMAGE, "docker.io/library/shop:1")
    result = merged(
        told(flaw("CVE-2024-1", tool="trivy"), asset=IMAGE),
        told(flaw("CVE-2024-1", tool="grype"), asset=by_config),
        told(flaw("CVE-2024-1", tool="clair"), asset=by_name),
    )
    assert len(result.assets) == 1
    assert len(result.findings) == 1


def test_same_name_with_other_contents_is_another_asset() -> None:
    other = Asset(AssetKind.IMAGE, "shop:1", frozenset({"config:sha256:bb"}))
    result = merged(
        told(flaw("CVE-2024-1", tool="trivy"), asset=IMAGE),
        told(flaw("CVE-2024-1", tool="grype"), asset=other),
    )
    assert len(result.assets) == 2
    assert len({f.fingerprint for f in result.findings}) == 2


def test_reports_that_name_no_asset_belong_to_the_only_one() -> None:
    result = merged(told(flaw("CVE-2024-1")), told(hit("B101", "a.py", 1), asset=None))
    assert len(result.assets) == 1
    alone = merged(told(hit("B101", "a.py", 1), asset=None)).findings[0]
    together = next(f for f in result.findings if f.kind is Kind.WEAKNESS)
    assert alone.fingerprint in together.fingerprints


@pytest.mark.parametrize("anchor", ["", "abc"])
def test_lines_that_shift_by_ten_change_no_fingerprint(anchor: str) -> None:
    def prints(shift: int) -> list[str]:
        seen = [hit("R1", "a.py", line + shift, anchor=anchor) for line in (3, 9, 40)]
        return [f.fingerprint for f in findings(*seen)]

    assert prints(0) == prints(10)
    assert len(set(prints(0))) == 3


def test_the_same_record_twice_is_one_finding() -> None:
    assert len(findings(hit("R1", "a.py", 3), hit("R1", "a.py", 3))) == 1


def test_two_tools_meet_at_one_line_only_over_a_shared_weakness() -> None:
    bandit = hit("B602", "a.py", 7, tool="bandit", cwe=("CWE-78",))
    same = hit("subprocess", "a.py", 7, cwe=("CWE-78", "CWE-77"))
    assert len(findings(bandit, same)) == 1
    assert len(findings(bandit, hit("subprocess", "a.py", 7, cwe=("CWE-89",)))) == 2
    assert len(findings(bandit, hit("subprocess", "a.py", 8, cwe=("CWE-78",)))) == 2


def test_one_secret_seen_by_two_tools_is_one_finding() -> None:
    mine = hit("aws", ".env", 2, tool="gitleaks", kind=Kind.SECRET, anchor="5ec")
    other_rule = hit("AWS", ".env", 5, tool="trufflehog", kind=Kind.SECRET, anchor="5ec")
    same_line = hit("key", ".env", 2, tool="trivy", kind=Kind.SECRET)
    found = findings(mine, other_rule, same_line)
    assert len(found) == 1
    assert len(found[0].sources) == 3


def test_misconfigurations_meet_over_a_shared_id_and_resource() -> None:
    def seen(rule: str, tool: str, resource: str, alias: str) -> Observation:
        return hit(rule, "main.tf", 3, tool=tool, kind=Kind.MISCONFIGURATION,
                   resource=resource, aliases=(alias,), end=9)  # fmt: skip

    trivy = seen("AVD-AWS-0086", "trivy", "aws_s3_bucket.logs", "AWS-0086")
    tfsec = seen("aws-s3-block", "tfsec", "aws_s3_bucket.logs", "AVD-AWS-0086")
    assert len(findings(trivy, tfsec)) == 1


def test_what_passed_or_is_unknown_is_no_finding_and_not_lost() -> None:
    passed = replace(hit("C1", "a", 1), verdict=Verdict.PASS)
    manual = replace(hit("C2", "a", 1), verdict=Verdict.UNKNOWN)
    result = merged(told(passed, manual))
    assert result.findings == ()
    assert result.not_assessed == (manual,)


def test_a_tools_own_suppression_holds_only_while_no_other_tool_objects() -> None:
    claim = Claim(Stance.SUPPRESSED, statement="accepted")
    muted = flaw("CVE-2024-1", tool="grype", claim=claim)
    assert findings(muted)[0].status is Status.SUPPRESSED
    assert findings(muted, flaw("CVE-2024-1"))[0].status is Status.OPEN


def test_every_failing_observation_is_evidence_of_a_finding() -> None:
    seen = [flaw(f"CVE-2024-{n}", f"p{n % 3}") for n in range(1000, 1020)]
    seen += [hit("R1", f"{n % 4}.py", n) for n in range(20)]
    evidence = [o.record for f in findings(*seen) for o in f.evidence]
    assert sorted(evidence) == sorted(o.record for o in seen)


def test_corrections_join_and_split() -> None:
    one, two = told(flaw("CVE-2024-1"), flaw("CVE-2024-2")), told(flaw("CVE-2024-1", tool="grype"))
    plain = merged(one, two)
    a, b = plain.findings
    joined = merged(one, two, corrections=(Correction("join", (a.fingerprint, b.fingerprint)),))
    assert len(joined.findings) == 1
    assert joined.unused == ()
    split = merged(one, two, corrections=(Correction("split", (a.fingerprint,), "grype"),))
    assert sorted(f.sources for f in split.findings) == [("grype",), ("trivy",), ("trivy",)]
    nothing = Correction("join", ("feed", "beef"))
    assert merged(one, corrections=(nothing,)).unused == (nothing,)


def test_inventory_names_each_component_once() -> None:
    stated = replace(flaw("MIT", tool="sbom"), verdict=Verdict.NOT_APPLICABLE, kind=Kind.LICENCE)
    result = merged(told(flaw("CVE-2024-1")), told(stated))
    assert [i.sources for i in result.components] == [("trivy", "sbom")]
