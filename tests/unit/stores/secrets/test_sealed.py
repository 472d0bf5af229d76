"""The sealed store: its files, its versions, its rotation, and several processes at once."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.stores.secrets.sealed_made import (
    NAMES,
    expected,
    filled,
    opened,
    started,
    values,
)

from vigie.model.errors import SourceError, UserError
from vigie.ports.secrets import SecretRef, SecretValue

REF = SecretRef("slack-token")


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def killed(process: subprocess.Popen[str]) -> None:
    _, err = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, err


def test_its_files_are_for_its_owner_only(tmp_path: Path) -> None:
    filled(tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"secrets.db": 0o600, "master.key": 0o600}


def test_files_beside_it_while_it_is_open_are_too(tmp_path: Path) -> None:
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "secrets.db")) as reader:
        reader.execute("SELECT * FROM secret").fetchone()
        opened(tmp_path).put(REF, SecretValue("x"))
        beside = {path.name for path in tmp_path.iterdir()}
        assert "secrets.db-wal" in beside
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_backup_without_the_key_holds_no_value(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    backend = filled(data)
    for number in range(3):
        backend.put(REF, SecretValue(f"the-tell-tale-value-{number}"))
    backend.remove(SecretRef("tls-key"))
    backend.rotate()
    shutil.copytree(data, backup, ignore=shutil.ignore_patterns("master.key"))
    kept = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    assert b"slack-token" in kept  # names are not hidden, and this shows that we looked
    assert b"tell-tale" not in kept
    assert b" of acme" not in kept
    with pytest.raises(UserError, match="master key"):
        opened(backup).get(REF)
    assert not (backup / "master.key").exists()  # none is made in its place


def test_versions_are_kept_listed_and_removed(tmp_path: Path) -> None:
    backend = opened(tmp_path)
    for number in (1, 2, 3):
        assert backend.put(REF, SecretValue(f"v{number}")).version == number
    assert backend.remove(SecretRef("slack-token", version=2))
    assert not backend.remove(SecretRef("slack-token", version=2))
    assert [info.version for info in backend.versions(REF)] == [3, 1]
    assert all(info.created.endswith("+00:00") for info in backend.versions(REF))
    first = backend.get(SecretRef("slack-token", version=1))
    assert first is not None
    assert first.reveal() == "v1"
    assert backend.get(SecretRef("slack-token", version=2)) is None
    with pytest.raises(UserError, match="newest"):
        backend.remove(SecretRef("slack-token", version=3))
    assert backend.put(REF, SecretValue("v4")).version == 4


def test_a_rotation_changes_the_key_and_no_value(tmp_path: Path) -> None:
    backend = filled(tmp_path)
    before, key = rows(tmp_path), (tmp_path / "master.key").read_text()
    done = backend.rotate()
    assert done.count == len(before) == 10
    assert (tmp_path / "master.key").read_text() != key
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.key", "secrets.db"]
    assert values(backend) == values(opened(tmp_path)) == expected()
    for old, new in zip(before, rows(tmp_path), strict=True):
        assert old[:4] == new[:4]
        assert old[4] != new[4]
        assert old[5] == new[5]
    (tmp_path / "master.key").write_text(key)
    with pytest.raises(UserError, match="not the one"):
        opened(tmp_path).get(REF)


def rows(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "secrets.db")) as connection:
        asked = "SELECT tenant, name, version, created, wrapped, sealed FROM secret ORDER BY 1,2,3"
        return connection.execute(asked).fetchall()


def test_a_running_platform_follows_a_rotation_elsewhere(tmp_path: Path) -> None:
    running = filled(tmp_path)
    assert values(running) == expected()
    opened(tmp_path).rotate()
    assert values(running) == expected()
    running.put(REF, SecretValue("later"))
    found = opened(tmp_path).get(REF)
    assert found is not None
    assert found.reveal() == "later"


DYING = {
    "after the key was made": "made = _master.Masters.fresh\n"
    "_master.Masters.fresh = lambda self: (made(self), die())\n",
    "with half of the keys wrapped": "count = []; wrap = _envelope.rewrap\n"
    "_envelope.rewrap = lambda *a: (count.append(1), len(count) > 4 and die(), wrap(*a))[2]\n",
    "before it was committed": "keep = _vault.Vault.keep\n"
    "_vault.Vault.keep = lambda *a: (keep(*a), die())\n",
    "before the key is in its place": "count = []; settle = _master.Masters.settle\n"
    "_master.Masters.settle = lambda *a: (count.append(1), len(count) > 1 and die(),"
    " settle(*a))[2]\n",
    "after the key is in its place": "count = []; sync = _master._sync\n"
    "_master._sync = lambda *a: (sync(*a), count.append(1), len(count) > 1 and die())\n",
}


@pytest.mark.parametrize("when", DYING)
def test_killed_in_the_middle_of_a_rotation_it_still_opens(tmp_path: Path, when: str) -> None:
    running = filled(tmp_path)
    killed(started(DYING[when] + "backend.rotate()", tmp_path))
    assert values(opened(tmp_path)) == expected()
    assert values(running) == expected()
    running.put(SecretRef("after"), SecretValue("x"))  # brings everything to its place
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.key", "secrets.db"]
    assert values(opened(tmp_path)) == expected()
    opened(tmp_path).rotate()
    assert values(running) == expected()


@pytest.mark.parametrize(
    "program",
    [
        "made = _master._made\n_master._made = lambda *a: (made(*a), die())\n",
        "keep = _vault.Vault.keep\n_vault.Vault.keep = lambda *a: (keep(*a), die())\n",
    ],
    ids=["after the first key", "before the first commit"],
)
def test_killed_at_its_first_use_it_begins_again(tmp_path: Path, program: str) -> None:
    killed(started(program + "backend.put(SecretRef('a'), SecretValue('x'))", tmp_path))
    backend = opened(tmp_path)
    assert backend.get(SecretRef("a")) is None
    key = (tmp_path / "master.key").read_text()
    assert backend.put(SecretRef("a"), SecretValue("y")).version == 1
    assert (tmp_path / "master.key").read_text() == key


def test_several_processes_write_read_and_rotate_at_once(tmp_path: Path) -> None:
    write = (
        "for n in range(12):\n"
        "    backend.put(SecretRef('shared'), SecretValue(f'{sys.argv[2]}-{n}'))\n"
        "    mine = backend.put(SecretRef(f'own-{sys.argv[2]}'), SecretValue(str(n)))\n"
        "    assert backend.get(SecretRef(mine.name)).reveal() == str(n)\n"
    )
    turn = "for n in range(6):\n    backend.put(SecretRef('t'), SecretValue('x')); backend.rotate()"
    processes = [started(write, tmp_path, name) for name in ("a", "b", "c")]
    processes += [started(turn, tmp_path), started(turn, tmp_path)]
    for process in processes:
        finish(process)
    backend = opened(tmp_path)
    assert [info.version for info in backend.versions(SecretRef("shared"))] == list(
        range(36, 0, -1)
    )
    found = {
        value.reveal()
        for version in range(1, 37)
        if (value := backend.get(SecretRef("shared", version=version)))
    }
    assert found == {f"{name}-{n}" for name in "abc" for n in range(12)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.key", "secrets.db"]


def test_there_is_a_limit_to_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = filled(tmp_path)
    monkeypatch.setattr("vigie.stores.secrets._vault.MOST_ROWS", 10)
    with pytest.raises(UserError, match="full"):
        backend.put(REF, SecretValue("x"))
    assert backend.remove(REF)
    backend.put(REF, SecretValue("x"))


def test_a_store_that_another_holds_is_busy_and_may_be_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = filled(tmp_path)
    monkeypatch.setattr("vigie.stores.secrets._vault._BUSY", 0.01)
    with closing(sqlite3.connect(tmp_path / "secrets.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SourceError, match="busy") as caught:
            backend.put(REF, SecretValue("x"))
        assert caught.value.retryable
        assert values(backend) == expected()  # reading waits for nobody
    assert len(NAMES) * 3 == len(expected())
