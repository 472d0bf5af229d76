"""Assets, components, rules and runs over HTTP."""

from __future__ import annotations

import pytest
from tests.integration.api.conftest import House
from tests.unit.services.recording.readings_made import CODE, flaw, package, reading, weakness

from vigie.model.assets import Asset, AssetKind
from vigie.model.runs import Outcome
from vigie.model.severity import Severity


@pytest.fixture
def shop(house: House) -> House:
    """An image that two scanners looked at, one of them not at everything, and code."""
    house.take(
        reading("grype", flaw("grype", "CVE-2024-1", "log4j-core", fixed="2.0"),
                flaw("grype", "CVE-2024-2", severity=Severity.LOW)),
        reading("trivy", flaw("trivy", "CVE-2024-1", "log4j-core"), package("trivy", "zlib"),
                outcome=Outcome.PARTIAL),
        labels={"env": "prod"},
    )  # fmt: skip
    house.take(reading("bandit", weakness("bandit", "B602", "app.py", 7), asset=CODE))
    return house


def test_lists_find_assets(shop: House) -> None:
    page = shop.get("/assets", facets="kind", sort="name")
    assert [item["name"] for item in page["items"]] == [
        "git.example/shop",
        "registry.example/shop:1.0",
    ]
    assert {one["value"]: one["count"] for one in page["facets"]["kind"]} == {
        "image": 1,
        "repository": 1,
    }
    for asked in (
        {"q": "registry prod"}, {"label": "env:prod"}, {"component": "log4j-core"},
        {"tool": "trivy"}, {"kind": "image"}, {"name.has": "SHOP:1"},
    ):  # fmt: skip
        found = shop.get("/assets", **asked)["items"]
        assert [item["kind"] for item in found] == ["image"], asked


def test_lists_say_how_many_findings_count(shop: House) -> None:
    rows = shop.get("/assets")["items"]
    for row in rows:
        counts = shop.get(f"/assets/{row['id']}")["counts"]
        assert row["by_severity"] == counts["by_severity"]
    assert any(row["by_severity"] for row in rows)
    only = shop.get("/assets", fields="name,by_severity")["items"]
    assert {"by_severity", "name"} <= set(only[0]) <= {"by_severity", "name", "id"}
    assert "by_severity" not in shop.get("/assets", fields="name")["items"][0]


def test_where_is_log4j(shop: House) -> None:
    components = shop.get("/components", q="log4j")["items"]
    assert [one["name"] for one in components] == ["log4j-core"]
    one = shop.get(f"/components/{components[0]['id']}")
    assert one["assets"] == 1
    there = shop.get("/assets", component_id=one["id"])["items"]
    assert [asset["name"] for asset in there] == ["registry.example/shop:1.0"]


def test_components_say_how_many_findings_count(shop: House) -> None:
    other = Asset(AssetKind.IMAGE, "registry.example/till:1.0")
    shop.take(reading("grype", flaw("grype", "CVE-2024-9", "log4j-core"), asset=other))
    asset = shop.get("/assets", **{"name.has": "shop:1.0"})["items"][0]["id"]
    everywhere = shop.get("/components", q="log4j")["items"][0]
    for asked, expected in (({}, 2), ({"asset_id": asset}, 1)):
        row = shop.get("/components", q="log4j", **asked)["items"][0]
        assert row["findings"] == expected
        behind = shop.get("/findings", component_id=everywhere["id"], counts="true", **asked)
        assert behind["total"] == expected
    only = shop.get("/components", q="log4j", fields="name,findings")["items"][0]
    assert only == {"id": everywhere["id"], "name": "log4j-core", "findings": 2}
    assert "findings" not in shop.get("/components", fields="name")["items"][0]


def test_one_tells_counts_and_what_was_not_seen(shop: House) -> None:
    asset = shop.get("/assets", kind="image")["items"][0]
    found = shop.get(f"/assets/{asset['id']}")
    assert found["counts"]["total"] == 2
    assert found["counts"]["by_severity"] == {"high": 1, "low": 1}
    assert found["coverage"]["assessed"] is True
    assert found["coverage"]["complete"] == ["grype"]
    assert found["coverage"]["incomplete"] == ["trivy"]
    assert [run["tool"] for run in found["runs"]] == ["grype", "trivy"]


def test_people_say_whose_it_is(shop: House) -> None:
    path = f"/assets/{shop.get('/assets', kind='image')['items'][0]['id']}"
    etag = shop.ask("GET", path).headers["etag"]
    change = {"owner": "payments", "criticality": "high", "labels": {"team": "core"}}
    changed = shop.ask("PATCH", path, json=change, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.json()["owner"] == "payments"
    assert changed.json()["labels"] == {"team": "core"}
    assert changed.headers["etag"] != etag
    late = shop.ask("PATCH", path, json={"owner": "data"}, headers={"If-Match": etag})
    assert late.status_code == 412
    assert shop.get("/assets", label="team:core", owner="payments")["total"] == 1
    assert shop.get("/assets", q="team core")["total"] == 1
    assert shop.get("/assets", label="env:prod")["total"] == 0
    assert shop.get("/findings", label="team:core", facets="owner")["facets"]["owner"] == [
        {"value": "payments", "count": 2}
    ]


@pytest.mark.parametrize(
    "change",
    [{"owner": "a\0b"}, {"labels": {"": "x"}}, {"labels": {"a:b": "x"}}, {"criticality": "worst"},
     {"name": "other"}, {"labels": {str(n): "" for n in range(51)}}],
)  # fmt: skip
def test_what_cannot_be_said_of_an_asset(shop: House, change: dict[str, object]) -> None:
    path = f"/assets/{shop.get('/assets')['items'][0]['id']}"
    assert shop.ask("PATCH", path, json=change).status_code == 422


def test_put_away_and_brought_back(shop: House) -> None:
    path = f"/assets/{shop.get('/assets', kind='image')['items'][0]['id']}"
    away = shop.ask("POST", f"{path}/archive")
    assert away.json()["archived_at"] is not None
    assert shop.get("/assets", archived="false")["total"] == 1
    assert shop.get("/overview")["coverage"]["assets"] == 1
    back = shop.ask("POST", f"{path}/restore")
    assert back.json()["archived_at"] is None
    assert shop.get("/assets", archived="false")["total"] == 2


def test_runs_and_rules(shop: House) -> None:
    runs = shop.get("/runs", facets="outcome", sort="tool")
    assert [run["tool"] for run in runs["items"]] == ["bandit", "grype", "trivy"]
    assert runs["items"][0]["asset"]["name"] == "git.example/shop"
    one = shop.get(f"/runs/{runs['items'][1]['id']}")
    assert one["document"]["tool"] == "grype"
    rule = shop.get("/rules", q="cve-2024-1")["items"][0]
    assert shop.get(f"/rules/{rule['id']}")["description"] == "What CVE-2024-1 is, at length."


def test_what_is_another_tenants_is_not_there(shop: House) -> None:
    for name in ("assets", "components", "rules", "runs"):
        one = shop.get(f"/{name}")["items"][0]["id"]
        assert shop.get(f"/{name}", shop.theirs)["total"] == 0
        assert shop.ask("GET", f"/{name}/{one}", shop.theirs).status_code == 404
    asset = shop.get("/assets")["items"][0]["id"]
    change = {"json": {"owner": "us"}}
    assert shop.ask("PATCH", f"/assets/{asset}", shop.theirs, **change).status_code == 404
    assert shop.ask("POST", f"/assets/{asset}/archive", shop.theirs).status_code == 404
    assert shop.ask("GET", "/plans", shop.theirs, params={"asset_id": asset}).status_code == 404
    component = shop.get("/components")["items"][0]["id"]
    assert shop.get("/assets", shop.theirs, component_id=component)["total"] == 0


def test_plan_clears_what_it_says(shop: House) -> None:
    asset = shop.get("/assets", kind="image")["items"][0]["id"]
    flaw_ = shop.get("/findings", rule="CVE-2024-1")["items"][0]["id"]
    plan = shop.get("/plans", asset_id=asset)
    assert [step["action"] for step in plan["steps"]] == ["Upgrade log4j-core from 1.0 to 2.0"]
    assert plan["steps"][0]["clears"] == [flaw_]
    assert plan["steps"][0]["moves"][0]["from"] == "1.0"
    assert [one["code"] for one in plan["remains"]] == ["no_fix"]
    assert plan["before"]["total"] == 2
    assert plan["after"]["total"] == 1
    french = shop.ask("GET", "/plans", params={"asset_id": asset},
                      headers={"Accept-Language": "fr"}).json()  # fmt: skip
    assert french["steps"][0]["action"] != plan["steps"][0]["action"]
