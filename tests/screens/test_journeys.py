"""What people come to do, walked in Chromium against a real server."""

from __future__ import annotations

import json
import threading
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from oidc_provider_mock import User, run_server_in_thread  # type: ignore[import-untyped]

from tests import tracker_servers
from tests.access_made import PASSWORD
from tests.platforms import plugged
from tests.screens.desk import Desk, delivering, opened_desk
from tests.screens.test_places import MAIN
from tests.store_fixtures import Store
from tests.unit.services.telling.telling_made import HERE, KnownSecrets
from vigie.model.access import Role
from vigie.ports.progress import Job
from vigie.services import scanning
from vigie.services.access.security_policy import SecondFactor, SecurityPolicy
from vigie.services.execution import Printed
from vigie.services.outbound import Outbound
from vigie.services.secrets import Secrets
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.telling import DELIVERIES
from vigie.wiring.plugs import TRACKERS, Plugs
from vigie.wiring.secrets import secrets_of

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
pytestmark = pytest.mark.parametrize("store", DATABASES, indirect=True)


def test_a_second_factor_is_set_up_at_the_first_sign_in_and_asked_at_the_next(
    screens: None,
    store: Store,
    tmp_path: Path,
) -> None:
    policy = SecurityPolicy(second_factor=SecondFactor(frozenset({Role.OWNER})))
    with opened_desk(store, tmp_path, policy=policy) as desk:
        desk.walk("second-factor", **desk.owner())


def test_three_findings_are_triaged_with_the_keyboard_alone(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("keyboard", **desk.owner())


def test_the_row_that_the_keys_walk_to_can_be_seen(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("walking", **desk.owner())


def test_a_decision_about_many_findings_is_taken_back_at_once(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("undo", **desk.owner())


def test_a_finding_is_taken_by_oneself_and_given_back(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("assign", **desk.owner())


def test_the_main_places_can_be_read_in_french(desk: Desk) -> None:
    desk.fill()
    desk.walk("french", **desk.owner(), main=MAIN)


@pytest.mark.slow
def test_all_of_it_can_be_read_in_french(desk: Desk) -> None:
    desk.fill()
    desk.walk("french", **desk.owner())


def test_somebody_invited_as_a_viewer_sees_what_a_viewer_may(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    owner = desk.door.person(Role.OWNER)
    body = {"email": "vera@example.org", "role": "viewer", "name": "Vera"}
    made = desk.door.ask("POST", "/users", owner, json=body)
    assert made.status_code == 201, made.text
    desk.walk("viewer", invitation=made.json()["invitation"], email=body["email"],
              password=PASSWORD)  # fmt: skip


def test_tenants_are_switched_and_kept_apart(desk: Desk) -> None:
    desk.take_in("trivy/image.json", asset="shop of Acme")
    desk.take_in("trivy/image.json", asset="shop of Other", tenant=desk.door.other)
    user = desk.door.person(Role.OWNER)
    desk.join(user, desk.door.other, Role.ANALYST)
    seen = [
        {"name": "Acme", "asset": "shop of Acme", "other": "shop of Other"},
        {"name": "Other", "asset": "shop of Other", "other": "shop of Acme"},
    ]
    desk.walk("tenants", email=desk.door.email_of(user), password=PASSWORD, tenants=seen)


def test_a_policy_is_written_and_tried_before_it_is_kept(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("policy", **desk.owner())


def test_a_report_is_made_and_saved_as_pdf(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("report", **desk.owner())


def test_a_waiver_is_taken_back_and_restored(desk: Desk) -> None:
    desk.fill()
    desk.walk("suppressions", **desk.owner())


def test_reports_of_one_image_are_dropped_and_become_one_finding(desk: Desk) -> None:
    purl = "pkg:deb/debian/libdemo3@3.0.1-2?arch=amd64&distro=debian-12.7"
    trivy = {
        "SchemaVersion": 2, "ArtifactName": "shop:1.4", "ArtifactType": "container_image",
        "Metadata": {"ImageID": "sha256:aa01", "RepoTags": ["shop:1.4"]},
        "Results": [{
            "Target": "shop:1.4 (debian 12.7)", "Class": "os-pkgs", "Type": "debian",
            "Vulnerabilities": [{
                "VulnerabilityID": "CVE-2025-1001", "PkgName": "libdemo3",
                "PkgIdentifier": {"PURL": purl}, "InstalledVersion": "3.0.1-2",
                "Severity": "HIGH",
            }],
        }],
    }  # fmt: skip
    grype = {
        "matches": [{
            "vulnerability": {"id": "CVE-2025-1001", "severity": "High"},
            "artifact": {"name": "libdemo3", "version": "3.0.1-2", "type": "deb", "purl": purl},
        }],
        "source": {"type": "image", "target": {"userInput": "shop:1.4", "imageID": "sha256:aa01"}},
        "descriptor": {"name": "grype", "version": "0.100.0"},
    }  # fmt: skip
    reports = {"trivy.json": json.dumps(trivy), "grype.json": json.dumps(grype)}
    desk.walk("merge", **desk.owner(), reports=reports)


def test_the_buttons_of_a_dialog_stay_in_sight(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("dialogs", **desk.owner())


def test_a_scan_is_started_and_watched(desk: Desk) -> None:
    shop = desk.folder / "shop"
    shop.mkdir()
    (shop / "requirements.txt").write_text("urllib3==1.24.1\n")
    desk.walk("scan", **desk.owner(), target=str(shop))


def test_a_fleet_of_forty_tenants_opens_with_one_question(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    for number in range(38):
        desk.door.store.tenant(f"Customer {number}")
    user = desk.door.person(Role.SUPER_ADMIN)
    desk.walk("fleet", email=desk.door.email_of(user), password=PASSWORD, tenants=40, worst="Acme")


def test_a_passkey_is_made_and_signs_in(desk: Desk) -> None:
    # Browsers make none for an address of numbers.
    address = desk.address.replace("127.0.0.1", "localhost")
    object.__setattr__(desk.door.place, "address", address)
    desk.walk("passkey", **{**desk.owner(), "address": address})


def test_what_was_given_up_is_sent_again(desk: Desk) -> None:
    delivery = desk.given_up("The shop is on fire")
    desk.walk("send-again", **desk.owner(), title="The shop is on fire")
    with desk.door.store.database.read(of_tenant(desk.door.tenant)) as work:
        sent = sa.select(DELIVERIES.c.state).where(
            work.mine(DELIVERIES), DELIVERIES.c.id == delivery
        )
        assert work.run(sent).scalar_one() == "waiting"
    assert "delivery.redeliver" in desk.door.actions()


def test_a_scan_under_way_is_stopped(desk: Desk) -> None:
    shop = desk.folder / "shop"
    shop.mkdir()

    def endless(*_given: object, stop: threading.Event, **_more: object) -> tuple[()]:
        assert stop.wait(120), "nobody stopped it"
        return ()

    with mock.patch.object(scanning, "scan", endless):
        desk.walk("stop-scan", **desk.owner(), target=str(shop))


def test_what_a_scanner_writes_is_read_while_it_runs(desk: Desk) -> None:
    shop = desk.folder / "shop"
    shop.mkdir()

    def slow(
        *_given: object, stop: threading.Event, printed: Printed, **_more: object
    ) -> list[Any]:
        job = Job("slow", "Slow")
        for number in count(1):
            printed(job, [f"line {number} of many"] if number < 100 else [])
            if stop.wait(0.5):
                break
        return []

    with mock.patch.object(scanning, "scan", slow):
        desk.walk("scan-log", **desk.owner(), target=str(shop))


def test_of_two_who_change_a_policy_the_second_is_told_and_loses_nothing(desk: Desk) -> None:
    desk.keep_policy()
    desk.walk("conflict", first=desk.owner(), second=desk.owner())


def test_a_change_of_a_policy_is_seen_by_whoever_looks_at_the_policies(desk: Desk) -> None:
    desk.keep_policy()
    desk.walk("policy-live", first=desk.owner(), second=desk.owner())


def test_of_two_who_change_a_rule_the_second_is_told_and_loses_nothing(desk: Desk) -> None:
    desk.given_up("of a channel")  # a rule needs somebody to tell
    desk.walk("rule-conflict", first=desk.owner(), second=desk.owner())


def test_a_lost_connection_is_said_and_what_came_meanwhile_is_shown(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("lost", **desk.owner(), other=desk.owner())


def test_a_session_that_ends_in_the_middle_leads_back_to_the_same_view(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("session-ended", **desk.owner())


def test_a_broken_report_is_refused_with_a_reason_and_a_hint(desk: Desk) -> None:
    desk.walk("broken", **desk.owner())


def test_a_ticket_is_opened_and_its_state_arrives_by_itself(
    screens: None, store: Store, tmp_path: Path
) -> None:
    known = KnownSecrets()
    parts: dict[str, Any] = {
        "secrets": Secrets([known]),  # type: ignore[list-item]
        "outbound": Outbound(HERE), "plugs": plugged(trackers=Plugs(TRACKERS)),
    }  # fmt: skip
    with (
        tracker_servers.run("gitlab") as gitlab,
        opened_desk(store, tmp_path, **parts) as desk,
        delivering(desk.door.place),
    ):
        known.values[desk.door.tenant, "token"] = gitlab.token
        owner, viewer = desk.door.person(Role.OWNER), desk.door.person(Role.VIEWER)
        settings = {**gitlab.settings, "token": "secret://token"}
        channel = {"name": "board", "kind": "gitlab", "settings": settings}
        made = desk.door.ask("POST", "/channels", owner, json=channel)
        assert made.status_code == 201, made.text
        desk.take_in("trivy/image.json")
        reader = {"email": desk.door.email_of(viewer), "password": PASSWORD}
        desk.walk("ticket", **desk.owner(), viewer=reader, tickets=gitlab.address)
        assert len(gitlab.tickets()) == 2


# The provider is built on parts of authlib that authlib itself has replaced.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_people_come_in_through_a_provider_that_an_owner_set_up(
    screens: None, store: Store, tmp_path: Path
) -> None:
    claims = {"email": "ann@example.org", "email_verified": True, "groups": ["it"]}
    with run_server_in_thread(user_claims=[User(sub="ann", claims=claims)]) as server:
        issuer = f"http://localhost:{server.server_port}"
        parts: dict[str, Any] = {
            "secrets": secrets_of(tmp_path / "kept", {}),
            "outbound": Outbound([urlsplit(issuer).netloc]),
        }
        with opened_desk(store, tmp_path, **parts) as desk:
            address = desk.address.replace("127.0.0.1", "localhost")
            object.__setattr__(desk.door.place, "address", address)
            desk.walk("sign-on", **{**desk.owner(), "address": address}, issuer=issuer)
