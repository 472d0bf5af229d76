"""The overview over HTTP: what changed, how the risk moved, what nobody looked at."""

from __future__ import annotations

import pytest
from tests.integration.api.conftest import House
from tests.platforms import Clock
from tests.unit.services.recording.readings_made import CODE, SHOP, flaw, reading

from vigie.model.runs import Outcome
from vigie.model.severity import Severity


def clock(house: House) -> Clock:
    assert isinstance(house.platform.clock, Clock)
    return house.platform.clock


def test_an_empty_house_knows_nothing(house: House) -> None:
    found = house.get("/overview")
    assert found["counts"]["total"] == 0
    assert found["first"] == []
    assert found["coverage"]["assets"] == 0
    assert [day["open"] for day in found["risk"]] == [0] * 30


def test_what_came_and_went_day_by_day(house: House) -> None:
    one, two, three = (flaw("grype", f"CVE-2024-{n}", severity=Severity.HIGH) for n in (1, 2, 3))
    house.take(reading("grype", one, two))
    clock(house).move(days=1)
    house.take(reading("grype", one))
    clock(house).move(days=1)
    house.take(reading("grype", one, two, three))
    found = house.get("/overview", days=4)
    assert [day["open"] for day in found["risk"]] == [0, 2, 1, 3]
    assert [day["new"] for day in found["risk"]] == [0, 2, 0, 2]
    assert [day["closed"] for day in found["risk"]] == [0, 0, 1, 0]
    assert found["changed"] == {"new": 1, "reopened": 1, "closed": 1, "expired": 0}
    clock(house).move(hours=1)
    later = house.get("/overview")
    assert later["changed"] == {"new": 1, "reopened": 1, "closed": 0, "expired": 0}
    assert later["counts"]["by_severity"] == {"high": 3}
    assert len(later["first"]) == 3


def test_what_one_step_would_clear_is_one_need(house: House) -> None:
    twice = [flaw("grype", f"CVE-2024-{n}", severity=Severity.HIGH) for n in (1, 2)]
    apart = flaw("grype", "CVE-2024-9", "other", severity=Severity.LOW)
    house.take(reading("grype", *twice, apart))
    house.take(reading("grype", twice[0], asset=CODE))
    both, one = house.get("/overview")["needs"]
    assert (both["by"], both["findings"], both["assets"]) == ("component_id", 3, 2)
    assert (one["findings"], one["assets"]) == (1, 1)
    found = house.get("/findings", component_id=both["finding"]["component_id"], counts="true")
    assert found["total"] == both["findings"]
    assert both["finding"]["severity"] == "high"
    assert all(reason["text"] for reason in both["reasons"])


def test_reasons_are_said_in_the_language_of_the_reader(house: House) -> None:
    house.take(reading("grype", flaw("grype", "CVE-2024-1", severity=Severity.HIGH)))
    said = {}
    for lang in ("en", "fr"):
        asked = house.ask("GET", "/overview", headers={"Accept-Language": lang}).json()
        said[lang] = [reason["text"] for reason in asked["needs"][0]["reasons"]]
    assert said["en"]
    assert said["en"] != said["fr"]


def test_what_came_back_can_be_listed(house: House) -> None:
    one, two = (flaw("grype", f"CVE-2024-{n}") for n in (1, 2))
    house.take(reading("grype", one, two))
    clock(house).move(days=1)
    house.take(reading("grype", one))
    clock(house).move(days=1)
    house.take(reading("grype", one, two))
    overview = house.get("/overview")
    assert overview["changed"]["reopened"] == 1
    since = {"reopened_at.ge": overview["since"]}
    assert [row["rule"]["name"] for row in house.get("/findings", **since)["items"]] == [
        "CVE-2024-2"
    ]
    went = house.get("/findings", **{"fixed_at.ge": "2020-01-01"})["items"]
    assert [row["rule"]["name"] for row in went] == ["CVE-2024-2"]  # though it is open again
    before = {"reopened_at.lt": overview["since"]}
    assert house.get("/findings", **before)["items"] == []


def test_what_came_and_went_on_a_day_can_be_listed(house: House) -> None:
    """Each number of the line over time, and the rows behind it."""
    one, two, three = (flaw("grype", f"CVE-2024-{n}") for n in (1, 2, 3))
    for flaws in ((one, two), (one,), (one, two, three)):
        house.take(reading("grype", *flaws))
        clock(house).move(days=1)
    days = [day for day in house.get("/overview")["risk"] if day["new"] or day["closed"]]
    expected: tuple[set[str], ...] = (
        {"CVE-2024-1", "CVE-2024-2"}, set(), {"CVE-2024-2", "CVE-2024-3"},
    )  # fmt: skip
    assert len(days) == 3
    for day, came in zip(days, expected, strict=True):
        page = house.get("/findings", came_on=day["day"], facets="severity")
        assert {row["rule"]["name"] for row in page["items"]} == came
        assert (page["total"], len(came)) == (day["new"], day["new"])
    went = [house.get("/findings", went_on=day["day"])["total"] for day in days]
    assert went == [day["closed"] for day in days] == [0, 1, 0]
    both = ",".join(day["day"] for day in days)
    assert house.get("/findings", came_on=both)["total"] == 3
    assert house.get("/findings", **{"came_on.not": days[0]["day"]})["total"] == 1
    for wrong in (
        {"came_on": "yesterday"},
        {"came_on": "9999-12-31"},
        {"came_on.ge": "2026-01-01"},
    ):
        assert house.ask("GET", "/findings", params=wrong).status_code == 422, wrong


def test_not_looked_at_is_not_nothing_found(house: House) -> None:
    house.take(reading("grype", flaw("grype", "CVE-2024-1"), asset=SHOP))
    house.take(reading("grype", asset=CODE, outcome=Outcome.PARTIAL))
    coverage = house.get("/overview")["coverage"]
    assert (coverage["assets"], coverage["assessed"], coverage["never"]) == (2, 1, 1)
    assert [one["name"] for one in coverage["longest_unseen"]] == ["git.example/shop"]
    clock(house).move(days=8)
    coverage = house.get("/overview")["coverage"]
    assert (coverage["assessed"], coverage["stale"], coverage["never"]) == (0, 1, 1)
    names = [one["name"] for one in coverage["longest_unseen"]]
    assert names == ["git.example/shop", "registry.example/shop:1.0"]


@pytest.mark.parametrize("asked", [{"days": "0"}, {"days": "91"}, {"since": "soon"}])
def test_what_is_not_understood(house: House, asked: dict[str, str]) -> None:
    assert house.ask("GET", "/overview", params=asked).status_code == 422


def test_any_time_may_be_asked_for(house: House) -> None:
    for since in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00"):
        assert house.ask("GET", "/overview", params={"since": since}).status_code == 200
