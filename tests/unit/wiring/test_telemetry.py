"""Traces reach a collector, metrics an address; without either nothing of them is there."""

from __future__ import annotations

import gzip
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.platforms import platform
from tests.servers import person, serve
from tests.store_fixtures import Store

from vigie.model.errors import UserError
from vigie.services.telemetry import traces
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.queue import TableQueue
from vigie.wiring import telemetry
from vigie.wiring.telemetry import SHARED, counting_together, forget_process, observed


class Collector:
    """Takes traces over OTLP/HTTP (opentelemetry-proto, collector/trace/v1)."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.services: set[str] = set()
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                told.take(self.path, body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def take(self, path: str, body: bytes) -> None:
        assert path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services |= {
                a.value.string_value for a in resource.resource.attributes
                if a.key == "service.name"
            }  # fmt: skip
            for scope in resource.scope_spans:
                self.spans += scope.spans

    def named(self, name: str) -> Any:
        return next(span for span in self.spans if span.name == name)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    made = Collector()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
    yield made
    made.close()


def attributes(span: Any) -> dict[str, Any]:
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


def test_a_request_and_its_statements_are_one_trace(
    store: Store, tmp_path: Path, collector: Collector
) -> None:
    cache = MemoryCache()
    made = platform(
        store.database, tmp_path / "data", cache=cache, queue=TableQueue(store.database)
    )
    tenant = store.tenant("One")
    parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    with observed(os.environ, "server", made), serve(made, person(tenant)) as client:
        found = client.get("/api/v1/jobs?q=hunter2&kind=hunter2", headers={"traceparent": parent})
        assert found.status_code in (200, 422)
        client.get("/api/v1/jobs", headers={"traceparent": parent, "X-Request-ID": "request-1234"})
    cache.close()
    assert collector.services == {"vigie-server"}
    requests = [span for span in collector.spans if span.name == "GET /api/v1/jobs"]
    span = next(s for s in requests if attributes(s)["vigie.request_id"] == "request-1234")
    assert span.trace_id.hex() == "a" * 32
    assert span.parent_span_id.hex() == "b" * 16
    said = attributes(span)
    assert (said["http.route"], said["http.response.status_code"], said["vigie.tenant"]) == (
        "/api/v1/jobs", 200, tenant,
    )  # fmt: skip
    below = [s for s in collector.spans if s.parent_span_id == span.span_id]
    assert any("FROM jobs" in attributes(s).get("db.query.text", "") for s in below)
    assert "hunter2" not in str(collector.spans)


def test_errors_are_told_by_their_kind_alone(collector: Collector) -> None:
    def fail() -> None:
        with traces.span("work", vigie__job="1"):
            raise ValueError("hunter2")

    with observed(os.environ, "worker"), pytest.raises(ValueError, match="hunter2"):
        fail()
    span = collector.named("work")
    assert attributes(span) == {"vigie.job": "1", "error.type": "ValueError"}
    assert span.status.code == 2
    assert "hunter2" not in str(span)
    assert not traces.tracing()


def test_without_a_collector_the_library_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from vigie.services.telemetry import traces\n"
        "from vigie.wiring.telemetry import observed\n"
        "with observed({}, 'worker'), traces.span('x', 'CLIENT', a__b=1) as span:\n"
        "    span.note(c=1); span.name('y'); span.failed('z')\n"
        "assert not [m for m in sys.modules if m.startswith('opentelemetry')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_metrics_are_at_the_address_that_was_given(store: Store, tmp_path: Path) -> None:
    cache = MemoryCache()
    made = platform(
        store.database, tmp_path / "data", cache=cache, queue=TableQueue(store.database)
    )
    address = f"127.0.0.1:{free_port()}"
    with observed({telemetry.LISTEN: address}, "server", made):
        text = httpx.get(f"http://{address}/metrics").text
        assert re.search(r'^vigie_ready\{part="database"\} 1.0$', text, re.MULTILINE)
    with observed({telemetry.LISTEN: address}, "scheduler", made):
        text = httpx.get(f"http://{address}/metrics").text
        assert "vigie_scheduler_leader" in text
        assert "vigie_ready" not in text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{address}/metrics")
    cache.close()


def test_a_child_listens_nowhere() -> None:
    address = f"127.0.0.1:{free_port()}"
    with (
        observed({telemetry.LISTEN: address, "VIGIE_PARENT": "1"}, "worker"),
        pytest.raises(httpx.ConnectError),
    ):
        httpx.get(f"http://{address}/metrics")


@pytest.mark.parametrize("address", ["9100", ":9100", "h:x", "h:70000"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UserError), observed({telemetry.LISTEN: address}, "worker"):
        pass


def test_an_address_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UserError), observed({telemetry.LISTEN: address}, "worker"):
            pass


def test_the_folder_of_counts_goes_with_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SHARED, raising=False)
    place = tmp_path / "metrics"
    place.mkdir()
    (place / "counter_1.db").touch()  # of a start before, which was killed
    with counting_together(place):
        assert os.environ[SHARED] == str(place)
        assert list(place.iterdir()) == []
        (place / "gauge_livesum_12.db").touch()
        (place / "counter_12.db").touch()
        forget_process(12)
        assert [p.name for p in place.iterdir()] == ["counter_12.db"]
        with counting_together():
            assert os.environ[SHARED] == str(place)
    assert SHARED not in os.environ
    assert list(tmp_path.iterdir()) == []
    forget_process(12)


def test_two_at_once_do_not_count_into_one_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    places = []
    for _ in range(2):
        monkeypatch.delenv(SHARED, raising=False)
        with counting_together():
            places.append(os.environ[SHARED])
            assert Path(places[-1]).stat().st_mode & 0o077 == 0
    assert len(set(places)) == 2
    assert not any(Path(place).exists() for place in places)
