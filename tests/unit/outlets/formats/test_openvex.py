from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.plugs.sample_result import english, rich

from vigie.model.findings import Status, Suppression
from vigie.model.results import Result
from vigie.outlets.formats.openvex import OUTLET


def vex(result: Result) -> dict[str, Any]:
    (part,) = OUTLET.render(result, english())
    found: dict[str, Any] = json.loads(b"".join(part.chunks))
    return found


def statements(result: Result) -> dict[str, dict[str, Any]]:
    return {one["vulnerability"]["name"]: one for one in vex(result)["statements"]}


def test_an_image_is_the_product_and_the_package_its_part() -> None:
    (product,) = statements(rich())["CVE-2021-44228"]["products"]
    assert product["@id"].startswith("pkg:oci/web@sha256%3A")
    assert product["hashes"] == {"sha-256": "a1" * 32}
    assert [part["@id"] for part in product["subcomponents"]] == [
        "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"
    ]


def test_a_dependency_is_the_product_itself() -> None:
    (product,) = statements(rich())["GHSA-9wx4-h78v-vm56"]["products"]
    assert product["@id"] == "pkg:pypi/requests@2.31.0"


def test_a_package_without_purl_gets_a_generic_one() -> None:
    (product,) = statements(rich())["CVE-2099-0001"]["products"]
    assert product["subcomponents"][0]["@id"] == "pkg:generic/mystery"


def test_statuses_keep_to_the_standard() -> None:
    found = statements(rich())
    assert found["CVE-2021-44228"]["status"] == "affected"
    assert found["CVE-2021-44228"]["action_statement"].startswith("Upgrade org.apache")
    assert found["CVE-2099-0001"]["action_statement"] == "No remedy is known yet."
    assert found["CVE-2022-0001"]["status"] == "under_investigation"
    assert found["CVE-2022-0002"]["justification"] == "vulnerable_code_not_in_execute_path"
    assert found["CVE-2022-0003"]["status"] == "fixed"
    assert found["CVE-2022-0004"]["status"] == "not_affected", "a false positive"
    assert "false_positive" in found["CVE-2022-0004"]["impact_statement"]


def test_an_accepted_risk_is_still_affected() -> None:
    why = Suppression(Status.SUPPRESSED, "we live with it", "file", "Board", "2030-01-01")
    aside = replace(rich().findings[0], status=Status.SUPPRESSED, suppression=why)
    found = statements(replace(rich(), findings=(aside,)))["CVE-2021-44228"]
    assert found["status"] == "affected"
    assert found["action_statement"].splitlines()[:2] == [
        "The risk has been accepted.", "we live with it"
    ]  # fmt: skip


def test_the_id_is_the_content_s_and_the_tooling_names_what_is_missing() -> None:
    first = vex(rich())
    assert vex(rich())["@id"] == first["@id"]
    assert vex(replace(rich(), findings=rich().findings[1:]))["@id"] != first["@id"]
    assert "semgrep failed" in first["tooling"]
