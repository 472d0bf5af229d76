from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from tests.plugs.sample_result import empty, english, french, many, rich

from vigie.model.findings import Status, Suppression
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.model.runs import Coverage
from vigie.outlets.formats.cyclonedx import OUTLET
from vigie.ports.outlets import View


def bom(result: Result, view: View | None = None) -> dict[str, Any]:
    (part,) = OUTLET.render(result, view or english())
    found: dict[str, Any] = json.loads(b"".join(part.chunks))
    return found


def test_the_serial_number_is_the_content_s() -> None:
    first = bom(rich())["serialNumber"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-\w{12}",
                        first)  # fmt: skip
    assert bom(rich())["serialNumber"] == first
    assert bom(many(3))["serialNumber"] != first
    fewer = replace(rich(), findings=rich().findings[1:])
    assert bom(fewer)["serialNumber"] != first
    assert bom(rich(), french())["serialNumber"] != first


def test_every_reference_is_that_of_one_component() -> None:
    document = bom(rich())
    references = [component["bom-ref"] for component in document["components"]]
    assert len(set(references)) == len(references)
    for flaw in document["vulnerabilities"]:
        assert flaw["affects"]
        assert {target["ref"] for target in flaw["affects"]} <= set(references)


def test_the_same_package_of_two_assets_stays_two() -> None:
    result = rich()
    twin = replace(result.findings[0], fingerprint="0" * 32, asset="elsewhere")
    document = bom(replace(result, findings=(result.findings[0], twin), components=()))
    assert [c["name"] for c in document["components"]] == [
        "org.apache.logging.log4j:log4j-core"
    ] * 2
    refs = [flaw["affects"][0]["ref"] for flaw in document["vulnerabilities"]]
    assert refs[0] != refs[1]


def test_analysis_says_what_was_decided_and_nothing_else() -> None:
    found = {flaw["id"]: flaw.get("analysis") for flaw in bom(rich())["vulnerabilities"]}
    assert found["CVE-2021-44228"] is None
    assert found["CVE-2022-0001"]["state"] == "in_triage"
    assert found["CVE-2022-0002"]["state"] == "not_affected"
    assert found["CVE-2022-0002"]["justification"] == "code_not_reachable"
    assert found["CVE-2022-0003"]["state"] == "resolved"
    assert found["CVE-2022-0004"]["state"] == "false_positive"


def test_an_accepted_risk_stays_exploitable() -> None:
    why = Suppression(Status.SUPPRESSED, "accepted", "file", "Board", "2030-01-01")
    aside = replace(rich().findings[0], status=Status.SUPPRESSED, suppression=why)
    (flaw,) = bom(replace(rich(), findings=(aside,)))["vulnerabilities"]
    assert flaw["analysis"]["state"] == "exploitable"
    assert flaw["analysis"]["response"] == ["will_not_fix"]
    assert flaw["analysis"]["detail"].startswith("accepted")


def test_what_was_not_looked_at_makes_the_list_incomplete() -> None:
    assert "compositions" not in bom(empty())
    document = bom(rich())
    assert document["compositions"] == [{"aggregate": "incomplete", "assemblies": ["vigie:target"]}]
    said = {p["name"]: p["value"] for p in document["metadata"]["properties"]}
    assert said["vigie:complete"] == "false"
    assert said["vigie:findings-of-other-kinds"] == "8"


def test_a_single_image_is_the_product() -> None:
    product = bom(many(1))["metadata"]["component"]
    assert product["type"] == "container"
    assert product["purl"].startswith("pkg:oci/web@sha256%3Aa1a1")


def test_an_empty_list_of_vulnerabilities_means_that_somebody_looked() -> None:
    result = replace(rich(), findings=())
    assert bom(result)["vulnerabilities"] == []
    lists = Coverage(frozenset({Kind.LICENCE}))
    runs = tuple(replace(run, coverage=lists) for run in result.runs)
    assert "vulnerabilities" not in bom(replace(result, runs=runs))
    assert bom(replace(rich(), runs=runs))["vulnerabilities"]
