"""CycloneDX: what its golden files do not show by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.sources.reports.parsers.read import first, read

from vigie.model.observations import Kind, Observation, Stance
from vigie.model.runs import ProblemCode

BLOCK = "pkg:terraform/cli_repo/shop/infra/main.tf/aws_db_instance.orders@sha1:0a"


def checked(identity: str) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.4",
        "vulnerabilities": [{"id": identity, "affects": [{"ref": BLOCK}]}],
    }


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        ("CKV_AWS_129", Kind.MISCONFIGURATION),
        ("CKV2_K8S_6", Kind.MISCONFIGURATION),
        ("CKV_SECRET_6", Kind.SECRET),
    ],
)
def test_checks_of_checkov_are_about_a_block_of_a_file_and_not_about_a_package(
    identity: str, kind: Kind
) -> None:
    seen = first("cyclonedx", checked(identity))
    assert (seen.kind, seen.component) == (kind, None)
    (where,) = seen.locations
    assert (where.path, where.resource) == ("infra/main.tf", "aws_db_instance.orders")
    coverage = read("cyclonedx", checked(identity)).coverage
    assert coverage is not None and kind in coverage.kinds


def test_vulnerability_is_about_the_package() -> None:
    seen = first("cyclonedx", checked("CVE-2024-1"))
    assert seen.kind is Kind.VULNERABILITY
    assert seen.component is not None and seen.component.purl == BLOCK
    assert read("cyclonedx", checked("CVE-2024-1")).coverage is None


PARTS = [
    {"bom-ref": name, "name": name, "version": "1", "purl": f"pkg:npm/{name}@1"}
    for name in ("demo", "other")
]


def observed(**vulnerability: Any) -> list[Observation]:
    found = {"id": "CVE-2024-1", "affects": [{"ref": "demo"}]} | vulnerability
    report = read(
        "cyclonedx",
        {"bomFormat": "CycloneDX", "components": PARTS, "vulnerabilities": [found]},
    )
    return [seen for seen in report.observations if seen.kind is Kind.VULNERABILITY]


@pytest.mark.parametrize(
    ("versions", "stance"),
    [
        ([{"version": "1", "status": "unaffected"}], Stance.NOT_AFFECTED),
        ([{"version": "1", "status": "affected"}], None),
        ([{"version": "1"}], None),
        ([{"version": "2", "status": "unaffected"}], None),
        ([{"range": "vers:npm/>=2", "status": "unaffected"}], None),
        ([{"version": "1", "status": "unknown"}], None),
    ],
)
def test_version_that_is_said_to_be_unaffected_is_not_affected(
    versions: list[dict[str, str]], stance: Stance | None
) -> None:
    (seen,) = observed(affects=[{"ref": "demo", "versions": versions}])
    assert (seen.claim.stance if seen.claim else None) is stance


def test_rejected_vulnerability_affects_nothing_unless_the_analysis_says_otherwise() -> None:
    (seen,) = observed(rejected="2024-05-01T00:00:00Z")
    assert seen.claim is not None and seen.claim.stance is Stance.NOT_AFFECTED
    (seen,) = observed(rejected="2024-05-01T00:00:00Z", analysis={"state": "exploitable"})
    assert seen.claim is not None and seen.claim.stance is Stance.AFFECTED


def test_upgrade_of_a_named_package_mends_that_package_alone() -> None:
    both = [{"ref": "demo"}, {"ref": "other"}]
    seen = observed(affects=both, recommendation="Upgrade demo to version 2.1")
    assert [o.fix.versions for o in seen] == [("2.1",), ()]
    for words in ("Upgrade to version 2.1", "Upgrade the package to version 2.1"):
        seen = observed(affects=both, recommendation=words)
        assert [o.fix.versions for o in seen] == [("2.1",), ("2.1",)]
    (alone,) = observed(recommendation="Upgrade @scope/demo to version 2.1")
    assert alone.fix.versions == ("2.1",)


def test_what_vigie_says_that_was_not_looked_at_is_a_problem_again() -> None:
    why = {"name": "vigie:not-looked-at", "value": "embedded did not look at everything:\n no data"}
    other = {"name": "vigie:complete", "value": "false"}
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"properties": [other, why, "junk", {"name": "x", "value": "y"}]},
        "vulnerabilities": [],
    }
    (problem,) = read("cyclonedx", bom).problems
    assert problem.code is ProblemCode.REPORT
    assert str(problem.message.params["reason"]) == "embedded did not look at everything: no data"
