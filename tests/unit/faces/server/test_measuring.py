"""Requests are counted by what they meant: no address and no made-up method becomes a label."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog
from prometheus_client.exposition import generate_latest
from tests.platforms import platform
from tests.servers import Badges, person, serve
from tests.store_fixtures import Store
from tests.unit.services.telemetry.test_metrics import sample

from vigie.faces.server.measuring import template_of
from vigie.model.access import Role
from vigie.services.telemetry.metrics import registry_of
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.queue import TableQueue


def counted(method: str, route: str, status: int) -> float:
    text = generate_latest(registry_of()).decode()
    found = sample(text, "vigie_http_requests_total", method=method, route=route,
                   status=str(status))  # fmt: skip
    return found or 0.0


def test_requests_are_counted_by_their_template(store: Store, tmp_path: Path) -> None:
    cache, badges = MemoryCache(), Badges()
    made = platform(
        store.database, tmp_path / "data", cache=cache, queue=TableQueue(store.database)
    )
    headers = badges.of(person(store.tenant("One")))
    wanted = {
        ("GET", "/api/v1/jobs/{job_id}", 404): 2,
        ("GET", "/api/v1/jobs", 200): 1,
        ("GET", "/api/v1/jobs", 401): 1,
        ("GET", "/ready", 200): 1,
        ("GET", "unmatched", 404): 2,
        ("OTHER", "unmatched", 404): 1,
    }
    before = {key: counted(*key) for key in wanted}
    with serve(made, badges) as client:
        for _ in range(2):
            client.get(f"/api/v1/jobs/{new_id()}", headers=headers)
            client.get(f"/api/v1/{new_id()}", headers=headers)
        client.get("/api/v1/jobs", headers=headers)
        client.get("/api/v1/jobs")
        client.get("/ready")
        client.request("PROPFIND", f"/{new_id()}")
    assert {key: counted(*key) - before[key] for key in wanted} == wanted
    cache.close()


@pytest.mark.parametrize(
    ("path", "asked", "wanted"),
    [
        ("/api/v1/jobs", "/api/v1/jobs", "/api/v1/jobs"),
        ("/jobs/{job_id}", "/api/v1/jobs/7", "/api/v1/jobs/{job_id}"),
        ("/health", "/health", "/health"),
        ("", "/x", "unmatched"),
    ],
)
def test_a_template_is_told_whole(path: str, asked: str, wanted: str) -> None:
    class Route:
        def __init__(self) -> None:
            self.path = path

    assert template_of({"path": asked, "route": Route()}) == wanted


def test_only_who_watches_the_whole_platform_reads_its_numbers(
    store: Store, tmp_path: Path
) -> None:
    cache, badges = MemoryCache(), Badges()
    made = platform(
        store.database, tmp_path / "data", cache=cache, queue=TableQueue(store.database)
    )
    tenant = store.tenant("One")
    with serve(made, badges) as client:
        owner = badges.of(person(tenant, Role.OWNER))
        assert client.get("/api/v1/metrics", headers=owner).status_code == 403
        watcher = badges.of(person(tenant, Role.SUPER_ADMIN))
        answer = client.get("/api/v1/metrics", headers=watcher)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert sample(answer.text, "vigie_ready", part="database") == 1
    cache.close()


def test_the_log_names_the_request_and_the_tenant(store: Store, tmp_path: Path) -> None:
    cache, badges = MemoryCache(), Badges()
    made = platform(
        store.database, tmp_path / "data", cache=cache, queue=TableQueue(store.database)
    )
    tenant = store.tenant("One")
    with serve(made, badges) as client, structlog.testing.capture_logs() as said:
        headers = {**badges.of(person(tenant)), "X-Request-ID": "request-1234"}
        client.get("/api/v1/jobs", headers=headers)
        client.get("/api/v1/jobs")
    lines = [line for line in said if line["event"] == "request"]
    assert [(line["status"], line["tenant"]) for line in lines] == [(200, tenant), (401, "")]
    cache.close()
