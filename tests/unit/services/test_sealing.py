"""The platform's key: one for a database, however many processes begin it together."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.store_fixtures import Store

from vigie.model.errors import SourceError, UserError
from vigie.services.sealing import Sealing, open_sealing
from vigie.wiring.secrets import secrets_of

TOGETHER = 6


def test_processes_that_start_together_begin_with_one_key(store: Store, tmp_path: Path) -> None:
    databases = [store.another() for _ in range(TOGETHER)]
    start = threading.Barrier(TOGETHER)

    def begin(number: int) -> str:
        secrets = secrets_of(tmp_path, {})
        start.wait(30)
        return open_sealing(databases[number], secrets).key_id

    with ThreadPoolExecutor(TOGETHER) as threads:
        begun = set(threads.map(begin, range(TOGETHER)))
    assert begun == {open_sealing(store.database, secrets_of(tmp_path, {})).key_id}


def test_a_folder_without_the_key_is_refused_and_gets_none(store: Store, tmp_path: Path) -> None:
    open_sealing(store.database, secrets_of(tmp_path / "first", {}))
    for _ in range(2):
        with pytest.raises(UserError, match="another platform key"):
            open_sealing(store.database, secrets_of(tmp_path / "second", {}))


def test_what_is_sealed_opens_at_its_place_alone(store: Store, tmp_path: Path) -> None:
    sealing = open_sealing(store.database, secrets_of(tmp_path, {}))
    sealed = sealing.seal("totp", "user/1")
    assert sealing.open(sealed, "user/1") == "totp"
    for other, place in ((sealing, "user/2"), (Sealing(b"k" * 32), "user/1")):
        with pytest.raises(SourceError):
            other.open(sealed, place)
