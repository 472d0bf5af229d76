"""`vigie reset-password`: the first administrator, then new passwords, alone on standard output."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from vigie.faces.cli.main import run
from vigie.services.access.passwords import Passwords
from vigie.stores.relational.database import Database
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import USERS


def hash_of(folder: Path) -> str:
    database = Database(f"sqlite:///{folder}/vigie.db")
    try:
        with database.read(SYSTEM) as work:
            return str(work.run(sa.select(USERS.c.password_hash)).scalar_one())
    finally:
        database.close()


def test_the_first_is_made_and_then_gets_another(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["migrate", "--data", str(tmp_path)], {}) == 0
    passwords = []
    for said in ("is the first administrator", "gets in with"):
        capfd.readouterr()
        assert run(["reset-password", "Ada@Example.org", "--data", str(tmp_path)], {}) == 0
        captured = capfd.readouterr()
        assert said in captured.err
        passwords.append(captured.out.strip())
        assert Passwords().check(hash_of(tmp_path), passwords[-1]).holds
    assert passwords[0] != passwords[1]


def test_who_is_not_there_gets_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["migrate", "--data", str(tmp_path)], {})
    run(["reset-password", "ada@example.org", "--data", str(tmp_path)], {})
    capfd.readouterr()
    assert run(["reset-password", "eve@example.org", "--data", str(tmp_path)], {}) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "nobody has the address eve@example.org" in captured.err


def test_a_folder_without_a_platform_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["reset-password", "a@b", "--data", str(tmp_path)], {}) == 2
    assert "vigie migrate" in capfd.readouterr().err
