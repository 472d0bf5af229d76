"""A platform is put together as its settings ask, and does not start where it could not be safe."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.service_fixtures import Server
from tests.store_fixtures import Store

from vigie.model.errors import SourceError, UserError
from vigie.ports.queues import WorkItem
from vigie.stores.relational.ids import new_id
from vigie.wiring.platform import build_platform, close_platform, opened, prepare_folder
from vigie.wiring.platform_settings import PlatformSettings, platform_settings


def settings_of(folder: Path, **environ: str) -> PlatformSettings:
    return platform_settings({f"VIGIE_{name}": value for name, value in environ.items()},
                             data=str(folder))  # fmt: skip


def test_on_a_folder_everything_is_embedded(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "data")
    prepare_folder(settings)
    prepare_folder(settings)  # and again changes nothing
    with opened(settings, {}) as platform:
        assert (platform.queue.name, platform.cache.name) == ("table", "memory")
        assert platform.database.dialect == "sqlite"
        assert platform.sealing.open(platform.sealing.seal("x", "here"), "here") == "x"
        assert platform.database.audit_key
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_folder_keeps_its_key(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    prepare_folder(settings)
    keys = []
    for _ in range(2):
        with opened(settings, {}) as platform:
            keys.append(platform.sealing.key_id)
    assert keys[0] == keys[1]


def test_an_older_schema_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match="the database is at step 0"),
        opened(settings_of(tmp_path), {}),
    ):
        pass


def test_engines_are_used_where_they_are_named(
    store: Store, nats: Server, redis: Server, tmp_path: Path
) -> None:
    settings = settings_of(
        tmp_path, DATABASE_URL=store.url, QUEUE_URL=nats.url, CACHE_URL=redis.url
    )
    kind = f"test-{new_id()}"
    with opened(settings, {}) as platform:
        assert platform.database.dialect == store.dialect
        assert (platform.queue.name, platform.cache.name) == ("nats", "redis")
        item = WorkItem(kind, new_id(), new_id())
        platform.queue.put(item)
        lease = platform.queue.take([kind], 10)
        assert lease is not None
        assert lease.item == item
        lease.done()
        platform.cache.set(kind, b"x", 60)
        assert platform.cache.get(kind) == b"x"


def test_who_owns_the_tables_of_postgresql_is_not_let_in(store: Store, tmp_path: Path) -> None:
    if store.dialect != "postgresql":
        with opened(settings_of(tmp_path, DATABASE_URL=store.owner_url), {}):
            return  # SQLite has no roles, and one person who may read the file
    with (
        pytest.raises(UserError, match="owns the tables"),
        opened(settings_of(tmp_path, DATABASE_URL=store.owner_url), {}),
    ):
        pass


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, DATABASE_URL="postgresql://a:hunter2@127.0.0.1:1/x")
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:1") as caught, opened(settings, {}):
        pass
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("variable", ["QUEUE_URL", "CACHE_URL", "DATABASE_URL"])
def test_an_engine_that_vigie_does_not_know_is_refused(tmp_path: Path, variable: str) -> None:
    settings = settings_of(tmp_path, **{variable: "mysql://user:hunter2@host"})
    with pytest.raises(UserError) as caught:
        close_platform(build_platform(settings, {}))
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


def test_the_security_policy_is_read(tmp_path: Path) -> None:
    (tmp_path / "security.yaml").write_text("password:\n  minimum_length: 20\n")
    settings = settings_of(tmp_path, SECURITY_POLICY=str(tmp_path / "security.yaml"))
    platform = build_platform(settings, {})
    try:
        assert platform.policy.password.minimum_length == 20
    finally:
        close_platform(platform)
