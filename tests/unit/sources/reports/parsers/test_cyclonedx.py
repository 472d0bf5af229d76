"""CycloneDX: what its golden files do not show by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.sources.reports.parsers.read import first, read

from vigie.model.observations import Kind

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
