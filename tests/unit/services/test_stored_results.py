"""The store gives back the result that went into it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from tests.platforms import START, member, platform
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import (
    CODE,
    flaw,
    package,
    reading,
    secret,
    weakness,
)

from vigie.model.findings import Finding, Status
from vigie.model.runs import Outcome
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.recording import record
from vigie.services.stored_results import Wanted, stored_result
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.findings import FINDINGS

# Kept in another form: when it was seen is the store's, and evidence goes by its digest.
OTHERWISE = {"first_seen", "last_seen", "evidence", "joins", "fingerprints"}
READINGS = [
    reading("grype", flaw("grype", "CVE-2024-1", fixed="1.1"), flaw("grype", "CVE-2024-2")),
    reading("trivy", flaw("trivy", "CVE-2024-1", fixed="1.1")),
    reading("bandit", weakness("bandit", "B602", "a.py", 3), secret("bandit", "b.py", 1,
            value_hash="ab"), asset=CODE, outcome=Outcome.PARTIAL),
]  # fmt: skip


def test_it_is_what_was_concluded(store: Store, tmp_path: Path) -> None:
    tenant = store.tenant("Acme")
    place = platform(store.database, tmp_path)
    record(place, member(tenant), READINGS)
    with store.database.read(of_tenant(tenant)) as work:
        stored = stored_result(work, Wanted(), target="x", at=START)
    fresh = conclude(READINGS, ConcludeOptions(created=START.isoformat()))
    assert [f.fingerprint for f in stored.findings] == [f.fingerprint for f in fresh.findings]
    for one, other in zip(stored.findings, fresh.findings, strict=True):
        for field in fields(Finding):
            if field.name not in OTHERWISE:
                assert getattr(one, field.name) == getattr(other, field.name), field.name
        assert len(one.evidence) == len(other.evidence)
        assert set(other.fingerprints) <= set(one.fingerprints)  # a secret has one more, sealed
    assert stored.summary == fresh.summary
    assert [step.clears for step in stored.plan.steps] == [s.clears for s in fresh.plan.steps]
    assert {run.tool: run.outcome for run in stored.runs} == {
        run.tool: run.outcome for run in fresh.runs
    }
    assert not stored.complete


def test_what_an_asset_holds_comes_with_it(store: Store, tmp_path: Path) -> None:
    tenant = store.tenant("Acme")
    place = platform(store.database, tmp_path)
    record(place, member(tenant), [reading("syft", package("syft", "left-pad", "1.3.0"))])
    with store.database.read(of_tenant(tenant)) as work:
        stored = stored_result(work, Wanted(), target="x", at=START)
        bare = stored_result(work, Wanted(components=False), target="x", at=START)
    assert [(i.component.name, i.component.version, i.sources) for i in stored.components] == [
        ("left-pad", "1.3.0", ("syft",))
    ]
    assert bare.components == ()


def test_another_tenant_has_nothing_of_it(store: Store, tmp_path: Path) -> None:
    tenant, other = store.tenant("Acme"), store.tenant("Other")
    place = platform(store.database, tmp_path)
    recorded = record(place, member(tenant), READINGS)
    ids = tuple(asset.id for asset in recorded.assets)
    with store.database.read(of_tenant(other)) as work:
        for wanted in (Wanted(), Wanted(assets=ids)):
            stored = stored_result(work, wanted, target="x", at=START)
            assert (stored.findings, stored.assets, stored.runs) == ((), (), ())


def test_only_what_is_wanted_and_still_there(store: Store, tmp_path: Path) -> None:
    tenant = store.tenant("Acme")
    place, me = platform(store.database, tmp_path), member(tenant)
    record(place, me, READINGS)
    record(place, me, [reading("grype"), reading("trivy")])  # nothing is left of the image's
    with store.database.read(of_tenant(tenant)) as work:
        left = stored_result(work, Wanted(), target="x", at=START)
        everything = stored_result(work, Wanted(closed=True), target="x", at=START)
        secrets = Wanted(conditions=(FINDINGS.c.kind == "secret",), evidence=False)
        some = stored_result(work, secrets, target="x", at=START)
    assert {f.kind.value for f in left.findings} == {"weakness", "secret"}
    assert sum(f.status is Status.FIXED for f in everything.findings) == 2
    assert [(f.kind.value, f.evidence) for f in some.findings] == [("secret", ())]
