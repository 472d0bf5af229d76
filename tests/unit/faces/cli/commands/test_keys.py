"""`vigie keys`: shown, and replaced in an emergency, with an entry of who did it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from vigie.faces.cli.main import run
from vigie.stores.relational.database import Database
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import SIGNING_KEYS
from vigie.stores.relational.tables.governance import AUDIT


def rows(folder: Path, query: Any) -> Sequence[Any]:
    database = Database(f"sqlite:///{folder}/vigie.db")
    try:
        with database.read(SYSTEM) as work:
            return work.run(query).all()
    finally:
        database.close()


def kids(folder: Path, capfd: pytest.CaptureFixture[str], *words: str) -> list[str]:
    capfd.readouterr()
    assert run(["keys", *words, "--data", str(folder)], {}) == 0
    return [line.split()[0] for line in capfd.readouterr().out.splitlines()]


def test_rotated_every_old_key_is_gone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--data", str(tmp_path)], {}) == 0
    [first] = kids(tmp_path, capfd)
    assert kids(tmp_path, capfd) == [first]
    [second] = kids(tmp_path, capfd, "rotate")
    assert second != first
    assert kids(tmp_path, capfd, "list") == [second]
    stored = rows(tmp_path, sa.select(SIGNING_KEYS))
    assert {row.kid: bool(row.private_key) for row in stored} == {first: False, second: True}
    told = rows(tmp_path, sa.select(AUDIT.c.action, AUDIT.c.actor, AUDIT.c.subject_id).order_by(
        AUDIT.c.seq))  # fmt: skip
    assert [tuple(row) for row in told][-3:] == [
        ("signing-key.create", "platform", second), ("signing-key.retire", "platform", first),
        ("signing-key.replace-all", "command line", ""),
    ]  # fmt: skip


def test_another_word_changes_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["migrate", "--data", str(tmp_path)], {})
    [first] = kids(tmp_path, capfd)
    assert run(["keys", "rotat", "--data", str(tmp_path)], {}) == 2
    assert "'rotat'" in capfd.readouterr().err
    assert kids(tmp_path, capfd) == [first]
