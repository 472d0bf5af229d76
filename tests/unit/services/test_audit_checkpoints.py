"""Checkpoints lie where the database's owner cannot reach, and say what stood in the log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from tests.platforms import platform
from tests.store_fixtures import Store

from vigie.model.errors import UserError
from vigie.services import audit_checkpoints as checkpoints
from vigie.services.audit import head_key
from vigie.services.failures import NotFound
from vigie.services.platform import Platform
from vigie.services.sealing import Sealing
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant

SEALING = Sealing(bytes(range(32)))


@pytest.fixture
def house(store: Store, tmp_path: Path) -> tuple[Platform, str]:
    store.database.audit_key = head_key(SEALING)
    made = replace(platform(store.database, tmp_path / "data"), sealing=SEALING)
    tenant = store.tenant("One")
    note(made, tenant)
    return made, tenant


def note(made: Platform, tenant: str) -> None:
    with made.database.begin(of_tenant(tenant)) as work:
        work.audit(Entry("x"))


def test_what_is_signed_is_in_the_file_and_in_the_log(house: tuple[Platform, str]) -> None:
    running, tenant = house
    with structlog.testing.capture_logs() as said:
        signed = checkpoints.sign_all(running)
    assert [(one.chain, one.seq) for one in signed] == [(tenant, 1)]
    assert checkpoints.read(running.folder / checkpoints.FILE) == signed
    assert [(line["event"], line["chain"]) for line in said] == [("audit.checkpoint", tenant)]
    assert checkpoints.sign_all(running) == []
    note(running, tenant)
    signed += checkpoints.sign_all(running)
    assert checkpoints.read(running.folder / checkpoints.FILE) == signed
    assert (running.folder / checkpoints.FILE).stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_off_is_passed_over(house: tuple[Platform, str]) -> None:
    running, _ = house
    file = running.folder / checkpoints.FILE
    signed = checkpoints.sign_all(running)
    with file.open("ab") as out:
        out.write(b'{"chain": "01')
    assert checkpoints.read(file) == signed
    file.write_bytes(b'{"chain": "01\n')
    with pytest.raises(UserError):
        checkpoints.read(file)


def test_what_is_too_large_is_refused(
    house: tuple[Platform, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, _ = house
    checkpoints.sign_all(running)
    monkeypatch.setattr(checkpoints, "_LARGEST", 10)
    with pytest.raises(UserError):
        checkpoints.read(running.folder / checkpoints.FILE)


def test_chains_are_found_by_name(house: tuple[Platform, str]) -> None:
    running, tenant = house
    assert checkpoints.scopes_of(running, "") == [SYSTEM, of_tenant(tenant)]
    assert checkpoints.scopes_of(running, "platform") == [SYSTEM]
    assert checkpoints.scopes_of(running, "one") == [of_tenant(tenant)]
    assert checkpoints.scopes_of(running, tenant) == [of_tenant(tenant)]
    for wrong in ("two", new_id()):
        with pytest.raises(NotFound):
            checkpoints.scopes_of(running, wrong)


def test_a_chain_that_is_gone_is_missed(house: tuple[Platform, str]) -> None:
    running, tenant = house
    [signed] = checkpoints.sign_all(running)
    scopes = checkpoints.scopes_of(running, "")
    assert all(v.whole for v in checkpoints.verify_all(running, scopes, [signed]))
    lost = replace(signed, chain=new_id())
    found = checkpoints.verify_all(running, [of_tenant(tenant)], [signed, lost])
    assert [(v.chain, v.whole) for v in found] == [(tenant, True), (lost.chain, False)]
