from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.assets import AssetKind
from vigie.model.observations import Observation, Verdict
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.prowler import PARSER
from vigie.sources.reports.reading import read_document


def read(text: str) -> Report:
    document = document_from_bytes(text.encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def ocsf(**fields: Any) -> Observation:
    product = {"event_code": "check_a", "product": {"name": "Prowler", "version": "5"}}
    return read(json.dumps([{"metadata": product, **fields}])).observations[0]


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("FAIL", Verdict.FAIL), ("PASS", Verdict.PASS), ("MANUAL", Verdict.UNKNOWN),
     ("INFO", Verdict.UNKNOWN), ("", Verdict.UNKNOWN)],
)  # fmt: skip
def test_status_code_is_the_verdict(status: str, verdict: Verdict) -> None:
    assert ocsf(status_code=status, status="New").verdict is verdict


def test_muted_failure_stays_a_failure_with_a_claim() -> None:
    for muted in ({"status": "Suppressed"}, {"unmapped": {"muted": True}}):
        seen = ocsf(status_code="FAIL", **muted)
        assert seen.verdict is Verdict.FAIL and seen.claim is not None
    assert ocsf(status_code="PASS", status="Suppressed").claim is None


def test_only_prowlers_own_finding_uid_is_an_anchor() -> None:
    place = {"resources": [{"uid": "arn:a"}]}
    own = ocsf(finding_info={"uid": "prowler-aws-check_a-1-eu-west-3-x"}, **place)
    other = ocsf(finding_info={"uid": "0194f3c8-11aa"}, **place)
    assert own.locations[0].anchor and not other.locations[0].anchor


def test_every_resource_is_a_place() -> None:
    seen = ocsf(resources=[{"uid": "arn:a"}, {"name": "b"}, {"namespace": "kube", "name": "c"}, {}])
    assert [place.resource for place in seen.locations] == ["arn:a", "b", "kube/c"]


def test_cluster_and_account_are_assets() -> None:
    account = ocsf(cloud={"provider": "aws", "account": {"uid": "1", "name": "prod"}}).asset
    assert account is not None
    assert (account.kind, account.name, account.tags) == (AssetKind.ACCOUNT, "1", ("prod",))
    cluster = ocsf(unmapped={"provider": "kubernetes", "provider_uid": "kind"}).asset
    assert cluster is not None and cluster.kind is AssetKind.CLUSTER
    assert ocsf().asset is None


CSV = "PROVIDER;CHECK_ID;STATUS;STATUS_EXTENDED;ACCOUNT_UID;MUTED;RESOURCE_UID"


def test_csv_with_a_header_alone_is_an_empty_report() -> None:
    assert read(CSV + "\n").records == 0


def test_csv_with_commas_and_short_rows() -> None:
    text = f"{CSV}\naws;a;FAIL;m;1;False;arn:x\naws;b\n".replace(";", ",")
    report = read(text)
    assert (report.records, len(report.observations)) == (2, 1)
    assert str(report.problems[0].message).endswith("has fewer columns than the header")


def test_columns_of_version_3() -> None:
    header = (
        "FINDING_UNIQUE_ID;PROVIDER;ACCOUNT_ID;CHECK_ID;STATUS;STATUS_EXTENDED;"
        "RESOURCE_ID;RESOURCE_ARN"
    )
    (seen,) = read(f"{header}\nprowler-aws-a;aws;1;a;FAIL;m;r;arn:r\n").observations
    assert seen.locations[0].resource == "arn:r"
    assert seen.asset is not None and seen.asset.name == "1"


def test_columns_of_version_2() -> None:
    header = (
        "PROFILE,ACCOUNT_NUM,REGION,TITLE_ID,CHECK_RESULT,TITLE_TEXT,"
        "CHECK_RESULT_EXTENDED,CHECK_SEVERITY"
    )
    (seen,) = read(f"{header}\ndefault,1,eu,1.1,FAIL,Root,Root is used,High\n").observations
    assert (seen.rule.id, seen.message, seen.severity.value) == ("1.1", "Root is used", "high")


def test_ocsf_of_another_product_is_not_prowlers() -> None:
    text = b'[{"class_uid": 2004, "metadata": {"product": {"name": "Other"}}, "finding_info": {}}]'
    assert not PARSER.recognises(document_from_bytes(text).sketch)
