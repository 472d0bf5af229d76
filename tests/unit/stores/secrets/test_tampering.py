"""Somebody who can write the store but has no key: what is found out, and what is not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.stores.secrets.sealed_made import expected, filled, opened, values

from vigie.model.errors import SourceError, UserError, VigieError
from vigie.ports.secrets import SecretRef, SecretValue

REF = SecretRef("slack-token", "acme")
COLUMNS = ("tenant", "name", "version", "created", "wrapped", "sealed")


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "secrets.db")) as connection, connection:
        assert connection.execute(statement, values).rowcount != 0


def column(folder: Path, name: str) -> bytes:
    with closing(sqlite3.connect(folder / "secrets.db")) as connection:
        asked = f"SELECT {name} FROM secret WHERE tenant = 'acme' AND name = 'slack-token'"
        found: bytes = connection.execute(asked).fetchone()[0]
        return found


def refuses(folder: Path) -> str:
    """What it says when the changed secret is asked for; it must not give a value."""
    with pytest.raises(SourceError) as caught:
        opened(folder).get(REF)
    return str(caught.value)


@pytest.mark.parametrize("part", ["wrapped", "sealed"])
def test_each_flipped_byte_is_found_out(tmp_path: Path, part: str) -> None:
    filled(tmp_path)
    whole = column(tmp_path, part)
    put = f"UPDATE secret SET {part} = ? WHERE tenant = 'acme' AND name = 'slack-token'"
    for place in range(len(whole)):
        flipped = whole[:place] + bytes([whole[place] ^ 0x80]) + whole[place + 1 :]
        change(tmp_path, put, flipped)
        assert "tampered" in refuses(tmp_path)
    change(tmp_path, put, whole)
    assert values(opened(tmp_path)) == expected()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE secret SET created = '2020-01-01T00:00:00+00:00' WHERE name = 'slack-token'",
        "UPDATE secret SET version = 2 WHERE tenant = 'acme' AND name = 'slack-token'",
        "UPDATE secret SET name = 'sleck-token' WHERE tenant = 'globex' AND name = 'slack-token'",
        "DELETE FROM secret WHERE tenant = 'acme' AND name = 'slack-token'",
        "DELETE FROM secret WHERE tenant = 'globex' AND name = 'smtp'",
        "DELETE FROM secret WHERE tenant = '' AND name = 'smtp' AND version = 2",
        (
            "INSERT INTO secret SELECT tenant, 'new', version, created, wrapped, sealed"
            " FROM secret WHERE name = 'smtp' AND version = 1"
        ),
        "UPDATE keeping SET generation = generation - 1",
        "UPDATE keeping SET generation = generation + 1",
        "UPDATE keeping SET salt = x'00'",
        "UPDATE keeping SET memory = 1",
        "UPDATE keeping SET signature = x''",
        "DELETE FROM keeping",
        "PRAGMA user_version = 2",
        "DROP TABLE secret",
    ],
)
def test_a_changed_list_is_found_out(tmp_path: Path, statement: str) -> None:
    filled(tmp_path)
    change(tmp_path, statement)
    refuses(tmp_path)
    with pytest.raises(SourceError):
        opened(tmp_path).names("acme")
    # Nothing that is written afterwards makes it look right.
    for attempt in (
        lambda: opened(tmp_path).put(SecretRef("x"), SecretValue("y")),
        lambda: opened(tmp_path).remove(SecretRef("smtp")),
        lambda: opened(tmp_path).rotate(),
    ):
        with pytest.raises(SourceError):
            attempt()
    refuses(tmp_path)


@pytest.mark.parametrize(
    ("where", "other"),
    [
        ("tenant = 'acme' AND name = 'slack-token'", "tenant = 'globex' AND name = 'slack-token'"),
        ("tenant = 'acme' AND name = 'slack-token'", "tenant = 'acme' AND name = 'smtp'"),
        ("tenant = '' AND name = 'smtp' AND version = 1", "name = 'smtp' AND version = 2"),
    ],
    ids=["between tenants", "between names", "between versions"],
)
@pytest.mark.parametrize("parts", [("wrapped", "sealed"), ("wrapped",), ("sealed",)], ids=str)
def test_exchanged_rows_are_found_out(
    tmp_path: Path, where: str, other: str, parts: tuple[str, ...]
) -> None:
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "secrets.db")) as connection, connection:
        for part in parts:
            (mine,) = connection.execute(f"SELECT {part} FROM secret WHERE {where}").fetchone()
            (theirs,) = connection.execute(f"SELECT {part} FROM secret WHERE {other}").fetchone()
            connection.execute(f"UPDATE secret SET {part} = ? WHERE {where}", (theirs,))
            connection.execute(f"UPDATE secret SET {part} = ? WHERE {other}", (mine,))
    for tenant, name, version in (("acme", "slack-token", 0), ("", "smtp", 1)):
        if f"'{name}'" in where:
            with pytest.raises(SourceError, match="tampered"):
                opened(tmp_path).get(SecretRef(name, tenant, version))


def test_a_damaged_value_leaves_the_others_readable_and_can_be_set_anew(tmp_path: Path) -> None:
    filled(tmp_path)
    flipped = bytearray(column(tmp_path, "sealed"))
    flipped[12] ^= 1
    put = "UPDATE secret SET sealed = ? WHERE tenant = 'acme' AND name = 'slack-token'"
    change(tmp_path, put, bytes(flipped))
    backend = opened(tmp_path)
    assert "version 1 of slack-token" in refuses(tmp_path)
    found = backend.get(SecretRef("slack-token", "globex"))
    assert found is not None
    backend.put(REF, SecretValue("anew"))
    again = backend.get(REF)
    assert again is not None
    assert again.reveal() == "anew"


def test_a_column_of_another_type_is_found_out(tmp_path: Path) -> None:
    filled(tmp_path)
    for statement in (
        "CREATE TABLE loose AS SELECT * FROM secret",
        "UPDATE loose SET version = 'one'",
        "DROP TABLE secret",
        "ALTER TABLE loose RENAME TO secret",
    ):
        change(tmp_path, statement)
    assert "another type" in refuses(tmp_path)


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9])
def test_a_truncated_file_is_found_out(tmp_path: Path, keep: float) -> None:
    filled(tmp_path)
    path = tmp_path / "secrets.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    assert "cannot be read" in refuses(tmp_path)
    with pytest.raises(SourceError):
        opened(tmp_path).put(REF, SecretValue("x"))


def test_another_stores_file_is_found_out(tmp_path: Path) -> None:
    filled(tmp_path / "mine")
    filled(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "secrets.db", tmp_path / "mine" / "secrets.db")
    with pytest.raises(UserError, match="not the one"):
        opened(tmp_path / "mine").get(REF)


def emptied(folder: Path) -> None:
    change(folder, "DELETE FROM secret")
    change(folder, "DELETE FROM keeping")


@pytest.mark.parametrize(
    "back",
    [
        lambda folder: shutil.copy(folder / "old", folder / "secrets.db"),
        lambda folder: (folder / "secrets.db").unlink(),
        emptied,
    ],
    ids=["an older copy", "taken away", "emptied"],
)
def test_going_back_is_found_out_by_who_has_seen_the_newer(
    tmp_path: Path, back: Callable[[Path], object]
) -> None:
    running = filled(tmp_path)
    shutil.copy(tmp_path / "secrets.db", tmp_path / "old")
    running.put(REF, SecretValue("newer"))
    back(tmp_path)
    for attempt in (
        lambda: running.get(REF),
        lambda: running.names("acme"),
        lambda: running.remove(REF),
    ):
        with pytest.raises(VigieError):
            attempt()


def test_going_back_is_not_found_out_by_who_starts_afterwards(tmp_path: Path) -> None:
    """Honest about a limit: nothing outside the file remembers how far it had come."""
    backend = filled(tmp_path)
    old = shutil.copy(tmp_path / "secrets.db", tmp_path / "old")
    backend.put(REF, SecretValue("newer"))
    shutil.copy(old, tmp_path / "secrets.db")
    found = opened(tmp_path).get(REF)
    assert found is not None
    assert found.reveal() == "slack-token of acme"


def test_one_row_of_an_older_copy_is_found_out(tmp_path: Path) -> None:
    """The version that was there before, with its own right seals: the list tells."""
    backend = filled(tmp_path)
    shutil.copy(tmp_path / "secrets.db", tmp_path / "old")
    backend.remove(REF)
    backend.put(REF, SecretValue("newer"))
    names = ", ".join(COLUMNS)
    with closing(sqlite3.connect(tmp_path / "secrets.db")) as connection, connection:
        connection.execute("ATTACH ? AS old", (str(tmp_path / "old"),))
        connection.execute(
            f"INSERT OR REPLACE INTO secret({names}) SELECT {names} FROM old.secret"
            " WHERE tenant = 'acme' AND name = 'slack-token'"
        )
    assert "put back" in refuses(tmp_path)
