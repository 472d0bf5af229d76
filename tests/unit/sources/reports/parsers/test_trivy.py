"""Trivy: what its golden files do not show by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.model.assets import AssetKind
from vigie.model.identity import layers_digest
from vigie.model.observations import FixState, Kind, Observation, Stance
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes, open_document
from vigie.sources.reports.parsers.trivy import PARSER
from vigie.sources.reports.reading import read_document


def read(value: Any) -> Report:
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def only(result: dict[str, Any], **metadata: Any) -> Observation:
    report = read(
        {"SchemaVersion": 2, "ArtifactName": "a", "Metadata": metadata, "Results": [result]}
    )
    assert not report.problems
    (seen,) = report.observations
    return seen


def vulnerability(**extra: Any) -> Observation:
    base = {"VulnerabilityID": "CVE-2025-1", "PkgName": "p", "InstalledVersion": "1"}
    return only({"Target": "x", "Class": "os-pkgs", "Type": "debian",
                 "Vulnerabilities": [base | extra]})  # fmt: skip


@pytest.mark.parametrize(
    ("status", "fixed", "state", "versions"),
    [
        ("fixed", "1.2", FixState.FIXED, ("1.2",)),
        ("fixed", "2.0, 1.2 ,", FixState.FIXED, ("2.0", "1.2")),
        ("affected", "", FixState.NOT_FIXED, ()),
        ("will_not_fix", "", FixState.WILL_NOT_FIX, ()),
        ("fix_deferred", "", FixState.DEFERRED, ()),
        ("end_of_life", "", FixState.END_OF_LIFE, ()),
        ("under_investigation", "", FixState.UNKNOWN, ()),
        ("unknown", "", FixState.UNKNOWN, ()),
        ("", "1.2", FixState.FIXED, ("1.2",)),  # reports before 0.42
        ("", "", FixState.UNKNOWN, ()),
        ("will_not_fix", "1.2", FixState.WILL_NOT_FIX, ("1.2",)),
    ],
)
def test_status_becomes_the_fix_state(
    status: str, fixed: str, state: FixState, versions: tuple[str, ...]
) -> None:
    fix = vulnerability(Status=status, FixedVersion=fixed).fix
    assert (fix.state, fix.versions) == (state, versions)


def test_null_members_are_unknown_and_never_zero() -> None:
    seen = vulnerability(
        FixedVersion=None, Severity=None, CVSS=None, VendorSeverity=None, Layer=None,
        CweIDs=None, References=None, PkgIdentifier=None, Title=None,
    )  # fmt: skip
    assert (seen.severity.value, seen.scores, seen.severities) == ("unknown", (), ())
    assert (seen.locations, seen.fix.state) == ((), FixState.UNKNOWN)


def test_erratum_is_related_and_another_name_of_the_flaw_is_an_alias() -> None:
    rule = vulnerability(VendorIDs=["RHSA-2025:1", "GHSA-aaaa-bbbb-cccc", "USN-1-1"]).rule
    assert rule.aliases == ("GHSA-aaaa-bbbb-cccc",)
    assert rule.related == ("RHSA-2025:1", "USN-1-1")


def test_purl_tells_the_type_better_than_the_target() -> None:
    seen = only(
        {"Target": "requirements.txt", "Class": "lang-pkgs", "Type": "pip", "Vulnerabilities": [
            {"VulnerabilityID": "CVE-1", "PkgName": "curl",
             "PkgIdentifier": {"PURL": "pkg:deb/ubuntu/curl@7.81"}}]}
    )  # fmt: skip
    assert seen.component is not None
    assert seen.component.type == "deb"


def config(start: int, code: str = "EXPOSE 22", title: str = "Port 22") -> Observation:
    lines = [{"Number": start, "Content": code, "IsCause": True}]
    return only({"Target": "Dockerfile", "Class": "config", "Type": "dockerfile",
                 "Misconfigurations": [{"ID": "DS004", "Status": "FAIL", "Title": title,
                 "CauseMetadata": {"StartLine": start, "EndLine": start,
                                   "Code": {"Lines": lines}}}]})  # fmt: skip


def test_place_of_a_misconfiguration_survives_shifted_lines() -> None:
    first, second = config(4).locations[0], config(14).locations[0]
    assert first.anchor == second.anchor != ""
    assert (first.start_line, second.start_line) == (4, 14)
    assert config(4, "EXPOSE 23").locations[0].anchor != first.anchor


def test_cause_of_a_check_about_secrets_is_not_kept() -> None:
    place = config(4, "ENV TOKEN=s3cr3t", "Secrets passed via envs").locations[0]
    assert "s3cr3t" not in repr(place)
    assert place.anchor


@pytest.mark.parametrize("identity", ["DS002", "DS-0002", "AVD-DS-0002"])
def test_spellings_of_three_times_name_the_same_check(identity: str) -> None:
    rule = only({"Target": "D", "Class": "config", "Misconfigurations": [
        {"ID": identity, "Status": "FAIL"}]}).rule  # fmt: skip
    assert "AVD-DS-0002" in (rule.id, *rule.aliases)


@pytest.mark.parametrize(
    ("match", "snippet"),
    [("key = ****************", "key = ****************"), ("key = AKIA1234567890", "")],
)
def test_secret_is_never_kept(match: str, snippet: str) -> None:
    seen = only({"Target": "/a", "Class": "secret", "Secrets": [
        {"RuleID": "aws", "StartLine": 3, "Match": match, "Code": {"Lines": [
            {"Content": "key = AKIA1234567890"}]}}]})  # fmt: skip
    assert seen.kind is Kind.SECRET
    assert seen.locations[0].snippet == snippet
    assert "AKIA" not in repr(seen)
    assert seen.locations[0].anchor


def test_digests_of_an_image() -> None:
    report = read(
        {"SchemaVersion": 2, "ArtifactName": "a:1", "ArtifactType": "container_image",
         "Metadata": {"ImageID": "sha256:c", "DiffIDs": ["sha256:1", "sha256:2"],
                      "RepoDigests": ["a@sha256:m", ""], "RepoTags": ["a:1"],
                      "OS": {"Family": "debian", "Name": "12.7"}}}
    )  # fmt: skip
    asset = report.asset
    assert asset is not None
    assert asset.digests == {
        "config:sha256:c", "manifest:sha256:m", layers_digest(["sha256:1", "sha256:2"])
    }  # fmt: skip
    assert (asset.kind, asset.distro) == (AssetKind.IMAGE, "debian-12.7")
    assert report.ecosystems is None


def test_ecosystems_are_those_looked_at_even_without_a_finding() -> None:
    results = [
        {"Target": "a", "Class": "os-pkgs", "Type": "alpine"},
        {"Target": "go.mod", "Class": "lang-pkgs", "Type": "gomod", "Vulnerabilities": None},
        {"Target": "x.tf", "Class": "config", "Type": "terraform"},
    ]
    report = read({"SchemaVersion": 2, "ArtifactName": "a", "Results": results})
    assert report.ecosystems == frozenset({"apk", "golang"})
    report = read({"SchemaVersion": 2, "ArtifactName": "a", "Results": results[2:]})
    assert report.ecosystems == frozenset()


@pytest.mark.parametrize("key", ["Resources", "Findings", "Vulnerabilities"])
def test_cluster_reports_of_every_layout_are_read(key: str) -> None:
    resource = {
        "Namespace": "n", "Kind": "Pod", "Name": "p",
        "Metadata": {"ImageID": "sha256:c", "RepoTags": ["i:1"]},
        "Results": [{"Target": "i:1 (debian 12)", "Class": "os-pkgs", "Type": "debian",
                     "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "PkgName": "p"}]}],
    }  # fmt: skip
    report = read({"ClusterName": "c", key: [resource]})
    (seen,) = report.observations
    assert report.asset is not None
    assert report.asset.kind is AssetKind.CLUSTER
    assert seen.asset is not None
    assert seen.asset.digests == {"config:sha256:c"}
    assert seen.locations[0].resource == "n/Pod/p"


def test_manifest_of_a_workload_is_the_clusters_and_its_packages_are_the_images() -> None:
    results = [
        {"Target": "Pod/p", "Class": "config", "Misconfigurations": [{"ID": "KSV001"}]},
        {"Target": "i:1 (debian 12)", "Class": "os-pkgs", "Type": "debian",
         "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "PkgName": "p"}]},
    ]  # fmt: skip
    resource = {"Namespace": "n", "Kind": "Pod", "Name": "p", "Results": results}
    manifest, package = read({"ClusterName": "c", "Findings": [resource]}).observations
    assert manifest.asset is None
    assert package.asset is not None
    assert (package.asset.name, package.asset.distro) == ("i:1", "debian-12")


def test_modified_finding_keeps_its_claim_and_its_place() -> None:
    seen = only({"Target": "x", "Class": "os-pkgs", "Type": "debian",
        "ExperimentalModifiedFindings": [{"Type": "vulnerability", "Status": "not_affected",
        "Statement": "why", "Source": "vex", "Finding": {"VulnerabilityID": "CVE-1",
        "PkgName": "p"}}]})  # fmt: skip
    assert seen.claim is not None
    assert (seen.claim.stance, seen.claim.statement) == (Stance.NOT_AFFECTED, "why")
    assert seen.record == "Results[0].ExperimentalModifiedFindings[0]"


def test_source_package_has_its_epoch_and_release() -> None:
    package = {"ID": "p@1", "Name": "p", "SrcName": "s", "SrcVersion": "1.2", "SrcRelease": "3",
               "SrcEpoch": 2}  # fmt: skip
    seen = only({"Target": "x", "Class": "os-pkgs", "Type": "debian", "Packages": [package],
        "Vulnerabilities": [{"VulnerabilityID": "C", "PkgName": "p", "PkgID": "p@1"}]})  # fmt: skip
    assert seen.component is not None
    assert (seen.component.source_name, seen.component.source_version) == ("s", "2:1.2-3")


@pytest.mark.corpus
def test_records_of_the_corpus_are_those_a_plain_count_finds(corpus: Path) -> None:
    names = ("Vulnerabilities", "Misconfigurations", "Secrets", "Licenses")
    files = [*(corpus / "reports/trivy").glob("*.json"), *corpus.glob("pairs/*/trivy*.json")]
    assert len(files) >= 9
    for path in files:
        value = json.loads(path.read_bytes())
        counted = sum(len(r.get(name) or ()) for r in value.get("Results", []) for name in names)
        (report,) = read_document(PARSER, open_document(path))
        assert (report.records, len(report.observations)) == (counted, counted), path.name


def test_check_without_an_id_of_its_own_goes_by_its_other_name() -> None:
    check = {"ID": "N/A", "AVDID": "AVD-AWS-0176", "Title": "No IAM", "Status": "FAIL"}

    def rule(**changes: Any) -> tuple[str, tuple[str, ...]]:
        found = {"Class": "config", "Target": "main.tf", "Misconfigurations": [check | changes]}
        seen = only(found).rule
        return seen.id, seen.aliases

    assert rule() == ("AVD-AWS-0176", ())
    assert rule(AVDID="N/A") == ("No IAM", ())
    assert rule(ID="DS002", AVDID="AVD-DS-0002") == ("DS002", ("AVD-DS-0002",))
