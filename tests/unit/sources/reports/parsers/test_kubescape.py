from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.assets import AssetKind
from vigie.model.observations import Observation, Stance, Verdict
from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.kubescape import PARSER
from vigie.sources.reports.reading import read_document


def read(
    control: dict[str, Any] | None = None, resource: str = "apps/v1/shop/Deployment/web",
    controls: dict[str, Any] | None = None, **fields: Any,
) -> Report:  # fmt: skip
    results = [{"resourceID": resource, "controls": [{"controlID": "C-1", **(control or {})}]}]
    text = json.dumps(
        {"summaryDetails": {"controls": controls or {}}, "results": results, **fields}
    )
    (report,) = read_document(PARSER, document_from_bytes(text.encode()))
    return report


def observe(control: dict[str, Any] | None = None, **fields: Any) -> Observation:
    return read(control, **fields).observations[0]


@pytest.mark.parametrize(
    ("status", "sub", "verdict", "claimed"),
    [
        ("failed", "", Verdict.FAIL, False),
        ("passed", "", Verdict.PASS, False),
        ("passed", "irrelevant", Verdict.NOT_APPLICABLE, False),
        ("passed", "w/exceptions", Verdict.FAIL, True),
        ("failed", "w/exceptions", Verdict.FAIL, False),
        ("excluded", "", Verdict.FAIL, True),
        ("skipped", "manual review", Verdict.UNKNOWN, False),
        ("", "", Verdict.UNKNOWN, False),
    ],
)
def test_status(status: str, sub: str, verdict: Verdict, claimed: bool) -> None:
    seen = observe({"status": {"status": status, "subStatus": sub}})
    assert seen.verdict is verdict
    assert (seen.claim is not None and seen.claim.stance is Stance.SUPPRESSED) is claimed


def test_without_its_own_status_the_worst_rule_decides() -> None:
    assert observe({"rules": [{"status": "passed"}, {"status": "failed"}]}).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("apps/v1/shop/Deployment/web", "Deployment/shop/web"),
        ("path=9/api=apps/v1//Deployment/web", "Deployment/web"),
        ("/v1/kube-system/Pod/dns", "Pod/kube-system/dns"),
        ("v1/Node/a", "Node/a"),
        ("lone", "lone"),
    ],
)
def test_resource_without_its_object_is_named_by_its_id(identity: str, name: str) -> None:
    assert observe(resource=identity).locations[0].resource == name


@pytest.mark.parametrize(
    ("factor", "severity"),
    [(1, Severity.LOW), (3, Severity.LOW), (4, Severity.MEDIUM), (7, Severity.HIGH),
     (9, Severity.CRITICAL), (0, Severity.UNKNOWN), (None, Severity.UNKNOWN)],
)  # fmt: skip
def test_score_factor_is_the_severity(factor: Any, severity: Severity) -> None:
    assert observe(controls={"C-1": {"scoreFactor": factor}}).severity is severity


def test_skipped_controls_without_a_resource_are_noted_as_unknown() -> None:
    skipped = {"status": "skipped", "resourceIDs": {}}
    (problem,) = read(controls={"C-2": skipped, "C-3": skipped}).problems
    assert problem.code is ProblemCode.NOTE
    assert str(problem.message).endswith("unknown: C-2, C-3")


def test_cluster_is_the_asset() -> None:
    asset = read(clusterName="prod").asset
    assert asset is not None and (asset.kind, asset.name) == (AssetKind.CLUSTER, "prod")
    assert read().asset is None
