"""Findings over HTTP: lists, one with its evidence, why it is there, comments, exports."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from tests.integration.api.conftest import House
from tests.unit.services.recording.readings_made import CODE, flaw, reading, weakness

from vigie.model.access import Role
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.stores.relational.ids import new_id

NOBODY = "019aa5d0-0000-7000-8000-00000000dead"


@pytest.fixture
def shop(house: House) -> House:
    """A shop with four flaws that two scanners speak of, and code with a weakness."""
    house.take(
        reading(
            "grype",
            flaw("grype", "CVE-2024-1", severity=Severity.CRITICAL, fixed="1.3"),
            flaw("grype", "CVE-2024-2", "log4j-core", severity=Severity.LOW),
            flaw("grype", "CVE-2024-3", "log4j-core", fixed="2.0"),
        ),
        reading(
            "trivy",
            flaw("trivy", "CVE-2024-1", severity=Severity.HIGH, fixed="1.3"),
            flaw("trivy", "CVE-2024-4", "=cmd", severity=Severity.MEDIUM),
        ),
        labels={"env": "prod"},
        owner="payments",
    )
    house.take(reading("bandit", weakness("bandit", "B602", "app.py", 7), asset=CODE))
    return house


def names(page: dict[str, Any]) -> list[str]:
    return [item["rule"]["name"] for item in page["items"]]


def test_the_weightiest_stand_first(shop: House) -> None:
    page = shop.get("/findings")
    scores = [item["score"] for item in page["items"]]
    assert scores == sorted(scores, reverse=True)
    assert page["total"] == 5
    assert page["exact"] is True
    first = page["items"][0]
    assert first["rule"]["name"] == "CVE-2024-1"
    assert first["severity"] == "critical"
    assert first["asset"]["owner"] == "payments"
    assert first["component"]["name"] == "left-pad"
    assert first["sources"] == ["grype", "trivy"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"severity": "critical,low"}, {"CVE-2024-1", "CVE-2024-2"}),
        ({"severity.ge": "high"}, {"CVE-2024-1", "CVE-2024-3"}),
        ({"severity.not": "critical,low,high"}, {"CVE-2024-4", "B602"}),
        ({"kind": "weakness"}, {"B602"}),
        ({"fixable": "true"}, {"CVE-2024-1", "CVE-2024-3"}),
        ({"owner": "payments", "kind": "weakness"}, set()),
        ({"label": "env:prod", "severity": "low"}, {"CVE-2024-2"}),
        ({"label.not": "env:prod"}, {"B602"}),
        ({"label": "env"}, {"CVE-2024-1", "CVE-2024-2", "CVE-2024-3", "CVE-2024-4"}),
        ({"rule": "CVE-2024-2"}, {"CVE-2024-2"}),
        ({"component": "log4j-core"}, {"CVE-2024-2", "CVE-2024-3"}),
        ({"component.not": "log4j-core"}, {"CVE-2024-1", "CVE-2024-4", "B602"}),
        ({"component.has": "LOG4"}, {"CVE-2024-2", "CVE-2024-3"}),
        ({"component_type": "npm", "severity": "medium"}, {"CVE-2024-4"}),
        ({"source": "trivy"}, {"CVE-2024-1", "CVE-2024-4"}),
        ({"source.not": "trivy"}, {"CVE-2024-2", "CVE-2024-3", "B602"}),
        ({"asset_kind": "repository"}, {"B602"}),
        ({"q": "log4j"}, {"CVE-2024-2", "CVE-2024-3"}),
        ({"q": "LOG4J cve-2024-3"}, {"CVE-2024-3"}),
        ({"q": "shop b602"}, {"B602"}),
        ({"q": "log4j", "severity": "low"}, {"CVE-2024-2"}),
        ({"q": "no such word"}, set()),
        ({"q": "registry.example"}, {"CVE-2024-1", "CVE-2024-2", "CVE-2024-3", "CVE-2024-4"}),
        ({"place.has": "app.py"}, {"B602"}),
    ],
)
def test_filters_and_words(shop: House, asked: dict[str, str], expected: set[str]) -> None:
    page = shop.get("/findings", **asked)
    assert set(names(page)) == expected
    assert page["total"] == len(expected)
    facets = "severity,kind,status,asset_kind"
    counted = shop.get("/findings", **asked, facets=facets)
    assert counted["total"] == len(expected)
    assert names(counted) == names(page)


def test_a_facet_is_counted_without_its_own_filter(shop: House) -> None:
    for asked in ({}, {"q": "shop"}, {"place.has": "p"}):
        facets = shop.get("/findings", severity="critical", facets="severity,kind", **asked)[
            "facets"
        ]
        by_severity = {one["value"]: one["count"] for one in facets["severity"]}
        assert by_severity == {"critical": 1, "high": 1, "medium": 2, "low": 1}
        assert facets["kind"] == [{"value": "vulnerability", "count": 1}]


def test_what_each_import_did_can_be_listed(house: House) -> None:
    """The counts that an import gives, and the rows behind each."""
    one, two, three = (flaw("grype", f"CVE-2024-{n}") for n in (1, 2, 3))
    imports = [new_id() for _ in range(3)]
    said = ((one, two), (two, three), (one, two, three))
    for import_id, flaws in zip(imports, said, strict=True):
        house.take(reading("grype", *flaws), import_id=import_id)
    house.take(reading("grype", one), tenant=house.theirs, import_id=imports[0])

    def listed(**asked: str) -> tuple[set[str], int, int]:
        page = house.get("/findings", **asked, facets="severity")
        in_sql = house.get("/findings", **asked, **{"place.not": "nowhere"})
        assert names(in_sql) == names(page)
        return set(names(page)), page["total"], in_sql["total"]

    for field, expected in (
        ("new_in", ({"CVE-2024-1", "CVE-2024-2"}, {"CVE-2024-3"}, set())),
        ("closed_in", (set(), {"CVE-2024-1"}, set())),
        ("reopened_in", (set(), set(), {"CVE-2024-1"})),
    ):
        for import_id, rows in zip(imports, expected, strict=True):
            assert listed(**{field: import_id}) == (rows, len(rows), len(rows)), field
    both = ({"CVE-2024-1", "CVE-2024-2", "CVE-2024-3"}, 3, 3)
    assert listed(new_in=",".join(imports)) == both
    assert listed(**{"new_in.not": imports[0]}) == ({"CVE-2024-3"}, 1, 1)
    assert listed(new_in=imports[0], closed_in=imports[1]) == ({"CVE-2024-1"}, 1, 1)


def test_only_the_fields_that_were_asked_for(shop: House) -> None:
    item = shop.get("/findings", fields="severity,asset", limit=1)["items"][0]
    assert item.keys() == {"id", "severity", "asset"}
    assert shop.get("/findings", fields="severity", limit=1)["items"][0].keys() == {
        "id",
        "severity",
    }


@pytest.mark.parametrize(
    "sort", ["-score", "score", "severity", "-epss", "first_seen", "id", "-id"]
)
def test_pages_join_to_the_whole(shop: House, sort: str) -> None:
    whole = [item["id"] for item in shop.get("/findings", sort=sort)["items"]]
    walked: list[str] = []
    cursor = ""
    while True:
        page = shop.get("/findings", sort=sort, limit=2, cursor=cursor)
        walked += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert walked == whole
    assert len(set(whole)) == 5


def test_what_comes_while_somebody_walks_disturbs_no_row(shop: House) -> None:
    before = {item["id"] for item in shop.get("/findings")["items"]}
    walked: list[str] = []
    cursor = ""
    for number in range(20):
        page = shop.get("/findings", sort="id", limit=1, cursor=cursor)
        walked += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
        if number < 3:
            late = flaw("other", f"CVE-2025-{number}", "fresh")
            shop.take(reading("other", late, outcome=Outcome.PARTIAL))
    assert len(walked) == len(set(walked))
    assert before <= set(walked)


def test_one_has_its_evidence_and_rule(shop: House) -> None:
    listed = shop.get("/findings", rule="CVE-2024-1")["items"][0]
    answer = shop.ask("GET", f"/findings/{listed['id']}")
    found = answer.json()
    assert answer.headers["etag"] == f'"{listed["revision"]}"'
    assert sorted(one["tool"] for one in found["evidence"]) == ["grype", "trivy"]
    assert found["rule"]["description"] == "What CVE-2024-1 is, at length."
    assert found["asset"]["labels"] == {"env": "prod"}
    assert found["component"]["purl"] == "pkg:npm/left-pad@1.0"
    assert found["applies"] is None
    assert found["comments"] == []
    assert found["tickets"] == []


def test_explained_in_both_languages(shop: House) -> None:
    finding = shop.get("/findings", rule="CVE-2024-1")["items"][0]["id"]
    english = shop.get(f"/findings/{finding}/explain")
    assert english["language"] == "en"
    assert english["severity"] == "critical, the highest that a tool gives: grype"
    assert {one["tool"] for one in english["evidence"]} == {"grype", "trivy"}
    assert english["evidence"][0]["version"] == "1.2.3"
    assert english["evidence"][0]["record"] == "matches[CVE-2024-1/left-pad]"
    assert all(one["why"] for one in english["evidence"])
    path = f"/findings/{finding}/explain"
    french = shop.ask("GET", path, headers={"Accept-Language": "fr"}).json()
    assert french["language"] == "fr"
    assert french["severity"].startswith("critique")
    what = "CVE-2024-1 in left-pad (registry.example/shop:1.0)"
    assert english["identity"] == f"every tool that names {what} means this one finding"
    what = "CVE-2024-1 dans left-pad (registry.example/shop:1.0)"
    assert french["identity"] == f"tout outil qui nomme {what} désigne ce seul constat"


def test_history_tells_what_happened(shop: House) -> None:
    finding = shop.get("/findings", rule="CVE-2024-2")["items"][0]["id"]
    shop.take(reading("grype"))
    page = shop.get(f"/findings/{finding}/history", sort="at", facets="what")
    assert [one["what"] for one in page["items"]] == ["found", "closed"]
    assert page["total"] == 2
    assert shop.get("/findings", rule="CVE-2024-2")["items"][0]["status"] == "fixed"


def test_comments_are_edited_by_their_author_alone(shop: House) -> None:
    finding = shop.get("/findings")["items"][0]["id"]
    path = f"/findings/{finding}/comments"
    made = shop.ask("POST", path, json={"body": "  Not reachable.  "})
    assert made.status_code == 201
    comment = made.json()
    assert comment["body"] == "Not reachable."
    here = f"{path}/{comment['id']}"
    changed = shop.ask("PATCH", here, json={"body": "Reachable."}, headers={"If-Match": '"1"'})
    assert changed.json()["body"] == "Reachable."
    assert changed.json()["revision"] == 2
    late = shop.ask("PATCH", here, json={"body": "Late."}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    analyst = shop.headers(role=Role.ANALYST)
    other = shop.client.patch(f"/api/v1{here}", json={"body": "Mine."}, headers=analyst)
    assert other.status_code == 403
    assert [one["body"] for one in shop.get(path)] == ["Reachable."]
    assert "commented" in [one["what"] for one in shop.get(f"/findings/{finding}/history")["items"]]
    assert shop.ask("DELETE", here).status_code == 204
    assert shop.get(path) == []


def test_the_same_key_writes_one_comment(shop: House) -> None:
    finding = shop.get("/findings")["items"][0]["id"]
    path = f"/findings/{finding}/comments"
    key = {"Idempotency-Key": "a-random-word"}
    one = shop.ask("POST", path, json={"body": "Once."}, headers=key)
    other = shop.ask("POST", path, json={"body": "Once."}, headers=key)
    assert one.json() == other.json()
    # Another server of the same platform, or the same by another name.
    elsewhere = shop.ask(
        "POST", path, json={"body": "Once."}, headers={**key, "Host": "vigie.example"}
    )
    assert elsewhere.status_code == 201
    assert len(shop.get(path)) == 1


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001, 7, None])
def test_what_is_no_comment_is_refused(shop: House, body: object) -> None:
    finding = shop.get("/findings")["items"][0]["id"]
    answer = shop.ask("POST", f"/findings/{finding}/comments", json={"body": body})
    assert answer.status_code == 422


def test_a_comment_may_hold_any_character(shop: House) -> None:
    finding = shop.get("/findings")["items"][0]["id"]
    raw = json.dumps({"body": "a\0b \ud800 é"}).encode()
    answer = shop.ask("POST", f"/findings/{finding}/comments", content=raw,
                      headers={"Content-Type": "application/json"})  # fmt: skip
    assert answer.status_code in (201, 422)


def test_who_exported_what_is_in_the_log(shop: House) -> None:
    assert shop.ask("GET", "/findings/export", params={"severity": "critical"}).status_code == 200
    listed = shop.ask("GET", "/audit", params={"action": "finding.export"}).json()["items"]
    assert [entry["detail"]["asked"] for entry in listed] == ["severity=critical"]


def test_export_holds_every_row(shop: House) -> None:
    answer = shop.ask("GET", "/findings/export", params={"fields": "severity,rule"})
    assert answer.headers["content-type"] == "application/jsonl"
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert {row["rule"]["name"] for row in rows} == {
        "CVE-2024-1", "CVE-2024-2", "CVE-2024-3", "CVE-2024-4", "B602",
    }  # fmt: skip
    narrow = shop.ask("GET", "/findings/export", params={"q": "log4j", "severity": "low"})
    assert len(narrow.text.splitlines()) == 1


def test_csv_runs_nothing_in_a_spreadsheet(shop: House) -> None:
    asked = {"format": "csv", "component.has": "cmd"}
    answer = shop.ask("GET", "/findings/export", params=asked)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["component.name"] for row in rows] == ["'=cmd"]
    assert rows[0]["kev"] == ""
    assert rows[0]["severity"] == "medium"


def test_an_export_that_is_refused_says_so(shop: House) -> None:
    answer = shop.ask("GET", "/findings/export", params={"nothing": "1"})
    assert answer.status_code == 422
    for _ in range(10):  # and holds nothing open
        assert shop.ask("GET", "/findings/export").status_code == 200


def test_what_is_another_tenants_is_not_there(shop: House) -> None:
    finding = shop.get("/findings")["items"][0]["id"]
    comment = shop.ask("POST", f"/findings/{finding}/comments", json={"body": "Ours."}).json()["id"]
    assert shop.get("/findings", shop.theirs)["total"] == 0
    assert shop.get("/findings", shop.theirs, q="log4j", facets="severity")["total"] == 0
    assert shop.ask("GET", "/findings/export", shop.theirs).text == ""
    paths = [
        ("GET", ""), ("GET", "/explain"), ("GET", "/history"), ("GET", "/comments"),
        ("POST", "/comments"), ("PATCH", f"/comments/{comment}"),
        ("DELETE", f"/comments/{comment}"),
    ]  # fmt: skip
    for method, rest in paths:
        body: dict[str, Any] = {"json": {"body": "x"}} if method in ("POST", "PATCH") else {}
        answer = shop.ask(method, f"/findings/{finding}{rest}", shop.theirs, **body)
        assert answer.status_code == 404, (method, rest)
        assert answer.json() == {
            **shop.ask(method, f"/findings/{NOBODY}{rest}".replace(comment, NOBODY), **body).json(),
            "request_id": answer.json()["request_id"],
            "detail": answer.json()["detail"],
        }
    for name in ("asset_id", "rule_id", "component_id"):
        listed = shop.get("/findings")["items"][0][name]
        assert shop.get("/findings", shop.theirs, **{name: listed})["items"] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"severity": "worst"}, {"nothing": "1"}, {"sort": "place"}, {"cursor": "x"}, {"limit": "0"},
        {"fields": "secret"}, {"facets": "epss"}, {"severity.like": "high"}, {"score.ge": "much"},
        {"first_seen.ge": "yesterday"}, {"asset_id": "1"}, {"severity": ""}, {"reopened": "9" * 30},
        {"place": "a\0b"}, {"q": "a\0b"}, {"sources.ge": "a"}, {"counts.gt": "true"},
        {"rule.ge": "a"}, {"cursor": "WyJzY29yZSIsICJ4IiwgIngiXQ"},
    ],
)  # fmt: skip
def test_what_is_not_understood_says_what_is(shop: House, asked: dict[str, str]) -> None:
    answer = shop.ask("GET", "/findings", params=asked)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
