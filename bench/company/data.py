"""Fills a database with a made-up company: what the figures of the platform are measured on.

    python -m bench.company.data sqlite:////tmp/vigie.db
    python -m bench.company.data postgresql://vigie_app:…@127.0.0.1/vigie

The schema must be there (`vigie migrate`), and of PostgreSQL the application's own role is
given: it inserts as every tenant in turn, held by row-level security like the server itself.
The same arguments give the same rows, ids included. The rows are what an import would leave
behind: each tally is counted from the findings that it stands for.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa
from psycopg import sql

from vigie.stores.relational.database import Database
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.assets import (
    ASSET_COMPONENTS,
    ASSET_LABELS,
    ASSETS,
    COMPONENTS,
    RUNS,
)
from vigie.stores.relational.tables.findings import FINDINGS, HISTORY, RULES, TALLIES

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SEVERITIES = ("unknown", "none", "low", "medium", "high", "critical")  # by their rank
_DECISIONS = ("accept", "watch", "plan", "act now")
_ECOSYSTEMS = ("deb", "npm", "pypi", "maven", "golang", "rpm")
WORDS = (
    "ssl", "crypto", "image", "json", "http", "xml", "log", "core", "util", "parser", "client",
    "server", "cache", "graph", "stream", "net", "auth", "token", "proxy", "queue", "yaml", "zip",
    "font", "media", "kernel", "shell", "agent", "mail", "time", "unit", "regex",
)  # fmt: skip
STACKS = ("openssl", "log4j", "curl", "glibc", "lodash", "django", "spring", "netty", "zlib")
_FLAWS = ("Buffer overflow", "Denial of service", "Request smuggling", "Path traversal",
          "Deserialisation of untrusted data", "Open redirect", "Integer overflow")  # fmt: skip
_CHECKS = ("Root user in container", "Bucket readable by everybody", "Hard-coded password",
           "Query built from input", "Port open to the world", "Key without rotation")  # fmt: skip
TEAMS = ("", "payments", "platform", "data", "mobile")
_CHUNK = 20_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much: findings in all, spread evenly over assets, these over tenants."""

    findings: int = 1_000_000
    assets: int = 2_000
    tenants: int = 20
    rules: int = 2_500  # of each tenant
    components: int = 3_000

    @property
    def assets_each(self) -> int:
        return self.assets // self.tenants

    @property
    def findings_each(self) -> int:
        return self.findings // self.assets


def tenant_id(number: int) -> str:
    """The id of the tenant of this number, from 0."""
    return str(_uuid(random.Random(f"tenant {number}")))


def fill(database: Database, size: Size = Size(), *, say: Any = None) -> None:
    """Write everything, a tenant at a time."""
    for number in range(size.tenants):
        began = time.monotonic()
        tenant = tenant_id(number)
        name = f"Tenant {number + 1}"
        row = {"id": tenant, "name": name, "slug": f"tenant-{number + 1}", "created_at": NOW}
        with database.begin(SYSTEM) as work:
            work.run(sa.insert(TENANTS), [row])
        company = _Company(number, tenant, size)
        for table, rows in company.tables():
            _write(database, tenant, table, rows)
        if say is not None:
            say(f"{name}: {time.monotonic() - began:.1f} s")
    _settle(database)


def is_empty(database: Database) -> bool:
    """Whether nothing was filled in yet."""
    with database.read(of_tenant(tenant_id(0))) as work:
        found = work.run(sa.select(TENANTS.c.id).where(TENANTS.c.id == tenant_id(0))).first()
    return found is None


class _Company:
    """One tenant's rows. Everything comes from a generator seeded with its number."""

    def __init__(self, number: int, tenant: str, size: Size) -> None:
        self.chance = random.Random(f"company {number}")
        self.tenant = tenant
        self.size = size
        self.assets = [self._asset(n) for n in range(size.assets_each)]
        self.rules = [self._rule(n) for n in range(size.rules)]
        self.components = [self._component(n) for n in range(size.components)]
        self.tallies: list[Row] = []
        self.history: list[Row] = []
        self.holds: list[Row] = []

    def tables(self) -> Iterator[tuple[sa.Table, Iterator[Row]]]:
        """Each table and its rows, in an order that the references between them allow."""
        yield ASSETS, iter(self.assets)
        yield ASSET_LABELS, self._labels()
        yield RULES, iter(self.rules)
        yield COMPONENTS, iter(self.components)
        yield RUNS, self._runs()
        yield FINDINGS, self._findings()
        yield HISTORY, iter(self.history)
        yield TALLIES, iter(self.tallies)
        yield ASSET_COMPONENTS, iter(self.holds)

    def _asset(self, number: int) -> Row:
        kind = ("image", "repository", "host", "account")[number % 4]
        name = f"registry.example/{self.chance.choice(WORDS)}/{self.chance.choice(WORDS)}-{number}"
        return {
            "id": self._id(), "kind": kind, "key": f"{kind} {name}", "name": name,
            "owner": TEAMS[number % len(TEAMS)],
            "exposure": ("open", "controlled", "small", "unknown")[number % 4],
            "criticality": ("high", "medium", "low", "unknown")[number // 4 % 4],
            "distro": "debian-12" if kind == "image" else "", "digests": [], "tags": [],
            "labels": {"env": ("prod", "test")[number % 2]},
            "search": f"{name} env prod" if number % 2 == 0 else f"{name} env test",
            "first_seen": NOW - timedelta(days=300), "last_seen": NOW, "looked_at": NOW,
            "content": 1,
        }  # fmt: skip

    def _labels(self) -> Iterator[Row]:
        for asset in self.assets:
            for key, value in asset["labels"].items():
                yield {"asset_id": asset["id"], "key": key, "value": value}

    def _rule(self, number: int) -> Row:
        kind = "vulnerability" if number % 5 else ("misconfiguration", "weakness", "secret")[
            number // 5 % 3
        ]  # fmt: skip
        if kind == "vulnerability":
            name = f"CVE-{2015 + number % 11}-{10_000 + number}"
            title = f"{self.chance.choice(_FLAWS)} in {self._package()}"
            aliases = [f"GHSA-{self.chance.getrandbits(40):010x}"]
        else:
            name, title, aliases = f"CHECK-{number}", self.chance.choice(_CHECKS), []
        about = {
            "description": f"{title}. " + "What it is and who can use it against you. " * 12,
            "references": [f"https://advisories.example/{name}"],
        }
        return {
            "id": self._id(), "key": f"{kind} {name}", "name": name, "title": title,
            "aliases": aliases, "document": about,
            "search": " ".join((name, *aliases, title)).lower(),
        }  # fmt: skip

    def _component(self, number: int) -> Row:
        type_ = _ECOSYSTEMS[number % len(_ECOSYSTEMS)]
        name, version = (
            f"{self._package()}-{number % 700}",
            f"{number % 9}.{number % 23}.{number % 7}",
        )
        purl = f"pkg:{type_}/{name}@{version}"
        return {
            "id": self._id(), "key": f"{type_} {name} {version}", "type": type_, "name": name,
            "version": version, "purl": purl, "licences": ["MIT"],
            "search": f"{name} {version} {purl}", "first_seen": NOW - timedelta(days=300),
        }  # fmt: skip

    def _package(self) -> str:
        if self.chance.random() < 0.15:
            return self.chance.choice(STACKS)
        return f"{self.chance.choice(WORDS)}{self.chance.choice(WORDS)}"

    def _runs(self) -> Iterator[Row]:
        for asset in self.assets:
            for tool in ("trivy", "grype"):
                yield {
                    "id": self._id(), "asset_id": asset["id"], "tool": tool, "version": "1.0",
                    "format": tool, "outcome": "complete", "records": 500, "observations": 500,
                    "document": {}, "at": NOW,
                }  # fmt: skip

    def _findings(self) -> Iterator[Row]:
        chance = self.chance
        for asset in self.assets:
            counted: Counter[tuple[Any, ...]] = Counter()
            installed = chance.sample(self.components, min(200, len(self.components)))
            self.holds += [
                {"asset_id": asset["id"], "component_id": component["id"], "direct": None,
                 "sources": ["trivy"], "paths": [], "last_seen": NOW}
                for component in installed
            ]  # fmt: skip
            rules = chance.choices(self.rules, k=self.size.findings_each)
            for number, rule in enumerate(rules):
                finding = self._finding(asset, rule, chance.choice(installed), number)
                counted[tuple(finding[name] for name in _TALLIED)] += 1
                self.history.append(
                    {"id": self._id(), "finding_id": finding["id"], "what": "found",
                     "actor": "import", "at": finding["first_seen"]}
                )  # fmt: skip
                yield finding
            for values, count in counted.items():
                tally = dict(zip(_TALLIED, values, strict=True))
                self.tallies.append({"asset_id": asset["id"], **tally, "count": count})

    def _finding(self, asset: Row, rule: Row, component: Row, number: int) -> Row:
        chance = self.chance
        kind = rule["key"].partition(" ")[0]
        of_package = kind == "vulnerability"
        severity = chance.choices(range(6), (2, 3, 25, 40, 22, 8))[0]
        score = round(min(100.0, severity * 15 + chance.random() * 25), 1)
        decision = 3 if score > 88 else 2 if score > 65 else 1 if score > 25 else 0
        status = chance.choices(
            ("open", "under_investigation", "not_affected", "fixed", "suppressed"),
            (70, 3, 5, 17, 5),
        )[0]
        seen = NOW - timedelta(minutes=chance.randrange(300 * 1440))
        fixed = of_package and chance.random() < 0.6
        return {
            "id": self._id(), "asset_id": asset["id"], "rule_id": rule["id"],
            "component_id": component["id"] if of_package else None,
            "fingerprint": f"{chance.getrandbits(160):040x}", "kind": kind, "severity": severity,
            "decision": decision, "score": score, "status": status,
            "counts": status in ("open", "under_investigation"), "fixable": fixed,
            "fix_version": "9.9.9" if fixed else "",
            "kev": (severity == 5 and chance.random() < 0.1) if of_package else None,
            "epss": round(chance.random() ** 4, 4) if of_package else None,
            "place": f"/srv/app/{number}", "sources": ["trivy", "grype"][: 1 + number % 2],
            "first_seen": seen, "last_seen": NOW,
            "closed_at": NOW if status == "fixed" else None,
            "digest": f"{number:032x}", "document": self._document(rule, component, severity),
        }  # fmt: skip

    def _document(self, rule: Row, component: Row, severity: int) -> Row:
        return {
            "rule": {"id": rule["name"], "title": rule["title"], "aliases": rule["aliases"]},
            "component": {"name": component["name"], "version": component["version"]},
            "severity": _SEVERITIES[severity], "severity_source": "nvd",
            "severities": {"trivy": _SEVERITIES[severity], "grype": _SEVERITIES[severity]},
            "fix": {"state": "fixed", "versions": ["9.9.9"]},
            "message": "What the tools said about it, in as many words as they need. " * 6,
        }  # fmt: skip

    def _id(self) -> str:
        return str(_uuid(self.chance))


_TALLIED = ("kind", "severity", "decision", "status", "fixable")


def _uuid(chance: random.Random) -> UUID:
    """A UUIDv7 of some moment of the year before."""
    millisecond = int(NOW.timestamp() * 1000) - chance.randrange(300 * 86_400_000)
    value = millisecond << 80 | 7 << 76 | chance.getrandbits(12) << 64
    return UUID(int=value | 2 << 62 | chance.getrandbits(62))


def _write(database: Database, tenant: str, table: sa.Table, rows: Iterator[Row]) -> None:
    """Into the table. Every row of one table names the same columns."""
    names: Sequence[str] = ()
    chunk: list[list[Any]] = []
    for row in rows:
        names = names or ("tenant_id", *row)
        chunk.append([tenant, *row.values()])
        if len(chunk) == _CHUNK:
            _send(database, tenant, table, names, chunk)
            chunk = []
    if chunk:
        _send(database, tenant, table, names, chunk)


def _send(
    database: Database, tenant: str, table: sa.Table, names: Sequence[str], rows: list[list[Any]]
) -> None:
    plain = [[_plain(table.c[n], v, database.dialect) for n, v in zip(names, row, strict=True)]
             for row in rows]  # fmt: skip
    with database.begin(of_tenant(tenant)) as work:
        driver: Any = work.connection.connection.driver_connection
        if database.dialect == "sqlite":
            marks = ", ".join("?" * len(names))
            columns = ", ".join(names)
            driver.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", plain)
        else:
            _copy(driver, table.name, names, plain)


def _copy(
    driver: psycopg.Connection[Any], table: str, names: Sequence[str], rows: list[list[Any]]
) -> None:
    """COPY is refused on a table with row security, so it goes through one without."""
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    into, staging = sql.Identifier(table), sql.Identifier(f"staging_{table}")
    with driver.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                staging, columns, into
            )
        )
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staging, columns)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(into, columns, columns, staging)
        )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _plain(column: sa.Column[Any], value: Any, dialect: str) -> Any:
    """As the driver takes it: what the column types of the stores do, without their cost."""
    if isinstance(value, (dict, list)):
        return msgspec.json.encode(value).decode()
    if dialect == "sqlite":
        if isinstance(value, datetime):
            return (value - _EPOCH) // _MICROSECOND
        if isinstance(column.type, sa.Uuid) and value is not None:
            return value.replace("-", "")
    return value


def _settle(database: Database) -> None:
    """What a database that has run for a while has done by itself: statistics, visibility."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if database.dialect == "sqlite":
            driver.execute("PRAGMA optimize=0x10002")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("url", help="the database, as VIGIE_DATABASE_URL names it")
    for name in ("findings", "assets", "tenants"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size(), name))
    asked = parser.parse_args()
    database = Database(asked.url)
    began = time.monotonic()
    fill(database, Size(asked.findings, asked.assets, asked.tenants), say=print)
    database.close()
    print(f"{asked.findings:,} findings in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
