"""The exit codes tell the truth about the log: 0 whole, 1 tampered with, 3 not checked."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vigie.services.founding import found
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.scopes import of_tenant
from vigie.wiring.platform import opened, prepare_folder
from vigie.wiring.platform_settings import platform_settings

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform's folder with a short log in it, of which each test gets a copy."""
    place = tmp_path_factory.mktemp("made-once") / "data"
    settings = platform_settings({}, data=place)
    prepare_folder(settings)
    with opened(settings, {}) as platform:
        made = found(platform, "ada@example.org", "Home", "en")
        assert made is not None
        for number in range(5):
            with platform.database.begin(of_tenant(made.tenant)) as work:
                work.audit(Entry("finding.triage", "user", "u", "Ada", detail={"n": number}))
    return place


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made_once, tmp_path / "data")


def behind(folder: Path, *statements: str) -> None:
    """What somebody does who has the file."""
    with sqlite3.connect(folder / "vigie.db") as connection:
        for command in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS audit_no_{command}")
            connection.execute(f"DROP TRIGGER IF EXISTS audit_checkpoints_no_{command}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_whole_log_is_0(vigie: Call, folder: Path) -> None:
    done = vigie("audit", "verify", "--data", folder)
    assert done.code == 0, done.err
    assert done.out.count(": whole, ") == 2
    assert "the platform: whole, 2 entries" in done.out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'Eve' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit WHERE seq > 3",
        "UPDATE audit SET detail = '{broken' WHERE seq = 3",
        "UPDATE audit SET at = 'yesterday' WHERE seq = 3",
        "DELETE FROM audit_heads",
    ],
)
def test_a_log_that_was_touched_is_1(vigie: Call, folder: Path, statement: str) -> None:
    behind(folder, statement)
    done = vigie("audit", "verify", "--data", folder, "--tenant", "home")
    assert done.code == 1, done.out + done.err
    assert "NOT whole" in done.out


def test_it_says_so_in_french(vigie: Call, folder: Path) -> None:
    behind(folder, "UPDATE audit SET actor = 'Eve' WHERE seq = 3")
    done = vigie("audit", "verify", "--data", folder, LANG="fr_FR")
    assert "PAS intact" in done.out
    assert "l'entrée 3 a été modifiée" in done.out


def test_only_a_copy_elsewhere_shows_that_all_was_put_back(vigie: Call, folder: Path) -> None:
    kept, backup = folder.parent / "kept.jsonl", folder.parent / "backup.db"
    shutil.copyfile(folder / "vigie.db", backup)
    assert vigie("audit", "export", "--data", folder, "--tenant", "home").code == 0
    assert vigie("audit", "checkpoint", "--data", folder, "--append", kept).code == 0
    assert len(kept.read_text().splitlines()) == 2
    assert vigie("audit", "verify", "--data", folder, "--checkpoint", kept).code == 0
    for name in ("vigie.db-wal", "vigie.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copyfile(backup, folder / "vigie.db")
    assert vigie("audit", "verify", "--data", folder).code == 0
    done = vigie("audit", "verify", "--data", folder, "--checkpoint", kept)
    assert done.code == 1
    assert "does not meet its checkpoint" in done.out


def test_a_log_that_is_gone_whole_is_missed(vigie: Call, folder: Path) -> None:
    kept = folder / "audit-checkpoints.jsonl"  # written wherever the log is signed
    assert vigie("audit", "checkpoint", "--data", folder).code == 0
    assert kept.stat().st_mode & 0o077 == 0
    behind(folder, "DELETE FROM audit WHERE action = 'finding.triage'", "DELETE FROM memberships",
           "DELETE FROM tenants")  # fmt: skip
    assert vigie("audit", "verify", "--data", folder).code == 0
    done = vigie("audit", "verify", "--data", folder, "--checkpoint", kept)
    assert done.code == 1
    assert "the whole log is gone" in done.out


def test_a_checkpoint_is_signed_once(vigie: Call, folder: Path) -> None:
    done = vigie("audit", "checkpoint", "--data", folder, "--tenant", "home")
    [line] = done.out.splitlines()
    assert json.loads(line)["seq"] == 5
    again = vigie("audit", "checkpoint", "--data", folder, "--tenant", "home")
    assert (again.code, again.out) == (0, "")
    assert "nothing was added" in again.err


def test_what_cannot_be_checked_is_3(vigie: Call, folder: Path, tmp_path: Path) -> None:
    assert vigie("audit", "verify", "--data", tmp_path / "empty").code == 3
    key = {"VIGIE_SECRET_PLATFORM_KEY": "A" * 43 + "="}
    assert vigie("audit", "verify", "--data", folder, **key).code == 3
    url = "postgresql://vigie_app@127.0.0.1:1/vigie"
    assert vigie("audit", "verify", "--data", folder, VIGIE_DATABASE_URL=url).code == 3
    for name in ("vigie.db-wal", "vigie.db-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "vigie.db").write_bytes(b"no database at all" * 1000)
    done = vigie("audit", "verify", "--data", folder)
    assert done.code == 3, done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("forge",), ("verify", "--follow"), ("export", "--checkpoint", "f"),
        ("export", "--to", "tcp://h:1"), ("export", "--follow"), ("verify", "--syslog"),
        ("checkpoint", "--to", "tcp://h:1"),
        ("export", "--to", "http://h:1", "--position", "p"),
        ("verify", "--tenant", "nobody"), ("verify", "--checkpoint", "missing.jsonl"),
    ],
)  # fmt: skip
def test_wrong_usage_is_2(vigie: Call, folder: Path, arguments: tuple[str, ...]) -> None:
    assert vigie("audit", *arguments, "--data", folder).code == 2


def test_no_file_of_anything_else_passes_for_checkpoints(vigie: Call, folder: Path) -> None:
    wrong = folder / "wrong.jsonl"
    wrong.write_bytes(b'{"chain": 1}\n')
    done = vigie("audit", "verify", "--data", folder, "--checkpoint", wrong)
    assert done.code == 2
    assert "holds no checkpoints" in done.err


def test_export_gives_all_and_is_in_the_log_itself(vigie: Call, folder: Path) -> None:
    done = vigie("audit", "export", "--data", folder, "--tenant", "home")
    rows = [json.loads(line) for line in done.raw.splitlines()]
    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[-1]["action"] == "audit.export"
    syslog = vigie("audit", "export", "--data", folder, "--tenant", "home", "--syslog")
    lines = syslog.raw.splitlines()
    assert len(lines) == 7
    assert all(re.match(r"<109>1 \d{4}-", line) for line in lines)


class Siem:
    """Takes what is sent, one connection after another."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.received: list[bytes] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self.server.accept()
            except OSError:
                return
            with link:
                whole = b""
                while piece := link.recv(4096):
                    whole += piece
                self.received.append(whole)

    def places(self) -> list[int]:
        return [int(seq) for seq in re.findall(rb' seq="(\d+)"', b"".join(self.received))]

    def close(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join()


def test_shipping_goes_on_where_it_was(vigie: Call, folder: Path) -> None:
    siem, position = Siem(), folder / "position.json"
    ship = ("audit", "export", "--data", folder, "--tenant", "home",
            "--to", f"tcp://127.0.0.1:{siem.port}", "--position", position)  # fmt: skip
    assert vigie(*ship).code == 0
    assert vigie(*ship).code == 0
    siem.close()
    assert siem.places() == [1, 2, 3, 4, 5, 6, 7]
    done = vigie(*ship)
    assert done.code == 3  # nobody listens any more
    assert list(json.loads(position.read_text()).values()) == [7]


def test_a_position_that_is_none_is_refused(vigie: Call, folder: Path) -> None:
    position = folder / "position.json"
    position.write_text("[]")
    done = vigie("audit", "export", "--data", folder, "--to", "tcp://127.0.0.1:1",
                 "--position", position)  # fmt: skip
    assert done.code == 2
