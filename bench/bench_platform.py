"""The platform under load: a million findings, twenty people who ask, ten pipelines that import.

python -m bench.bench_platform --quick        a small company, in a few minutes
python -m bench.bench_platform --keep DIR     the databases are kept and used again
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa

from bench.company import load, people, questions
from bench.company.data import Size, fill, is_empty, tenant_id
from bench.company.homes import Home, place, postgres_home, processor, sqlite_home, status
from bench.company.importing import Peak, Pipeline
from bench.company.load import Load
from bench.company.reports import image_report
from bench.company.starting import start_of_all
from bench.measuring import NotMeasured, Row, machine
from vigie.services.platform import Platform
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.assets import ASSETS

TITLE = "The platform under load"
ABOUT = (
    "A made-up company (bench/company/data.py): 1,000,000 findings of 2,000 assets in 20 tenants. "
    "`vigie server` and `vigie worker` are started as an operator would, and asked over HTTP with "
    "real access tokens by a process of its own; servers, workers, database and whoever asks share "
    "this machine. Twenty clients ask without a pause, each its next question when it has the "
    "answer to the one before; lists have 300 questions a tenant, so most are asked for the first "
    "time. Aim: p95 under 100 ms; an import of 10,000 findings visible within 10 s; p95 of a "
    "reading client under 200 ms while ten imports run."
)
CLIENTS = 20
AT_ONCE = 10  # imports
AFTER_ONE_ANOTHER = 5


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    size: Size = field(default_factory=Size)
    seconds: float = 10.0  # of each question
    warm: float = 15.0  # before that, uncounted: a server's first question of a tenant reads it
    # Questions a tenant: more than a server remembers the answers of, so most are new to it.
    asked: int = 300
    imports: tuple[int, ...] = (10_000, 40_000)
    servers: tuple[int, ...] = (1, 2)
    keep: Path | None = None
    engines: tuple[str, ...] = ("sqlite", "postgresql")


FULL = Extent()
QUICK = Extent(Size(50_000, 100, 5), seconds=3.0, warm=3.0, asked=24, imports=(1_000, 4_000))
_HOMES: dict[str, Callable[[Path], AbstractContextManager[Home]]] = {
    "sqlite": sqlite_home,
    "postgresql": postgres_home,
}


def measure(extent: Extent = FULL) -> Iterator[Row]:
    """Every figure of every engine."""
    with place(extent.keep) as folder:
        for name in extent.engines:
            own = folder / name
            own.mkdir(exist_ok=True, mode=0o711)
            try:
                with _HOMES[name](own) as home:
                    yield from _of_home(home, extent)
            except NotMeasured as reason:
                yield _row(name, "not measured", str(reason))
        yield _row("SQLite", "`vigie up` on an empty folder", start_of_all(folder / "up"))


def _of_home(home: Home, extent: Extent) -> Iterator[Row]:
    with people.platform_at(home.folder, home.url) as platform:
        began = time.monotonic()
        if is_empty(platform.database):
            fill(platform.database, extent.size)
            yield _row(home.engine, "filled", f"{time.monotonic() - began:.0f} s")
        tenants = [tenant_id(number) for number in range(extent.size.tenants)]
        for servers in extent.servers:
            yield from _reading(home, platform, tenants, extent, servers)
        yield from _importing(home, platform, tenants, extent)


def _reading(
    home: Home, platform: Platform, tenants: Sequence[str], extent: Extent, servers: int
) -> Iterator[Row]:
    """Twenty clients of so many server processes."""
    started = [home.server() for _ in range(servers)]
    ports = [port for _, port in started]
    time.sleep(1.0)
    idle = ", ".join(f"{status(process.pid, 'RssAnon'):.0f} MiB" for process, _ in started)
    yield _row(home.engine, f"memory of {servers} idle server(s)", idle)
    for what, paths in _groups(platform, tenants, extent):
        tokens = people.access_tokens(platform, tenants)
        asked = {tokens[tenant]: paths[tenant] for tenant in tenants}
        before = sum(processor(process.pid) for process, _ in started)
        said = load.ask(Load(ports, CLIENTS, asked, extent.seconds, warm=extent.warm))
        used = sum(processor(process.pid) for process, _ in started) - before
        own = f"{used * 1000 / said.asked:.1f} ms of the servers' processors for each"
        yield _row(home.engine, f"{what}, {servers} server(s)", f"{said}; {own}")
    home.stop()


def _groups(
    platform: Platform, tenants: Sequence[str], extent: Extent
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    chance = random.Random("questions")
    for what, searched in (("three filters, facets, search", True),
                           ("three filters, facets", False)):  # fmt: skip
        yield (
            what,
            {
                tenant: questions.lists(chance, extent.asked, searched=searched)
                for tenant in tenants
            },
        )
    yield "overview", {tenant: questions.overviews() for tenant in tenants}
    yield "one asset", {tenant: questions.assets(_assets(platform, tenant)) for tenant in tenants}


def _importing(
    home: Home, platform: Platform, tenants: Sequence[str], extent: Extent
) -> Iterator[Row]:
    """One report, larger ones, the same again and again, then ten at once beside somebody who
    reads."""
    _, port = home.server()
    keys = {tenant: people.api_key(platform, tenant) for tenant in tenants}
    peaks: dict[int, float] = {}
    for number, findings in enumerate(extent.imports):
        worker = home.worker()
        time.sleep(3.0)
        if not number:
            idle = f"{status(worker.pid, 'RssAnon'):.0f} MiB"
            yield _row(home.engine, "memory of an idle worker", idle)
        with Peak(worker.pid) as peak:
            seconds = _hand_in(home, port, keys[tenants[0]], findings)
        peaks[findings] = peak.most
        whole = status(worker.pid, "VmHWM")
        said = (
            f"{seconds:.1f} s from POST to visible; peak of the worker {peak.most:.0f} MiB of its "
            f"own, {whole:.0f} MiB with the pages of files that it mapped"
        )
        yield _row(home.engine, f"import of {findings:,} findings", said)
        if not number:
            yield from _again(home, worker.pid, port, keys[tenants[1]], findings)
        worker.stop()
    small, large = min(peaks), max(peaks)
    if small < large:
        each = (peaks[large] - peaks[small]) * 1024 / (large - small)
        yield _row(home.engine, "memory for each finding more", f"{each:.2f} KiB")
    yield from _at_once(home, platform, tenants, port, extent)
    home.stop()


def _again(home: Home, pid: int, port: int, key: str, findings: int) -> Iterator[Row]:
    """Import upon import by one worker."""
    kept = []
    for _ in range(AFTER_ONE_ANOTHER):
        _hand_in(home, port, key, findings)
        kept.append(f"{status(pid, 'RssAnon'):.0f}")
    what = f"memory of the worker after each of {len(kept)} further imports of {findings:,}"
    yield _row(home.engine, what, f"{', '.join(kept)} MiB")


def _hand_in(home: Home, port: int, key: str, findings: int) -> float:
    image = f"registry.example/bench/one-{findings}-{time.time_ns()}:1"
    report = home.folder / "report.json"
    image_report(report, image, findings)
    pipeline = Pipeline(port, key)
    try:
        began = time.monotonic()
        pipeline.wait([pipeline.hand_in(report)])
        seen = pipeline.visible(image)
        took = time.monotonic() - began
    finally:
        pipeline.close()
    if seen != findings:
        raise NotMeasured(f"{seen} of {findings} findings came in")
    return took


def _at_once(
    home: Home, platform: Platform, tenants: Sequence[str], port: int, extent: Extent
) -> Iterator[Row]:
    """Ten imports into ten tenants, beside one client who reads lists, overviews and assets."""
    home.worker()
    time.sleep(3.0)
    tokens = people.access_tokens(platform, tenants)
    paths: dict[str, list[str]] = {token: [] for token in tokens.values()}
    for _, asked in _groups(platform, tenants, replace(extent, asked=12)):
        for tenant in tenants:
            paths[tokens[tenant]] += asked[tenant][:12]
    alone = load.ask(Load([port], 1, paths, extent.seconds))
    yield _row(home.engine, "one client reads all of it, nothing is imported", str(alone))
    findings = extent.imports[0]
    pipelines = []
    for number in range(AT_ONCE):
        key = people.api_key(platform, tenants[number % len(tenants)])
        report = home.folder / f"report-{number}.json"
        image_report(report, f"registry.example/bench/ten-{number}-{time.time_ns()}:1", findings)
        pipelines.append((Pipeline(port, key), report))
    wanted = Load([port], 1, paths, extent.seconds * 2, warm=0.0)
    began = time.monotonic()
    handed = [(pipeline, pipeline.hand_in(report)) for pipeline, report in pipelines]
    accepted = time.monotonic() - began
    beside = load.ask(wanted)
    for pipeline, one in handed:
        pipeline.wait([one])
        pipeline.close()
    took = time.monotonic() - began
    yield _row(home.engine, f"the same while {AT_ONCE} imports of {findings:,} run", str(beside))
    said = f"{accepted:.1f} s until all are accepted, {took:.0f} s until all are in, one worker"
    yield _row(home.engine, f"these {AT_ONCE} imports", said)
    if took < accepted + wanted.seconds:
        yield _row(home.engine, "note", "they were in before the reading client had ended")


def _assets(platform: Platform, tenant: str) -> list[str]:
    with platform.database.read(of_tenant(tenant)) as work:
        return list(work.run(sa.select(ASSETS.c.id).where(work.mine(ASSETS)).limit(100)).scalars())


def _row(database: str, what: str, result: str) -> Row:
    return {"database": database, "what": what, "measured": result}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--engine", choices=sorted(_HOMES))
    asked = parser.parse_args()
    extent = QUICK if asked.quick else Extent()
    engines = (asked.engine,) if asked.engine else extent.engines
    print(machine())
    for row in measure(replace(extent, keep=asked.keep, engines=engines)):
        print(" | ".join(map(str, row.values())), flush=True)


if __name__ == "__main__":
    main()
