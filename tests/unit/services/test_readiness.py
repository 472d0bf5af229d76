"""A part that does not answer is named, and the others are not doubted for it.

Real servers that die and come back: tests/integration/test_readiness.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.platforms import platform
from tests.store_fixtures import Store

from vigie.model.errors import SourceError
from vigie.services.readiness import parts_of
from vigie.stores.relational.database import Database


class Part:
    """A queue and a cache; raises `error` when it is asked, if there is one."""

    name = "part"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def depth(self) -> int:
        if self.error:
            raise self.error
        return 0

    def get(self, _key: str) -> None:
        if self.error:
            raise self.error


@pytest.mark.parametrize("error", [SourceError("no", retryable=True), OSError("gone")])
@pytest.mark.parametrize("dead", ["queue", "cache", ""])
def test_each_part_speaks_for_itself(
    store: Store, tmp_path: Path, dead: str, error: Exception
) -> None:
    parts: dict[str, Any] = {
        name: Part(error if name == dead else None) for name in ("queue", "cache")
    }
    found = parts_of(platform(store.database, tmp_path / "data", **parts))
    assert found == {name: name != dead for name in ("database", "schema", "queue", "cache")}


def test_a_dead_database_has_no_schema_either(tmp_path: Path) -> None:
    database, part = Database("postgresql://x@127.0.0.1:1/x"), Part()
    found = parts_of(platform(database, tmp_path / "data", queue=part, cache=part))
    assert found == {"database": False, "schema": False, "queue": True, "cache": True}
    database.close()


def test_an_empty_database_has_another_schema(tmp_path: Path) -> None:
    database, part = Database(f"sqlite:///{tmp_path / 'empty.db'}"), Part()
    found = parts_of(platform(database, tmp_path / "data", queue=part, cache=part))
    assert found == {"database": True, "schema": False, "queue": True, "cache": True}
    database.close()
