"""Where the master key comes from, and what is refused."""

from __future__ import annotations

import base64
import os
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.stores.secrets.sealed_made import CHEAP, expected, filled, opened, values

from vigie.model.errors import SourceError, UserError
from vigie.ports.secrets import Home, SecretRef, SecretValue
from vigie.stores.secrets._master import COST, Masters
from vigie.stores.secrets._reading import read_value

PHRASE = "six random words and no more"
ENTERED = {"VIGIE_MASTER_PASSPHRASE": PHRASE}
REF = SecretRef("smtp", "acme")


def written(path: Path, mode: int = 0o600, data: bytes = b"k" * 32) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64encode(data) + b"\n")
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o601, 0o610])
def test_a_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    filled(tmp_path)
    (tmp_path / "master.key").chmod(mode)
    with pytest.raises(UserError, match=f"mode 0{mode:o}"):
        opened(tmp_path).get(REF)


def test_a_key_of_another_owner_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(UserError, match=f"owner {stranger - 1}"):
        opened(tmp_path).get(REF)


@pytest.mark.parametrize(
    "data",
    [b"", b"not base64!", b"c2hvcnQ=", base64.b64encode(b"k" * 33), b"x" * 5000, b"\xff" * 44],
    ids=["empty", "no base64", "short", "long", "huge", "binary"],
)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "master.key").write_bytes(data)
    (tmp_path / "master.key").chmod(0o600)
    with pytest.raises(UserError, match=r"master\.key") as caught:
        opened(tmp_path).put(REF, SecretValue("x"))
    assert data.decode("latin-1")[:8] not in str(caught.value) or not data
    assert opened(tmp_path).get(REF) is None


def test_a_key_that_was_there_is_taken(tmp_path: Path) -> None:
    elsewhere = written(tmp_path / "keys" / "mine")
    environ = {"VIGIE_MASTER_KEY_FILE": str(elsewhere)}
    filled(tmp_path / "data", **environ)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secrets.db"]
    assert values(opened(tmp_path / "data", **environ)) == expected()


def test_a_missing_key_is_never_made_anew(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "master.key").unlink()
    for attempt in (
        lambda: opened(tmp_path).get(REF),
        lambda: opened(tmp_path).put(REF, SecretValue("x")),
    ):
        with pytest.raises(UserError, match="is missing"):
            attempt()
    assert not (tmp_path / "master.key").exists()


def test_systemd_gives_it_as_a_credential(tmp_path: Path) -> None:
    # Its files carry an access list, whose mask stands where the group's bits do.
    credential = written(tmp_path / "credentials" / "vigie-master-key", 0o440)
    environ = {"CREDENTIALS_DIRECTORY": str(credential.parent)}
    filled(tmp_path / "data", **environ)
    assert not (tmp_path / "data" / "master.key").exists()
    assert values(opened(tmp_path / "data", **environ)) == expected()
    with pytest.raises(UserError, match="missing"):
        opened(tmp_path / "data").get(REF)
    written(credential, 0o440, b"o" * 32)
    with pytest.raises(UserError, match="not the one"):
        opened(tmp_path / "data", **environ).get(REF)
    credential.chmod(0o460)
    with pytest.raises(UserError, match="others may use it"):
        opened(tmp_path / "data", **environ).get(REF)


def test_a_passphrase_opens_it_and_another_is_told_apart_from_no_secret(tmp_path: Path) -> None:
    filled(tmp_path, **ENTERED)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.db"]
    assert values(opened(tmp_path, **ENTERED)) == expected()
    with pytest.raises(UserError, match="passphrase is not the one"):
        opened(tmp_path, VIGIE_MASTER_PASSPHRASE=PHRASE + "!").get(REF)
    with pytest.raises(UserError, match="needs its master passphrase"):
        opened(tmp_path).get(REF)
    with pytest.raises(UserError, match="not the one"):
        opened(tmp_path, VIGIE_MASTER_PASSPHRASE="a wrong one altogether").put(
            REF, SecretValue("x")
        )


def test_a_passphrase_comes_from_a_file_as_docker_mounts_it(tmp_path: Path) -> None:
    file = tmp_path / "phrase"
    file.write_text(PHRASE + "\n")
    file.chmod(0o444)
    environ = {"VIGIE_MASTER_PASSPHRASE_FILE": str(file)}
    filled(tmp_path / "data", **environ)
    assert values(opened(tmp_path / "data", **ENTERED)) == expected()
    file.chmod(0o666)
    with pytest.raises(UserError, match="others may use it"):
        opened(tmp_path / "data", **environ).get(REF)
    file.unlink()
    with pytest.raises(UserError, match="cannot be used"):
        opened(tmp_path / "data", **environ).get(REF)
    with pytest.raises(UserError, match="both"):
        opened(tmp_path / "data", **environ, **ENTERED).get(REF)


def test_a_passphrase_is_one_however_it_is_typed(tmp_path: Path) -> None:
    phrase = "clé étrange et très longue"
    filled(tmp_path, VIGIE_MASTER_PASSPHRASE=unicodedata.normalize("NFC", phrase))
    other = opened(tmp_path, VIGIE_MASTER_PASSPHRASE=unicodedata.normalize("NFD", phrase))
    assert values(other) == expected()


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="too short"):
        opened(tmp_path, VIGIE_MASTER_PASSPHRASE="elevenchars").put(REF, SecretValue("x"))


def test_its_cost_is_kept_with_it_and_never_endless(tmp_path: Path) -> None:
    filled(tmp_path, **ENTERED)
    asked = "SELECT passes, memory, lanes, length(salt) FROM keeping"
    with closing(sqlite3.connect(tmp_path / "secrets.db")) as connection, connection:
        assert connection.execute(asked).fetchone() == (*CHEAP, 16)
        connection.execute("UPDATE keeping SET memory = 4294967296")
    with pytest.raises(SourceError, match="impossible"):
        opened(tmp_path, **ENTERED).get(REF)


def test_usually_it_costs_what_rfc_9106_asks_for(tmp_path: Path) -> None:
    keeping, _ = Masters(Home(tmp_path, {})).from_passphrase(SecretValue(PHRASE))
    assert COST == (keeping.passes, keeping.memory, keeping.lanes) == (3, 65536, 4)


def test_a_store_moves_from_one_kind_of_key_to_another(tmp_path: Path) -> None:
    backend = filled(tmp_path)
    backend.rotate(passphrase=SecretValue(PHRASE))
    assert values(opened(tmp_path, **ENTERED)) == expected()
    with pytest.raises(UserError, match="needs its master passphrase"):
        opened(tmp_path).get(REF)
    outside = tmp_path / "new.key"
    opened(tmp_path, **ENTERED).rotate(key_file=outside)
    named = {"VIGIE_MASTER_KEY_FILE": str(outside)}
    assert values(opened(tmp_path, **named, **ENTERED)) == expected()
    assert outside.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UserError, match="already"):
        opened(tmp_path, **named).rotate(key_file=outside)
    opened(tmp_path, **named).rotate()
    assert values(opened(tmp_path, **named)) == expected()
    with pytest.raises(UserError, match="no store"):
        opened(tmp_path / "empty").rotate()


def test_what_is_read_of_a_file_stays_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"tell-tale\xff")
    handle = os.open(tmp_path / "x", os.O_RDONLY)
    assert "tell-tale" not in repr(read_value(handle))
