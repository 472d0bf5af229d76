from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.plugs.sample_result import IMAGE, empty, english, rich

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.findings import Finding, Instance
from vigie.model.observations import Kind, Location, Rule, Score
from vigie.model.results import Result
from vigie.model.runs import TargetAsset
from vigie.outlets.formats import gitlab_container, gitlab_dependency, gitlab_sast

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def written(outlet: Any, result: Result) -> dict[str, Any]:
    (part,) = outlet.OUTLET.render(result, english())
    found: dict[str, Any] = json.loads(b"".join(part.chunks))
    return found


def only(outlet: Any, finding: Finding, asset: str = IMAGE) -> dict[str, Any]:
    target = TargetAsset(asset, Asset(AssetKind.IMAGE, asset))
    result = replace(empty(), assets=(target,), findings=(finding,))
    (one,) = written(outlet, result)["vulnerabilities"]
    found: dict[str, Any] = one
    return found


def flaw(**more: Any) -> Finding:
    values: dict[str, Any] = {"component": Component("openssl", "3.0"), **more}
    return Finding("f" * 32, Kind.VULNERABILITY, Rule("CVE-2024-1"), IMAGE, **values)


def test_a_scan_that_missed_something_is_no_success() -> None:
    assert written(gitlab_container, empty())["scan"]["status"] == "success"
    scan = written(gitlab_container, rich())["scan"]
    assert scan["status"] == "failure"
    assert [message["level"] for message in scan["messages"]] == ["warn", "warn"]
    # Grype does not look for weaknesses: its stale database says nothing about them.
    (message,) = written(gitlab_sast, rich())["scan"]["messages"]
    assert message["value"].startswith("semgrep failed")


def test_times_have_no_zone_letter() -> None:
    scan = written(gitlab_container, rich())["scan"]
    assert (scan["start_time"], scan["end_time"]) == ("2025-03-04T05:00:00", "2025-03-04T05:06:07")


def test_only_complete_vectors_are_passed_on() -> None:
    scores = (
        Score("nvd", "3.1", VECTOR, 9.8),
        Score("ghsa", "4.0", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"),
        Score("old", "2.0", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5),
        Score("bad", "3.1", "AV:N"),
        Score("", "3.0", VECTOR.replace("3.1", "3.0")),
    )
    vectors = only(gitlab_container, flaw(scores=scores))["cvss_vectors"]
    assert [entry["vendor"] for entry in vectors] == ["nvd", "old", "unknown"]


def test_identifiers_start_with_the_rule_s_own() -> None:
    rule = Rule("GHSA-1111-2222-3333", ("CVE-2024-2",), weaknesses=("CWE-79",))
    entries = only(gitlab_container, replace(flaw(), rule=rule))["identifiers"]
    assert [(entry["type"], entry["value"]) for entry in entries] == [
        ("ghsa", "GHSA-1111-2222-3333"), ("cve", "CVE-2024-2"), ("cwe", "79")
    ]  # fmt: skip
    plain = only(gitlab_container, replace(flaw(), rule=Rule("TEMP-1")))["identifiers"]
    assert plain == [{"type": "vigie", "name": "TEMP-1", "value": "TEMP-1"}]


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("alpine", "alpine:latest"),
        ("alpine:3", "alpine:3"),
        ("localhost:5000/web", "localhost:5000/web:latest"),
        ("web@sha256:aa", "web@sha256:aa"),
    ],
)
def test_an_image_has_a_tag(name: str, image: str) -> None:
    found = only(gitlab_container, replace(flaw(), asset=name), name)
    assert found["location"]["image"] == image


def test_ids_are_stable_and_differ() -> None:
    ids = [entry["id"] for entry in written(gitlab_container, rich())["vulnerabilities"]]
    assert len(set(ids)) == len(ids)
    assert ids == [entry["id"] for entry in written(gitlab_container, rich())["vulnerabilities"]]


def test_findings_go_where_they_belong() -> None:
    names = {
        outlet: {e["identifiers"][0]["value"] for e in written(outlet, rich())["vulnerabilities"]}
        for outlet in (gitlab_container, gitlab_dependency, gitlab_sast)
    }
    assert names[gitlab_dependency] == {"GHSA-9wx4-h78v-vm56"}
    assert names[gitlab_sast] == {"B602", "DL3008"}, "a URL or a bucket is in no file"
    assert "CVE-2021-44228" in names[gitlab_container]
    assert not names[gitlab_container] & names[gitlab_dependency]


def test_dependency_files_list_what_was_found_in_them() -> None:
    (file,) = written(gitlab_dependency, rich())["dependency_files"]
    assert file == {
        "path": "requirements.txt",
        "package_manager": "pip",
        "dependencies": [{"package": {"name": "requests"}, "version": "2.31.0"}],
    }


def test_a_suppressed_finding_carries_its_reason_as_a_flag() -> None:
    found = {
        e["identifiers"][0]["value"]: e
        for e in written(gitlab_container, rich())["vulnerabilities"]
    }
    assert "flags" not in found["CVE-2021-44228"]
    (flag,) = found["CVE-2022-0004"]["flags"]
    assert flag["origin"] == "openvex"
    assert flag["description"].startswith("false_positive <accepted>")


def test_lines_stay_in_order() -> None:
    place = Location(path="/app/x.py", start_line=9, end_line=3)
    weak = Finding(
        "e" * 32, Kind.WEAKNESS, Rule("B1"), "shop", instances=(Instance(location=place),)
    )
    (entry,) = written(gitlab_sast, replace(empty(), findings=(weak,)))["vulnerabilities"]
    assert entry["location"] == {"file": "app/x.py", "start_line": 9, "end_line": 9}
