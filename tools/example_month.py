"""Fills a platform with a month of a made-up shop: what pictures and demonstrations are taken of.

Everything is handed in as people and pipelines would: reports go through the import, decisions
and settings through the API. Only the clock of the imports stands in the past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.company.people import platform_at
from bench.company.reports import image_report

from vigie.client import Client, shapes
from vigie.model.assets import Criticality, Exposure
from vigie.services.imports import ImportOptions
from vigie.services.platform import Platform, system_caller
from vigie.services.submissions import submit_import
from vigie.services.worker import Worker
from vigie.wiring.platform_settings import PlatformSettings
from vigie.wiring.work import handlers

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden" / "reports"
SHOP = ROOT / "examples" / "shop"
API, WEB = "registry.example/shop/api:1.8", "registry.example/shop/web:3.2"
CODE = ("bandit/shop.json", "gitleaks/v8.json", "checkov/frameworks.json", "semgrep/scan.json")
# Days ago; the image and how many flaws its report names, or golden reports and their asset.
MONTH: Sequence[tuple[int, str, int | Sequence[str]]] = (
    (30, API, 96), (29, "", ("trivy/image.json",)), (28, "shop", CODE), (24, WEB, 140),
    (21, API, 112), (16, WEB, 118), (13, "", ("grype/image.json", "embedded/image.json")),
    (10, API, 78), (6, "shop-cluster", ("kubescape/cluster.json", "prowler/v3.json")),
    (4, WEB, 84), (2, "", ("zap/plus.json",)), (1, API, 90),
)  # fmt: skip
OTHERS = ("Northwind Clinic", "Lycée Jean-Zay", "Harbour Logistics")
POLICY = """name: shop
description: Nothing critical leaves the house, and no secret.
block:
  - name: critical
    severity: critical
  - name: secret
    kind: secret
"""
PEOPLE: Sequence[tuple[str, str, Any]] = (
    ("ada@shop.example", "Ada Martin", "analyst"), ("bruno@shop.example", "Bruno Keller", "admin"),
    ("chloe@shop.example", "Chloé Dubois", "viewer"), ("dev@shop.example", "Devika Rao", "analyst"),
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """The platform to fill: its folder, who is signed in to its API, and their tenant."""

    folder: Path
    client: Client
    tenant: str


def fill(site: Site) -> None:
    """All of it, before a worker runs: what the API is asked for waits for one."""
    with platform_at(site.folder, "") as platform:
        _month(platform, site)
        for number, name in enumerate(OTHERS):
            new = shapes.NewTenant(name=name, slug=f"customer-{number + 1}")
            _other(platform, site, site.client.create_tenant(new).id, 30 + 25 * number)
    _people(site.client)
    _decisions(site.client)
    _telling(site.client)
    _work(site.client)


def _month(platform: Platform, site: Site) -> None:
    with TemporaryDirectory() as folder:
        for days, asset, what in MONTH:
            if isinstance(what, int):
                image_report(Path(folder) / "trivy.json", asset, what)
                _take_in(platform, site, days, Path(folder) / "trivy.json", ImportOptions(
                    owner="payments", exposure=Exposure.OPEN, criticality=Criticality.HIGH,
                ))  # fmt: skip
                continue
            for name in what:
                options = ImportOptions(asset=asset, owner="platform")
                _take_in(platform, site, days, _golden(name, Path(folder)), options)


def _golden(name: str, folder: Path) -> Path:
    """A report of the tests. The image of Trivy's and the folder that is scanned have one name;
    they would be one asset."""
    copy = folder / name.replace("/", "-")
    said = (GOLDEN / name).read_text()
    copy.write_text(said.replace("shop:1.4", "demo:1").replace("shop@sha256", "demo@sha256"))
    return copy


def _other(platform: Platform, site: Site, tenant: str, flaws: int) -> None:
    """A customer's tenant, so that there is a fleet to look over."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "trivy.json"
        image_report(report, f"registry.example/customer/portal:{flaws}", flaws)
        _take_in(platform, replace(site, tenant=tenant), flaws % 9, report, ImportOptions())


def _take_in(
    platform: Platform, site: Site, days: int, report: Path, options: ImportOptions
) -> None:
    """Import it as it was so many days ago."""
    moment = datetime.now(UTC) - timedelta(days=days)
    then = replace(platform, clock=lambda: moment)
    caller = system_caller("pipeline", site.tenant)
    with then.database.begin(caller.scope) as work, report.open("rb") as stream:
        submit_import(work, then, caller, stream, name=report.name, options=options)
    worker = Worker(then, handlers(PlatformSettings(data=site.folder, offline=True)))
    while worker.step(0.0):
        pass


def _people(client: Client) -> None:
    for email, name, role in PEOPLE:
        client.create_user(shapes.NewUser(email=email, name=name, role=role))
    client.create_api_key(shapes.NewApiKey(name="pipeline of the shop", scopes=["ci", "read"]))
    client.create_sign_on(
        shapes.NewProvider(name="Acme", issuer="https://id.example.org/realms/acme",
                           client_id="vigie", default_role="viewer",
                           roles={"security": "analyst", "platform-team": "admin"})
    )  # fmt: skip


def _decisions(client: Client) -> None:
    soon = datetime.now(UTC) + timedelta(days=9)
    worst = client.list_findings(sort="-score", limit=12).items
    ids = [str(one.id) for one in worst]
    client.triage_findings(
        shapes.BulkTriage(findings=ids[4:6], status="suppressed", expires_at=soon,
                          reason="The module is not loaded; it goes with the next release.")
    )  # fmt: skip
    client.triage_findings(shapes.BulkTriage(findings=ids[1:3], status="under_investigation"))
    text = "The fix is in our fork since Tuesday; the image is built anew tonight."
    client.create_finding_comment(ids[0], shapes.CommentText(body=text))
    client.create_policy(shapes.NewPolicy(source=POLICY, is_default=True))


def _telling(client: Client) -> None:
    """A channel that nobody answers at, so that there are deliveries that wait."""
    kept = client.put_secret("shop-hook", shapes.SecretText(value="http://127.0.0.1:9/vigie"))
    signing = client.put_secret("shop-sign", shapes.SecretText(value="whsec_" + "c2hvcA" * 8))
    channel = client.create_channel(
        shapes.NewChannel(kind="webhook", name="Shop on call", settings={
            "url": f"secret://{kept.name}", "signing_secret": f"secret://{signing.name}"})
    )  # fmt: skip
    client.create_notification_rule(
        shapes.NewNotificationRule(name="Critical, at once", channel_id=channel.id,
                                   conditions=shapes.RuleConditions(severity="critical"))
    )  # fmt: skip


def _work(client: Client) -> None:
    client.create_scan(shapes.NewScan(target=str(SHOP), exposure="open", criticality="high"))
    client.create_schedule(
        shapes.NewSchedule(name="The shop, every night", kind="scan", cron="15 2 * * *",
                           payload={"target": str(SHOP)})
    )  # fmt: skip
    for form in ("html", "pdf"):
        client.create_report(shapes.NewReport(title="What is open in the shop", format=form))


@contextmanager
def signed_in(address: str, email: str, password: str) -> Iterator[Client]:
    """A client of this person's session."""
    with Client(address) as door:
        token = door.sign_in(shapes.SignIn(email=email, password=password)).access_token
    with Client(address, token) as client:
        yield client
