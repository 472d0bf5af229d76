"""What people come to do, walked in Chromium against a real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.access_made import PASSWORD
from tests.screens.desk import Desk, opened_desk
from tests.screens.test_places import MAIN
from tests.store_fixtures import Store
from vigie.model.access import Role
from vigie.services.access.security_policy import SecondFactor, SecurityPolicy

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
pytestmark = pytest.mark.parametrize("store", DATABASES, indirect=True)


def test_a_second_factor_is_set_up_at_the_first_sign_in_and_asked_at_the_next(
    screens: None,
    store: Store,
    tmp_path: Path,
) -> None:
    policy = SecurityPolicy(second_factor=SecondFactor(frozenset({Role.OWNER})))
    with opened_desk(store, tmp_path, policy) as desk:
        desk.walk("second-factor", **desk.owner())


def test_three_findings_are_triaged_with_the_keyboard_alone(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("keyboard", **desk.owner())


def test_a_decision_about_many_findings_is_taken_back_at_once(desk: Desk) -> None:
    desk.take_in("trivy/image.json")
    desk.walk("undo", **desk.owner())


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


def test_a_scan_is_started_and_watched(desk: Desk) -> None:
    shop = desk.folder / "shop"
    shop.mkdir()
    (shop / "requirements.txt").write_text("urllib3==1.24.1\n")
    desk.walk("scan", **desk.owner(), target=str(shop))
