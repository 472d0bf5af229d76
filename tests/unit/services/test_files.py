"""Bodies in the store."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.platforms import START, platform
from tests.store_fixtures import Store

from vigie.model.errors import SourceError
from vigie.services import files
from vigie.services.failures import NotFound, TooLarge
from vigie.services.platform import Platform
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import Scope, of_tenant
from vigie.stores.relational.tables.operations import FILES, PIECES


class Trickle(io.RawIOBase):
    """Gives a few bytes at a time, as a socket does."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 70_001))


@pytest.fixture
def scope(store: Store) -> Scope:
    return of_tenant(store.tenant("acme"))


@pytest.fixture
def running(store: Store, tmp_path: Path) -> Platform:
    return platform(store.database, tmp_path / "data")


def kept(running: Platform, scope: Scope, data: bytes, **more: object) -> files.StoredFile:
    with running.database.begin(scope) as work:
        return files.save(work, Trickle(data), at=START, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "size", [0, 1, files.PIECE, files.PIECE + 1, files.PIECE * 16, files.PIECE * 17 + 5]
)
def test_a_body_comes_back_as_it_was_kept(running: Platform, scope: Scope, size: int) -> None:
    data = hashlib.shake_128(b"body").digest(size)
    file = kept(running, scope, data, name="a.json")
    assert (file.size, file.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert b"".join(files.pieces_of(running, scope, file)) == data
    with files.opened(running, scope, file.id) as path:
        assert path.read_bytes() == data
        assert path.name == "a.json"
    assert not path.parent.exists()


def test_a_body_is_kept_in_pieces(running: Platform, scope: Scope) -> None:
    file = kept(running, scope, b"x" * (files.PIECE * 2 + 1))
    with running.database.read(scope) as work:
        query = sa.select(sa.func.length(PIECES.c.data)).where(work.mine(PIECES))
        found = work.run(query.order_by(PIECES.c.number)).scalars().all()
    assert found == [files.PIECE, files.PIECE, 1], file


def test_what_is_too_large_is_not_kept_at_all(running: Platform, scope: Scope) -> None:
    with pytest.raises(TooLarge, match="big is larger than 1 MiB"):
        kept(running, scope, b"x" * (1 << 20) + b"x", name="big", largest=1 << 20)
    with running.database.read(scope) as work:
        for table in (FILES, PIECES):
            assert work.run(sa.select(table).where(work.mine(table))).all() == []
    assert kept(running, scope, b"x" * (1 << 20), largest=1 << 20).size == 1 << 20


def test_another_tenants_file_is_not_there(running: Platform, scope: Scope, store: Store) -> None:
    file = kept(running, scope, b"secret")
    other = of_tenant(store.tenant("other"))
    with pytest.raises(NotFound), files.opened(running, other, file.id):
        pass
    with pytest.raises(NotFound):
        list(files.pieces_of(running, other, file))
    with running.database.begin(other) as work:
        assert not files.delete(work, file.id)
    assert b"".join(files.pieces_of(running, scope, file)) == b"secret"


@pytest.mark.parametrize("name", ["", "x' OR 1=1", new_id()], ids=["none", "text", "id"])
def test_what_names_no_file_is_not_found(running: Platform, scope: Scope, name: str) -> None:
    with pytest.raises(NotFound), files.opened(running, scope, name):
        pass
    with running.database.begin(scope) as work:
        assert not files.delete(work, name)


def test_a_deleted_file_leaves_no_piece(running: Platform, scope: Scope) -> None:
    file = kept(running, scope, b"x" * files.PIECE * 3)
    with running.database.begin(scope) as work:
        assert files.delete(work, file.id)
        assert work.run(sa.select(PIECES.c.number).where(work.mine(PIECES))).all() == []


def test_files_expire_when_their_time_has_come(running: Platform, scope: Scope) -> None:
    over = kept(running, scope, b"a", expires_at=START)
    later = kept(running, scope, b"b", expires_at=START + timedelta(seconds=1))
    always = kept(running, scope, b"c")
    assert files.expire(running, scope) == 1
    with running.database.read(scope) as work:
        left = set(work.run(sa.select(FILES.c.id).where(work.mine(FILES))).scalars())
    assert left == {later.id, always.id}
    assert over.id not in left


def test_a_damaged_body_is_not_passed_on_as_whole(running: Platform, scope: Scope) -> None:
    file = kept(running, scope, b"x" * 100)
    with running.database.begin(scope) as work:
        work.run(sa.update(PIECES).where(work.mine(PIECES)).values(data=b"y" * 100))
    with (
        pytest.raises(SourceError, match="damaged"),
        files.opened(running, scope, file.id) as path,
    ):
        raise AssertionError(path)


@pytest.mark.parametrize(
    ("said", "safe"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b c.json", "b_c.json"), ("", "file"),
     ("..", "file"), (".hidden", "hidden"), ("a\x00b\n", "a_b_"), ("é.json", "é.json")],
)  # fmt: skip
def test_a_senders_name_makes_a_harmless_file_name(said: str, safe: str) -> None:
    assert files.safe_name(said) == safe
