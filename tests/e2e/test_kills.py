"""kill -9 at any moment: nothing acknowledged is lost, nothing happens twice, all is delivered.

A server, a worker and a scheduler run as processes of their own. While pipelines import, people
decide and comment, and a receiver is told of it, one of the three is killed at random and begun
again. Afterwards the database is held against what was promised.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.e2e.acting import Actors, Promises
from tests.e2e.processes import KINDS, Processes
from tests.receiver import Receiver, receiver
from tests.store_fixtures import NOW, Store

from vigie.model.access import Permission, Role
from vigie.services.access.api_keys import new_key
from vigie.services.audit import chains, verify
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import API_KEYS, MEMBERSHIPS, USERS
from vigie.stores.relational.tables.findings import COMMENTS, FINDINGS, HISTORY, SUPPRESSIONS
from vigie.stores.relational.tables.governance import AUDIT
from vigie.stores.relational.tables.operations import IMPORTS, JOBS
from vigie.stores.relational.tables.telling import DELIVERIES
from vigie.wiring.platform import opened
from vigie.wiring.platform_settings import platform_settings

SETTLED = 240.0  # seconds until all that was accepted is done
_SIGNING = "a-secret-of-the-test-that-nobody-else-knows"


@dataclass
class World:
    """A tenant on a store, the processes, those who act, and who is told."""

    store: Store
    tenant: str
    processes: Processes
    actors: Actors
    told: Receiver


@contextmanager
def world(store: Store, folder: Path, seed: str, findings: int) -> Iterator[World]:
    tenant = store.tenant("Acme")
    with receiver() as told:
        own = f"VIGIE_SECRET__{tenant.upper().replace('-', '_')}__"
        environ = {
            "VIGIE_DATA": str(folder), "VIGIE_DATABASE_URL": store.url,
            "VIGIE_OUTBOUND_ALLOWED": "127.0.0.1",
            f"{own}HOOK": told.address, f"{own}SIGNING": _SIGNING,
        }  # fmt: skip
        processes = Processes(store.database, folder, environ)
        actors = Actors(processes, key_of(store, tenant), seed, findings)
        try:
            for kind in KINDS:
                processes.start(kind)
            processes.wait_for_server()
            subscribe(actors)
            yield World(store, tenant, processes, actors, told)
        finally:
            processes.stop()


def key_of(store: Store, tenant: str) -> str:
    """An API key of an owner's pipeline."""
    user, key_id = new_id(), new_id()
    made = new_key(UUID(tenant), UUID(key_id))
    scopes = ["ci", "triage", "read", str(Permission.CHANNELS_WRITE), str(Permission.RULES_WRITE)]
    with store.database.begin(SYSTEM) as work:
        person = {"id": user, "email": "ada@acme.example", "name": "Ada", "created_at": NOW}
        work.run(sa.insert(USERS), [person])
        belongs = {"tenant_id": tenant, "user_id": user, "role": Role.OWNER.value,
                   "created_at": NOW}  # fmt: skip
        work.run(sa.insert(MEMBERSHIPS), [belongs])
    row = {
        "id": key_id, "name": "pipeline", "hash": made.hash, "hint": made.hint, "scopes": scopes,
        "networks": [], "created_by": user, "created_at": NOW, "last_address": "",
    }  # fmt: skip
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(API_KEYS, [row])
    return made.text


def subscribe(actors: Actors) -> None:
    """A webhook for what is new in each import."""
    settings = {"url": "secret://hook", "signing_secret": "secret://signing"}
    body = {"name": "hook", "kind": "webhook", "settings": settings}
    made = actors.insist("POST", "/channels", json=body)
    assert made.status_code == 201, made.text
    rule = {"name": "new ones", "channel_id": made.json()["id"],
            "conditions": {"events": ["finding.new"], "group": "import"}}  # fmt: skip
    made = actors.insist("POST", "/notification-rules", json=rule)
    assert made.status_code == 201, made.text


def torment(made: World, kills: int, chance: random.Random, longest: float) -> None:
    """Kill one of the three at a random moment and begin it again, so often; each of them at
    least once."""
    kinds = [*KINDS, *chance.choices(KINDS, k=kills - len(KINDS))]
    chance.shuffle(kinds)
    for kind in kinds:
        if chance.random() < 0.8:  # most often not while the server only starts
            made.actors.wait_for_change()
        time.sleep(chance.uniform(0.0, longest))
        made.processes.kill(kind)
        made.processes.start(kind)


def settle(made: World) -> None:
    """Until every import that was accepted is done and every message delivered."""
    end = time.monotonic() + SETTLED
    while time.monotonic() < end:
        with made.store.database.read(of_tenant(made.tenant)) as work:
            states = Counter(work.run(sa.select(IMPORTS.c.state).where(work.mine(IMPORTS)))
                             .scalars().all())  # fmt: skip
            waiting = work.run(
                sa.select(DELIVERIES.c.state, DELIVERIES.c.log).where(
                    work.mine(DELIVERIES), DELIVERIES.c.state != "done"
                )
            ).all()
        if set(states) <= {"done"} and not waiting:
            return
        time.sleep(0.2)
    logs = {kind: made.processes.said(kind) for kind in KINDS}
    raise AssertionError(f"not settled: {states}, {waiting[:3]}, {logs}")


def check(made: World) -> str:
    """Hold the database against the promises; how many there were of each."""
    with made.store.database.read(of_tenant(made.tenant)) as work:
        told = [
            _imports(work, made.actors),
            _decisions(work, "single", made.actors.single),
            _decisions(work, "bulk", made.actors.bulk),
            _comments(work, made.actors.comments),
            _deliveries(work, made.told),
        ]
    environ = made.processes.environ
    with opened(platform_settings(environ), environ) as platform:
        for scope in chains(platform.database):
            verdict = verify(platform.database, scope, platform.sealing)
            assert verdict.whole, verdict.problems
    killed = ", ".join(f"{number} {kind}" for kind, number in made.processes.killed.items())
    return f"{made.store.dialect}: killed {killed}; {'; '.join(told)}; the audit log is whole"


def _imports(work: Work, actors: Actors) -> str:
    """Each that was accepted is there once and came in whole, and so did its findings."""
    rows = work.run(sa.select(IMPORTS.c.name, IMPORTS.c.id, IMPORTS.c.summary)
                    .where(work.mine(IMPORTS))).all()  # fmt: skip
    names = Counter(row.name for row in rows)
    assert set(actors.imports.done) <= set(names), "an accepted import is lost"
    assert set(names) <= {*actors.imports.done, *actors.imports.unknown}
    assert set(names.values()) == {1}, "an import was made twice"
    images = {name.split()[0] for name in names}
    findings = work.run(
        sa.select(FINDINGS.c.id, FINDINGS.c.status).where(work.mine(FINDINGS))
    ).all()
    assert len(findings) == len(images) * actors.findings
    history = work.run(
        sa.select(HISTORY.c.finding_id, HISTORY.c.what).where(
            work.mine(HISTORY), HISTORY.c.what.in_(["found", "closed", "reopened"])
        )
    ).all()
    happened = Counter((row.finding_id, row.what) for row in history)
    assert set(happened.values()) == {1}, "something happened to a finding twice"
    kinds = Counter(row.what for row in history)
    assert kinds["found"] == len(findings)
    second = [name for name in names if name.endswith("second")]
    assert kinds["closed"] == len(second)
    assert not kinds["reopened"]
    created = _audited(work, "import.create")
    assert sorted(one["name"] for one in created) == sorted(names)
    query = sa.select(JOBS.c.id).where(work.mine(JOBS), JOBS.c.attempts > 1)
    again = len(work.run(query).all())
    return (
        f"{len(names)} imports ({again} of them begun again), {len(findings)} findings, "
        f"{len(second)} of them closed"
    )


def _decisions(work: Work, kind: str, promises: Promises) -> str:
    """Each that was acknowledged holds for all of its findings, and none of any holds twice."""
    word = f"{kind} decision"
    table = SUPPRESSIONS
    made = Counter(
        work.run(
            sa.select(table.c.reason).where(work.mine(table), table.c.reason.startswith(word))
        ).scalars().all()
    )  # fmt: skip
    triaged = work.run(
        sa.select(HISTORY.c.document).where(work.mine(HISTORY), HISTORY.c.what == "triaged")
    ).scalars()
    history = Counter(one["reason"] for one in triaged.all() if one["reason"].startswith(word))
    audited = Counter(
        one["reason"] for one in _audited(work, "finding.triage") if one["reason"].startswith(word)
    )
    for reason, count in promises.done.items():
        assert made[reason] == history[reason] == count, f"{reason}: {made[reason]} of {count}"
        assert audited[reason] == (1 if count else 0)
    for reason, count in promises.unknown.items():
        assert made[reason] == history[reason], f"{reason} is half there"
        assert (made[reason], audited[reason]) in ((0, 0), (count, 1)), f"{reason} is half there"
    assert set(made) <= {*promises.done, *promises.unknown}
    held = sum(1 for count in promises.done.values() if count)
    happened = sum(1 for reason in promises.unknown if made[reason])
    return (
        f"{held} {word}s acknowledged, {len(promises.unknown)} without an answer "
        f"({happened} of these had happened)"
    )


def _comments(work: Work, promises: Promises) -> str:
    bodies = Counter(
        work.run(sa.select(COMMENTS.c.body).where(work.mine(COMMENTS))).scalars().all()
    )
    assert set(promises.done) <= set(bodies), "an acknowledged comment is lost"
    assert set(bodies.values()) <= {1}, "a comment was written twice"
    return f"{len(bodies)} comments"


def _deliveries(work: Work, told: Receiver) -> str:
    """Every import that brought something was told of at least once."""
    rows = work.run(sa.select(IMPORTS.c.id, IMPORTS.c.summary).where(work.mine(IMPORTS))).all()
    wanted = {f"import/{row.id}" for row in rows if row.summary["new"]}
    came = Counter(request.headers["webhook-id"] for request in told.requests)
    keys = {json.loads(request.body)["data"]["key"] for request in told.requests}
    assert wanted <= keys, "an import was never told of"
    sent = work.run(sa.select(DELIVERIES.c.id).where(work.mine(DELIVERIES))).scalars().all()
    assert len(sent) == len(came) == len(wanted), "a message was written twice or not sent"
    again = sum(count - 1 for count in came.values())
    return f"{len(wanted)} messages delivered, {again} of them again"


def _audited(work: Work, action: str) -> list[dict[str, Any]]:
    query = sa.select(AUDIT.c.detail).where(work.mine(AUDIT), AUDIT.c.action == action)
    return [dict(one) for one in work.run(query).scalars().all()]


def run(store: Store, folder: Path, *, kills: int, findings: int, longest: float) -> str:
    chance = random.Random(f"kills {store.dialect}")
    with world(store, folder, store.dialect, findings) as made:
        made.actors.start()
        try:
            torment(made, kills, chance, longest)
        finally:
            made.actors.stop()
        settle(made)
        assert made.actors.imports.done
        return check(made)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_few_kills_lose_nothing(store: Store, tmp_path: Path) -> None:
    print(run(store, tmp_path, kills=3, findings=20, longest=1.0))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_fifty_kills_lose_nothing(store: Store, tmp_path: Path) -> None:
    print(run(store, tmp_path, kills=50, findings=200, longest=3.0))
