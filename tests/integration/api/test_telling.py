"""Channels, rules, deliveries and tickets over the API, in both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests import tracker_servers
from tests.receiver import Receiver, receiver
from tests.servers import Badges, person, serve
from tests.store_fixtures import Store
from tests.unit.services.telling.telling_made import SIGNING, Desk, desk, flaws

from vigie.model.access import Role
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import AUDIT

NOBODY = "019aa5d0-0000-7000-8000-000000000001"


@dataclass
class World:
    client: httpx.Client
    desk: Desk
    badges: Badges
    other: str

    def ask(self, method: str, path: str, role: Role = Role.ADMIN, tenant: str = "",
            headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:  # fmt: skip
        badge = self.badges.of(person(tenant or self.desk.tenant, role))
        return self.client.request(
            method, f"/api/v1{path}", headers={**badge, **(headers or {})}, **more
        )

    def webhook(self, to: Receiver, **more: Any) -> str:
        tenant = self.desk.tenant
        self.desk.secrets.values[tenant, "hook"] = f"{to.address}/in/very-secret-path"
        self.desk.secrets.values[tenant, "signing"] = SIGNING
        settings = {"url": "secret://hook", "signing_secret": "secret://signing"}
        body = {"name": "ops", "kind": "webhook", "settings": settings, **more}
        made = self.ask("POST", "/channels", json=body)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def actions(self) -> list[str]:
        with self.desk.platform.database.read(of_tenant(self.desk.tenant)) as work:
            query = sa.select(AUDIT.c.action).where(work.mine(AUDIT)).order_by(AUDIT.c.seq)
            return [row.action for row in work.run(query)]


@pytest.fixture
def world(store: Store, tmp_path: Path) -> Iterator[World]:
    badges = Badges()
    place = desk(store, tmp_path)
    with serve(place.platform, badges) as client:
        yield World(client, place, badges, store.tenant("Other"))


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as stand:
        yield stand


def test_what_happens_reaches_a_webhook(world: World, hook: Receiver) -> None:
    channel = world.webhook(hook, language="fr")
    rule = {"name": "all", "channel_id": channel, "conditions": {"severity": "high"}}
    assert world.ask("POST", "/notification-rules", json=rule).status_code == 201
    world.desk.record(*flaws(3), import_id="an import")
    world.desk.deliver()
    [request] = hook.requests
    told = json.loads(request.body)
    assert told["type"] == "vigie.opened"
    assert told["data"]["total"] == 3
    assert request.headers["webhook-signature"].startswith("v1,")
    [shown] = world.ask("GET", "/deliveries?state=done&facets=state").json()["items"]
    assert shown["title"] == "3 new findings in registry.example/shop:1.0"
    assert [one["outcome"] for one in shown["log"]] == ["done"]
    french = world.ask("GET", f"/deliveries/{shown['id']}", headers={"Accept-Language": "fr"})
    assert french.json()["title"] == "3 nouveaux constats dans registry.example/shop:1.0"


def test_a_dead_letter_is_seen_and_sent_once_more(world: World, hook: Receiver) -> None:
    channel = world.webhook(hook)
    world.desk.rule(channel)
    hook.status = 410
    world.desk.record(*flaws(1))
    world.desk.deliver()
    dead = world.ask("GET", "/deliveries?state=dead&sort=id").json()["items"]
    assert [one["title"] for one in dead] == ["1 new finding in registry.example/shop:1.0",
                                              "an import is finished"]  # fmt: skip
    assert dead[0]["log"][0] | {"at": ""} == {
        "at": "", "outcome": "rejected", "detail": "the receiver answered 410", "status": 410,
        "after": None,
    }  # fmt: skip
    hook.status = 200
    path = f"/deliveries/{dead[0]['id']}/redeliver"
    assert world.ask("POST", path, role=Role.VIEWER).status_code == 403
    assert world.ask("POST", path, tenant=world.other).status_code == 404
    again = world.ask("POST", path)
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    assert world.ask("POST", path).status_code == 409
    world.desk.deliver()
    done = world.ask("GET", f"/deliveries/{dead[0]['id']}").json()
    assert done["state"] == "done"
    assert [one["outcome"] for one in done["log"]] == ["rejected", "done"]
    assert "delivery.redeliver" in world.actions()


def test_a_channel_is_kept_changed_tested_and_taken_away(world: World, hook: Receiver) -> None:
    channel = world.webhook(hook)
    path = f"/channels/{channel}"
    got = world.ask("GET", path)
    assert got.headers["etag"] == '"1"'
    assert got.json()["settings"] == {"url": "secret://hook", "signing_secret": "secret://signing"}
    changed = world.ask("PATCH", path, json={"name": "night"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["name"]) == (200, "night")
    stale = world.ask("PATCH", path, json={"name": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    tried = world.ask("POST", f"{path}/test")
    assert tried.json() == {"outcome": "done", "detail": "", "status": 200}
    assert json.loads(hook.requests[0].body)["type"] == "vigie.test"
    rule = world.desk.rule(channel)
    assert world.ask("DELETE", path).status_code == 409
    assert world.ask("DELETE", f"/notification-rules/{rule}").status_code == 204
    assert world.ask("DELETE", path).status_code == 204
    assert world.ask("GET", path).status_code == 404
    assert world.actions() == [
        "channel.create", "channel.change", "channel.test", "notification rule.create",
        "notification rule.remove", "channel.remove",
    ]  # fmt: skip


def test_a_test_that_fails_says_why_and_shows_no_secret(world: World, hook: Receiver) -> None:
    channel = world.webhook(hook)
    hook.status, hook.body = 500, b"very-secret-path " + SIGNING.encode()
    tried = world.ask("POST", f"/channels/{channel}/test")
    assert tried.json()["outcome"] == "retry"
    said = tried.text + world.ask("GET", "/deliveries").text
    assert "very-secret-path" not in said
    assert SIGNING not in said
    assert world.desk.states() == ["dead"]  # and nobody tries it again
    assert world.desk.deliver() == 0


@pytest.mark.parametrize(
    ("kind", "settings", "status"),
    [
        ("webhook", {"url": "https://example.org/T0KEN", "signing_secret": "secret://s"}, 422),
        ("webhook", {"url": "secret://absent", "signing_secret": "secret://signing"}, 422),
        ("webhook", {"odd": "x"}, 422),
        ("nothing", {}, 422),
        ("webhook", {}, 422),
    ],
    ids=["a-plain-secret", "no-such-secret", "unknown-setting", "unknown-kind", "nothing-said"],
)
def test_a_channel_that_cannot_be_right_is_refused(
    world: World, kind: str, settings: dict[str, str], status: int
) -> None:
    world.desk.secrets.values[world.desk.tenant, "signing"] = SIGNING
    body = {"name": "x", "kind": kind, "settings": settings}
    refused = world.ask("POST", "/channels", json=body)
    assert refused.status_code == status
    assert "T0KEN" not in refused.text
    assert world.ask("GET", "/channels").json()["items"] == []


def test_nobody_uses_another_tenants_secret_or_channel(world: World, hook: Receiver) -> None:
    channel = world.webhook(hook)
    settings = {"url": "secret://hook", "signing_secret": "secret://signing"}
    body = {"name": "x", "kind": "webhook", "settings": settings}
    assert world.ask("POST", "/channels", tenant=world.other, json=body).status_code == 422
    for method, path, more in (
        ("GET", f"/channels/{channel}", None),
        ("PATCH", f"/channels/{channel}", {"name": "mine"}),
        ("DELETE", f"/channels/{channel}", None),
        ("POST", f"/channels/{channel}/test", None),
        ("POST", "/notification-rules", {"name": "x", "channel_id": channel}),
        ("POST", "/tickets", {"channel_id": channel, "finding_id": NOBODY}),
    ):
        asked = world.ask(method, path, tenant=world.other, json=more)
        assert asked.status_code == 404, (method, path, asked.text)
    assert world.ask("GET", "/channels", tenant=world.other).json()["items"] == []
    assert hook.requests == []


@pytest.mark.parametrize(
    "change",
    [
        {"conditions": {"events": ["nonsense"]}},
        {"conditions": {"severity": "terrible"}},
        {"conditions": {"group": "upgrade"}},
        {"conditions": {"hours": [{"from": "99:00", "until": "10:00"}]}},
        {"mode": "digest"},
        {"mode": "digest", "digest_cron": "never"},
        {"time_zone": "Mars/Base"},
        {"quiet": {"hours": [{"from": "00:00", "until": "00:00"}]}},
        {"channel_id": NOBODY},
    ],
    ids=["event", "severity", "group", "hours", "digest", "cron", "zone", "endless", "channel"],
)  # fmt: skip
def test_a_rule_that_cannot_be_right_is_refused(world: World, change: dict[str, Any]) -> None:
    body = {"name": "x", "channel_id": world.desk.channel(), **change}
    asked = world.ask("POST", "/notification-rules", json=body)
    assert asked.status_code in (404, 422), asked.text
    assert asked.headers["content-type"] == "application/problem+json"


def test_a_rule_is_kept_changed_and_taken_away(world: World) -> None:
    night = {"hours": [{"from": "22:00", "until": "07:00", "days": ["fri", "sat"]}],
             "below": "critical"}  # fmt: skip
    body = {"name": "x", "channel_id": world.desk.channel(), "quiet": night,
            "conditions": {"severity": "high", "labels": {"team": ["shop"]}},
            "time_zone": "Europe/Paris"}  # fmt: skip
    key = {"Idempotency-Key": "once"}
    badge = world.badges.of(person(world.desk.tenant))
    made = [world.client.post("/api/v1/notification-rules", json=body, headers={**badge, **key})
            for _ in range(2)]  # fmt: skip
    assert [one.status_code for one in made] == [201, 201]
    [listed] = world.ask("GET", "/notification-rules").json()["items"]
    assert made[0].json()["id"] == made[1].json()["id"] == listed["id"]
    path = f"/notification-rules/{listed['id']}"
    shown = world.ask("GET", path).json()
    assert shown["conditions"]["events"] == ["finding.new", "finding.reopened"]
    assert shown["quiet"] == night
    changed = world.ask("PATCH", path, json={"quiet": None, "enabled": False},
                        headers={"If-Match": '"1"'})  # fmt: skip
    assert (changed.json()["quiet"], changed.json()["enabled"]) == (None, False)
    assert changed.json()["conditions"] == shown["conditions"]
    assert world.ask("DELETE", path, role=Role.ANALYST).status_code == 403
    assert world.ask("DELETE", path).status_code == 204


def test_the_kinds_of_channels_say_what_they_need(world: World) -> None:
    notifiers = {one["name"]: one for one in world.ask("GET", "/notifiers").json()}
    assert {"slack", "teams", "discord", "email", "pagerduty", "twilio", "webhook",
            "apprise"} <= notifiers.keys()  # fmt: skip
    [url, _] = notifiers["webhook"]["fields"]
    assert (url["name"], url["secret"], url["required"]) == ("url", True, True)
    trackers = world.ask("GET", "/trackers", headers={"Accept-Language": "fr"}).json()
    assert {"github", "gitlab", "jira-cloud", "jira-server"} <= {one["name"] for one in trackers}


def test_a_ticket_is_opened_over_the_api_and_shown_on_its_finding(world: World) -> None:
    with tracker_servers.run("github") as github:
        world.desk.secrets.values[world.desk.tenant, "token"] = github.token
        channel = world.desk.channel("github", token="secret://token", **github.settings)
        world.desk.record(*flaws(1))
        [finding] = world.desk.rows("findings")
        body = {"channel_id": channel, "finding_id": finding["id"]}
        made = world.ask("POST", "/tickets", role=Role.ANALYST, json=body)
        assert (made.status_code, made.json()["state"]) == (201, "unknown")
        assert world.ask("POST", "/tickets", role=Role.VIEWER, json=body).status_code == 403
        again = world.ask("POST", "/tickets", json=body)
        assert again.json()["id"] == made.json()["id"]
        world.desk.deliver()
        assert len(github.tickets()) == 1
        shown = world.ask("GET", f"/tickets/{made.json()['id']}").json()
        assert (shown["state"], shown["error"]) == ("open", None)
        assert shown["finding_ids"] == [finding["id"]]
        assert shown["url"]
        listed = world.ask("GET", f"/tickets?finding_id={finding['id']}").json()["items"]
        assert [one["url"] for one in listed] == [shown["url"]]
        there = world.ask("GET", f"/findings/{finding['id']}").json()["tickets"]
        assert [(one["url"], one["state"]) for one in there] == [(shown["url"], "open")]
        world.desk.record()
        world.ask("POST", f"/tickets/{made.json()['id']}/refresh")
        world.desk.deliver()
        assert world.ask("GET", f"/tickets/{made.json()['id']}").json()["state"] == "closed"


def test_the_ticket_of_an_upgrade_names_the_package_that_the_plan_names(world: World) -> None:
    with tracker_servers.run("github") as github:
        world.desk.secrets.values[world.desk.tenant, "token"] = github.token
        channel = world.desk.channel("github", token="secret://token", **github.settings)
        world.desk.record(*flaws(2, fixed="1.1"))
        [asset] = {row["asset_id"] for row in world.desk.rows("findings")}
        step = world.ask("GET", f"/plans?asset_id={asset}").json()["steps"][0]["component"]
        package = {"type": step["type"], "name": step["name"]}
        body = {"channel_id": channel, "asset_id": asset, "package": package}
        made = world.ask("POST", "/tickets", json=body)
        assert (made.status_code, made.json()["package"]) == (201, package), made.text
        asked = f"/tickets?subject_kind=upgrade&subject_id={asset}&channel_id={channel}"
        [listed] = world.ask("GET", asked).json()["items"]
        assert (listed["id"], listed["package"]) == (made.json()["id"], package)
        some = world.ask("GET", "/tickets?fields=id,state").json()["items"]
        assert [one.keys() for one in some] == [{"id", "state"}]


@pytest.mark.parametrize("body", [{}, {"finding_id": NOBODY, "asset_id": NOBODY},
                                  {"asset_id": NOBODY}, {"package": {"type": "", "name": "x"}}],
                         ids=["nothing", "both", "no-package", "no-asset"])  # fmt: skip
def test_a_ticket_about_nothing_is_refused(world: World, body: dict[str, Any]) -> None:
    asked = world.ask("POST", "/tickets", json={"channel_id": NOBODY, **body})
    assert asked.status_code == 422
    assert len(tracker_servers.KINDS) > 3
