"""How the platform stands when somebody asks: what waits, what answers, which version runs."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

import vigie
from vigie.model.errors import SourceError
from vigie.services.platform import Platform
from vigie.services.readiness import parts_of
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.operations import JOBS
from vigie.stores.relational.tables.telling import DELIVERIES

_OPEN_JOBS = ("queued", "running")
_OPEN_DELIVERIES = ("waiting", "sending", "retry", "held", "dead")


class Standing(Collector):
    """Asked at each scrape, of one process of the API: the others would only say the same. What
    does not answer leaves its number out, for a wrong one would be believed."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def collect(self) -> Iterator[Metric]:
        """The metrics as they stand."""
        build = GaugeMetricFamily("vigie_build_info", "The version that runs.",
                                  labels=("version", "database", "queue"))  # fmt: skip
        running = (vigie.__version__, self.platform.database.dialect, self.platform.queue.name)
        build.add_metric(running, 1)
        yield build
        ready = GaugeMetricFamily("vigie_ready", "1 when the part answers.", labels=("part",))
        parts = parts_of(self.platform)
        for part, answers in parts.items():
            ready.add_metric((part,), float(answers))
        yield ready
        if parts["queue"]:
            try:
                depth = self.platform.queue.depth()
            except SourceError:
                depth = None  # it went away just now
            if depth is not None:
                yield GaugeMetricFamily("vigie_queue_depth", "Jobs that wait.", value=depth)
        if parts["schema"]:
            yield from self._counted()

    def _counted(self) -> Iterator[Metric]:
        try:
            with self.platform.database.read(SYSTEM) as work:
                found = [
                    work.run(
                        sa.select(table.c.state, sa.func.count().label("number"))
                        .where(table.c.state.in_(states))
                        .group_by(table.c.state)
                    ).all()
                    for table, states in ((JOBS, _OPEN_JOBS), (DELIVERIES, _OPEN_DELIVERIES))
                ]
        except SourceError:
            return
        names = (
            ("vigie_jobs_open", "Jobs that have not ended.", _OPEN_JOBS),
            ("vigie_outbox", "Deliveries that have not gone out.", _OPEN_DELIVERIES),
        )
        for (name, about, states), rows in zip(names, found, strict=True):
            family = GaugeMetricFamily(name, about, labels=("state",))
            counts = {row.state: row.number for row in rows}
            for state in states:
                family.add_metric((state,), counts.get(state, 0))
            yield family
