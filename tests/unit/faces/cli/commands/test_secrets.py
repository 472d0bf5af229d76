"""`vigie secrets`: nothing that is typed ever comes back."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.faces.cli.conftest import Call, Done

from vigie.wiring.secrets import secrets_of

VALUE = "xoxb-the-tell-tale-value"
Typing = Callable[..., Done]


@pytest.fixture
def typing(vigie: Call, monkeypatch: pytest.MonkeyPatch) -> Typing:
    """`typing("value", "secrets", "set", …)`: the command with that on its standard input."""

    def call(given: str | bytes, *arguments: str, **environ: str) -> Done:
        data = given if isinstance(given, bytes) else given.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        done = vigie(*arguments, **environ)
        assert VALUE not in done.out + done.err
        return done

    return call


def value_of(folder: Path, name: str, tenant: str = "", **environ: str) -> str:
    return secrets_of(folder, environ).resolve(f"secret://{name}", tenant).reveal()


def test_a_value_from_standard_input_is_sealed(typing: Typing, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "d"))
    assert typing(VALUE + "\n", "secrets", "set", "token", *data).code == 0
    assert value_of(tmp_path / "d", "token") == VALUE
    done = typing("for acme\r\n", "secrets", "set", "token", "--tenant", "acme", *data)
    assert "version 1" in done.err
    assert "version 2" in typing("newer", "secrets", "set", "token", *data).err
    assert value_of(tmp_path / "d", "token", "acme") == "for acme"
    assert value_of(tmp_path / "d", "token") == "newer"


def test_the_list_shows_names_only(typing: Typing, tmp_path: Path) -> None:
    environ = {"VIGIE_DATA": str(tmp_path / "d"), "VIGIE_SECRET_SMTP": VALUE}
    typing(VALUE, "secrets", "set", "token", **environ)
    shown = typing("", "secrets", **environ)
    lines = [line.split() for line in shown.out.splitlines()]
    assert ["smtp", "-", "-", "environment"] in lines
    assert [(line[0], line[1], line[3]) for line in lines[2:]] == [("token", "1", "sealed")]
    plain = json.loads(typing("", "secrets", "list", "--format", "json", **environ).out)
    assert [one["name"] for one in plain] == ["smtp", "token"]
    assert "pas encore" in typing("", "secrets", "--tenant", "acme", LANG="fr_FR", **environ).err
    assert "Gardé dans" in typing("", "secrets", LANG="fr_FR", **environ).out


def test_a_value_on_the_command_line_is_refused_and_not_repeated(
    typing: Typing, tmp_path: Path
) -> None:
    typed = (
        ("set", "token", VALUE),
        ("set", VALUE, "token"),
        ("set", f"token={VALUE}"),
        ("remove", "a", VALUE),
        ("list", VALUE),
        ("rotate-master", VALUE),
    )
    for arguments in typed:
        done = typing("", "secrets", *arguments, "--data", str(tmp_path / "d"))
        assert done.code == 2
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ("", ("set", "token")),
        ("\n", ("set", "token")),
        ("x" * 70_000, ("set", "token")),
        (b"\xff\xfe", ("set", "token")),
        ("x", ("set",)),
        ("x", ("set", "../token")),
        ("x", ("set", "token", "--tenant", "../acme")),
        ("x", ("set", "token", "--version", "1")),
        ("x", ("frobnicate",)),
        ("", ("remove", "absent")),
        ("", ("list", "--format", "xml")),
        ("", ("rotate-master",)),
        ("", ("rotate-master", "--to", "paper")),
        ("", ("rotate-master", "--to", "file", "--new-key", "x")),
        ("", ("list", "--to", "file")),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(
    typing: Typing, tmp_path: Path, given: str | bytes, arguments: tuple[str, ...]
) -> None:
    done = typing(given, "secrets", *arguments, "--data", str(tmp_path / "d"))
    assert done.code == 2
    assert done.err.startswith("error: ")


def test_versions_are_removed_one_by_one_or_together(typing: Typing, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "d"))
    for value in ("one", "two"):
        typing(value, "secrets", "set", "token", *data)
    assert typing("", "secrets", "remove", "token", "--version", "2", *data).code == 2
    assert typing("", "secrets", "remove", "token", "--version", "1", *data).code == 0
    assert value_of(tmp_path / "d", "token") == "two"
    assert typing("", "secrets", "remove", "token", *data).code == 0
    assert typing("", "secrets", "remove", "token", *data).code == 2


def test_the_master_key_is_rotated_to_each_kind(typing: Typing, tmp_path: Path) -> None:
    folder, new = tmp_path / "d", tmp_path / "new.key"
    data = ("--data", str(folder))
    typing(VALUE, "secrets", "set", "token", *data)
    old = (folder / "master.key").read_text()
    done = typing("", "secrets", "rotate-master", *data)
    assert done.code == 0
    assert "1 version is sealed" in done.err
    assert (folder / "master.key").read_text() != old
    assert value_of(folder, "token") == VALUE
    assert typing("", "secrets", "rotate-master", "--new-key", str(new), *data).code == 0
    named = {"VIGIE_MASTER_KEY_FILE": str(new)}
    assert value_of(folder, "token", **named) == VALUE
    phrase = "six random words and no more"
    done = typing(phrase + "\n", "secrets", "rotate-master", "--to", "passphrase", *data, **named)
    assert done.code == 0
    assert phrase not in done.err
    assert "VIGIE_MASTER_PASSPHRASE" in done.err
    assert value_of(folder, "token", VIGIE_MASTER_PASSPHRASE=phrase) == VALUE
    wrong = typing("", "secrets", "list", *data, VIGIE_MASTER_PASSPHRASE="a wrong passphrase")
    assert wrong.code == 2
    assert "passphrase is not the one" in wrong.err


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "vigie", "secrets", "set", "token", "--data", str(folder), *more]


def test_a_terminal_is_asked_twice_and_shows_nothing(tmp_path: Path) -> None:
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        command(tmp_path / "d"), stdin=inner, stdout=inner, stderr=inner, start_new_session=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "VIGIE_LANG": "en"},
    )  # fmt: skip
    os.close(inner)
    shown = b""
    for asked in (b"Value of token: ", b"once more: "):
        while not shown.endswith(asked):
            shown += os.read(outer, 1024)
        # The prompt comes before the terminal stops echoing; a person is not that fast.
        while _echoes(outer):
            time.sleep(0.01)
        os.write(outer, f"{VALUE}\n".encode())
    while chunk := _rest(outer):
        shown += chunk
    assert process.wait(60) == 0
    os.close(outer)
    assert b"sealed as secret://token" in shown
    assert VALUE.encode() not in shown
    assert value_of(tmp_path / "d", "token") == VALUE


def _echoes(terminal: int) -> bool:
    import termios  # noqa: PLC0415

    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def _rest(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1024)
    except OSError:  # the other end is closed
        return b""


def test_no_list_of_processes_shows_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command(tmp_path / "d", "-v"), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(VALUE.encode())
    process.stdin.flush()  # it waits for the end, with the value in its hands
    for name in ("cmdline", "environ"):
        seen = Path(f"/proc/{process.pid}/{name}").read_bytes()
        assert VALUE.encode() not in seen
    listed = subprocess.run(["ps", "auxeww"], capture_output=True, check=True).stdout
    assert f" {process.pid} ".encode() in listed
    assert VALUE.encode() not in listed
    _, err = process.communicate()
    assert process.returncode == 0
    assert VALUE.encode() not in err
    assert value_of(tmp_path / "d", "token") == VALUE
