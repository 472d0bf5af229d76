"""Deciding about findings over HTTP, one at a time or many at once, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from tests.integration.api.conftest import House
from tests.unit.services.recording.readings_made import flaw, reading

from vigie.model.access import Role
from vigie.model.severity import Severity

NOBODY = "019aa5d0-0000-7000-8000-00000000dead"
REASON = {"status": "suppressed", "reason": "Only used when building."}


@pytest.fixture
def shop(house: House) -> House:
    """Six flaws, three of them low."""
    house.take(
        reading(
            "grype",
            *(
                flaw("grype", f"CVE-2024-{n}", f"p{n % 2}",
                     severity=Severity.LOW if n < 3 else Severity.HIGH)
                for n in range(6)
            ),
        )
    )  # fmt: skip
    return house


def statuses(house: House) -> dict[str, str]:
    items = house.get("/findings")["items"]
    return {item["rule"]["name"][-1]: item["status"] for item in items}


def finding(house: House, rule: str) -> dict[str, Any]:
    found: dict[str, Any] = house.get("/findings", rule=rule)["items"][0]
    return found


def test_one_is_set_aside_and_taken_back(shop: House) -> None:
    one = finding(shop, "CVE-2024-1")
    path = f"/findings/{one['id']}"
    body = {
        "status": "not_affected",
        "justification": "vulnerable_code_not_present",
        "reason": "Not built in.",
        "expires_at": "2030-01-01T00:00:00",
        "assignee": "ada",
    }
    etag = {"If-Match": f'"{one["revision"]}"'}
    answer = shop.ask("PATCH", path, json=body, headers=etag)
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert changed["status"] == "not_affected"
    assert changed["assignee"] == "ada"
    assert changed["applies"]["justification"] == "vulnerable_code_not_present"
    assert changed["applies"]["expires_at"] == "2030-01-01T00:00:00Z"
    assert shop.ask("PATCH", path, json=body, headers=etag).status_code == 412
    assert shop.get("/findings", assignee="ada", facets="status")["facets"]["status"] == [
        {"value": "not_affected", "count": 1}
    ]
    back = {"suppressions": [changed["applies"]["id"]]}
    assert shop.ask("POST", "/suppressions/revoke", json=back).json()["changed"] == 1
    assert statuses(shop)["1"] == "open"
    told = [one["what"] for one in shop.get(f"{path}/history", sort="at")["items"]]
    assert set(told) >= {"found", "triaged", "assigned", "revoked"}


def test_many_by_the_filters_of_the_list(shop: House) -> None:
    asked = {"filters": {"severity": ["low"], "status.not": ["fixed"]}, **REASON}
    dry = shop.ask("POST", "/findings/triage", json={**asked, "dry_run": True}).json()
    assert dry == {"findings": 3, "changed": 0, "suppressions": [], "dry_run": True}
    assert set(statuses(shop).values()) == {"open"}
    done = shop.ask("POST", "/findings/triage", json=asked).json()
    assert (done["findings"], done["changed"]) == (3, 3)
    assert [number for number, status in sorted(statuses(shop).items()) if status != "open"] == [
        "0", "1", "2",
    ]  # fmt: skip
    counts = shop.get("/findings", facets="status", counts="true")
    assert counts["total"] == 3
    back = shop.ask("POST", "/suppressions/revoke", json={"suppressions": done["suppressions"]})
    assert back.json()["changed"] == 3
    assert set(statuses(shop).values()) == {"open"}


def test_many_by_words_and_by_ids(shop: House) -> None:
    done = shop.ask("POST", "/findings/triage", json={"q": "p1", **REASON}).json()
    assert done["changed"] == 3
    ids = [finding(shop, f"CVE-2024-{n}")["id"] for n in (0, 2)]
    given = {"findings": [*ids, ids[0]], "assignee": "bob"}
    assert shop.ask("POST", "/findings/triage", json=given).json()["changed"] == 2
    assert shop.get("/findings", assignee="bob")["total"] == 2


def test_what_was_assigned_is_given_back_to_who_had_it(shop: House) -> None:
    first, second = (finding(shop, f"CVE-2024-{n}")["id"] for n in (0, 2))
    shop.ask("POST", "/findings/triage", json={"findings": [first], "assignee": "ada"})
    both = {"findings": [first, second], "assignee": "bob"}
    before = shop.ask("POST", "/findings/triage", json=both).json()["assigned_before"]
    assert {one["assignee"]: one["findings"] for one in before} == {"ada": [first], "": [second]}
    for group in before:
        shop.ask("POST", "/findings/triage", json=group)
    assert finding(shop, "CVE-2024-0")["assignee"] == "ada"
    assert finding(shop, "CVE-2024-2")["assignee"] == ""


def test_all_of_them_or_none(shop: House) -> None:
    ids = [finding(shop, "CVE-2024-0")["id"], NOBODY]
    answer = shop.ask("POST", "/findings/triage", json={"findings": ids, **REASON})
    assert answer.status_code == 404
    assert set(statuses(shop).values()) == {"open"}


def test_none_meant_is_no_decision(shop: House) -> None:
    asked = {"filters": {"severity": ["critical"]}, **REASON}
    answer = shop.ask("POST", "/findings/triage", json=asked)
    assert answer.json() == {"findings": 0, "changed": 0, "suppressions": [], "dry_run": False}


@pytest.mark.parametrize(
    "body",
    [
        {}, REASON, {"findings": []}, {"findings": [NOBODY], "q": "x", **REASON},
        {"filters": {"nothing": ["x"]}, **REASON}, {"filters": {"severity": []}, **REASON},
        {"q": "p1", "status": "fixed", "reason": "x"}, {"q": "p1", "status": "suppressed"},
        {"q": "p1", "status": "gone"}, {"q": "p1", **REASON, "expires_at": "2001-01-01T00:00:00Z"},
        {"q": "p1", **REASON, "justification": "because"}, {"q": "p1", **REASON, "scope": "world"},
        {"q": "p1", "status": "suppressed", "reason": "a\0b"}, {"q": "p1", **REASON, "more": 1},
        {"filters": {"severity.not": ["low"] * 201}, **REASON},
    ],
)  # fmt: skip
def test_what_nobody_could_stand_by(shop: House, body: dict[str, Any]) -> None:
    answer = shop.ask("POST", "/findings/triage", json=body)
    assert answer.status_code == 422, answer.text
    assert set(statuses(shop).values()) == {"open"}


def test_only_who_may(shop: House) -> None:
    one = finding(shop, "CVE-2024-1")["id"]
    viewer = shop.headers(role=Role.VIEWER)
    for method, path, body in (
        ("PATCH", f"/findings/{one}", REASON), ("POST", "/findings/triage", {"q": "p1", **REASON}),
        ("POST", f"/findings/{one}/comments", {"body": "x"}),
    ):  # fmt: skip
        answer = shop.client.request(method, f"/api/v1{path}", json=body, headers=viewer)
        assert answer.status_code == 403
    assert shop.ask("PATCH", f"/findings/{one}", shop.theirs, json=REASON).status_code == 404
    given = {"findings": [one], **REASON}
    assert shop.ask("POST", "/findings/triage", shop.theirs, json=given).status_code == 404
    all_of_theirs = {"filters": {}, **REASON}
    assert (
        shop.ask("POST", "/findings/triage", shop.theirs, json=all_of_theirs).json()["findings"]
        == 0
    )
    assert set(statuses(shop).values()) == {"open"}
