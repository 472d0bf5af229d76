"""What the platform counts of itself, as Prometheus reads it.

Names follow Prometheus' conventions: base units, `_total` for counters, few labels of few values.
No label names a tenant: whoever watches the machine need not know its customers.

With PROMETHEUS_MULTIPROC_DIR in the environment when this is imported, the processes of one
platform count together in that folder (prometheus_client's multiprocess mode).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
_LONG = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_OWN = CollectorRegistry()

REQUESTS = Counter(
    "vigie_http_requests", "Requests answered.", ("method", "route", "status"), registry=_OWN
)
REQUEST_SECONDS = Histogram(
    "vigie_http_request_duration_seconds", "Time to answer a request.", ("method", "route"),
    buckets=_SHORT, registry=_OWN,
)  # fmt: skip
JOBS = Counter(
    "vigie_jobs", "Jobs that left a worker: done, failed, retry, cancelled, lost, leaving.",
    ("kind", "outcome"), registry=_OWN,
)  # fmt: skip
JOB_SECONDS = Histogram(
    "vigie_job_duration_seconds", "Time that a job was worked on.", ("kind",),
    buckets=_LONG, registry=_OWN,
)  # fmt: skip
JOBS_RUNNING = Gauge(
    "vigie_jobs_running", "Jobs in the hands of workers.", ("kind",),
    multiprocess_mode="livesum", registry=_OWN,
)  # fmt: skip
IMPORTS = Counter("vigie_imports", "Imports: done or failed.", ("outcome",), registry=_OWN)
IMPORTED = Counter(
    "vigie_import_findings", "Findings by what imports did: new, reopened, closed, changed, seen.",
    ("change",), registry=_OWN,
)  # fmt: skip
DELIVERIES = Counter(
    "vigie_deliveries", "Attempts to tell somebody, by notifier or ticket system.",
    ("notifier", "outcome"), registry=_OWN,
)  # fmt: skip
QUERY_SECONDS = Histogram(
    "vigie_database_query_duration_seconds", "Time that a statement took, until its first row.",
    ("operation",), buckets=_SHORT, registry=_OWN,
)  # fmt: skip
CONNECTIONS = Gauge(
    "vigie_database_connections_in_use", "Connections taken out of the pools.",
    multiprocess_mode="livesum", registry=_OWN,
)  # fmt: skip
AUDIT_ENTRIES = Counter("vigie_audit_entries", "Audit entries committed.", registry=_OWN)
LEADER = Gauge(
    "vigie_scheduler_leader", "1 in the process whose scheduler leads.",
    multiprocess_mode="livemax", registry=_OWN,
)  # fmt: skip
DUTIES = Counter(
    "vigie_scheduler_duties", "Periodic duties: done or failed.", ("duty", "outcome"), registry=_OWN
)


class _Own(Collector):
    """What this process counted, or all processes of the platform did."""

    def collect(self) -> Iterator[Metric]:
        """The metrics as they stand."""
        folder = os.environ.get(SHARED, "")
        if not folder:
            yield from _OWN.collect()
            return
        shared = MultiProcessCollector(None, path=folder)  # type: ignore[no-untyped-call]
        yield from shared.collect()  # type: ignore[no-untyped-call]


def registry_of(*more: Collector) -> CollectorRegistry:
    """Everything that is shown: what was counted, this process's memory and time, and what
    `more` finds out when it is asked."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Own())
    ProcessCollector(registry=registry)
    for one in more:
        registry.register(one)
    return registry


def job_left(kind: str, outcome: str, seconds: float) -> None:
    """A worker is through with a job."""
    JOBS.labels(kind, outcome).inc()
    JOB_SECONDS.labels(kind).observe(seconds)


def imported(changes: Mapping[str, object]) -> None:
    """An import is done; `changes` as it came out."""
    IMPORTS.labels("done").inc()
    for change in ("new", "reopened", "closed", "changed", "seen"):
        count = changes.get(change)
        if isinstance(count, int):
            IMPORTED.labels(change).inc(count)
