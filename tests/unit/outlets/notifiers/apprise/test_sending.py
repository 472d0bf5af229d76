"""The courier: what it may do, and that it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.receiver import receiver

from vigie.model.errors import UserError
from vigie.outlets.notifiers.apprise import courier
from vigie.outlets.notifiers.apprise.sending import Ended, Outcome, carry


def letter(url: str) -> dict[str, str]:
    return {"url": url, "title": "title", "body": "body", "type": "info"}


def free(host: str, port: int) -> None:
    """Any address may be called."""


def test_it_asks_before_it_connects_and_only_then_does() -> None:
    asked: list[tuple[str, int]] = []

    def allows(host: str, port: int) -> None:
        asked.append((host, port))

    with receiver() as web:
        outcome = carry(letter(f"json://127.0.0.1:{web.port}/x"), 20, allows)
        assert outcome == Outcome(Ended.DONE)
        assert len(web.requests) == 1
        assert set(asked) == {("127.0.0.1", web.port)}


def test_what_is_refused_is_not_connected_to() -> None:
    def refuse(host: str, port: int) -> None:
        raise UserError("no")

    with receiver() as web:
        outcome = carry(letter(f"json://127.0.0.1:{web.port}/x"), 20, refuse)
        assert outcome == Outcome(Ended.FORBIDDEN)
        assert web.requests == []


def test_it_connects_to_the_address_that_was_checked() -> None:
    with receiver() as web:
        url = f"json://name.that.is.not.looked.up.invalid:{web.port}/x"
        assert carry(letter(url), 20, lambda host, port: ("127.0.0.1",)) == Outcome(Ended.DONE)
        assert "name.that.is" in web.requests[0].headers["host"]


def test_a_redirect_is_not_followed() -> None:
    with receiver() as inside, receiver() as web:
        web.status, web.headers = 307, {"Location": f"{inside.address}/metadata"}
        carry(letter(f"json://127.0.0.1:{web.port}/x"), 20, free)
        assert inside.requests == []


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_status_that_was_written_down_is_passed_on(status: int) -> None:
    with receiver() as web:
        web.status = status
        outcome = carry(letter(f"json://127.0.0.1:{web.port}/x"), 20, free)
        assert outcome == Outcome(Ended.FAILED, status)


def test_no_file_of_ours_goes_out(tmp_path: Path) -> None:
    """A template is a file that the service's address may name."""
    template = tmp_path / "template.json"
    template.write_text('{"text": "FILE OF OURS"}')
    with receiver() as web:
        url = f"jsons://127.0.0.1:{web.port}/x?template={template}"
        carry(letter(url.replace("jsons", "json")), 20, free)
        slack = f"workflow://127.0.0.1:{web.port}/abcdef0123456789/signature?template={template}"
        carry(letter(slack), 20, free)
        assert not any(b"FILE OF OURS" in request.body for request in web.requests)


def test_nothing_runs_and_nothing_is_written(tmp_path: Path) -> None:
    """The guard itself, asked by a program that is given it."""
    file = tmp_path / "file"
    file.write_text("x")
    tried = f"""
import os, socket, subprocess, sys
sys.path.insert(0, {str(Path(courier.__file__).parent)!r})
from courier import Guard
import io
Guard(sys.stdout, io.StringIO("")).set()
tries = {{
    "read": lambda: open({str(file)!r}),
    "climb": lambda: open(sys.prefix + "/../../../../../../../../etc/passwd"),
    "write": lambda: open({str(tmp_path / "new")!r}, "w"),
    "run": lambda: subprocess.run(["true"]),
    "system": lambda: os.system("true"),
    "fork": lambda: os.fork(),
    "remove": lambda: os.remove({str(file)!r}),
    "connect": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "unix": lambda: socket.socket(socket.AF_UNIX).connect("/run/x"),
    "send": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    "look up": lambda: socket.getaddrinfo("localhost", 9),
}}
for name, what in tries.items():
    try:
        what()
    except PermissionError:
        continue
    print("PASSED", name)
open(os.__file__).close()
print("END")
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", tried], capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert "PASSED" not in done.stdout
    assert done.stdout.rstrip().endswith("END")


def test_what_waits_for_ever_is_ended() -> None:
    with receiver() as web:
        web.manner = "drip"
        assert carry(letter(f"json://127.0.0.1:{web.port}/x"), 2, free) == Outcome(Ended.LATE)


def test_no_process_shows_the_address() -> None:
    """While it works, the whole list of processes is looked through."""
    shown: list[str] = []

    def look(host: str, port: int) -> None:
        for path in Path("/proc").glob("[0-9]*"):
            for name in ("cmdline", "environ"):
                try:
                    shown.append((path / name).read_bytes().decode("utf-8", "replace"))
                except OSError:
                    continue

    with receiver() as web:
        carry(letter(f"json://127.0.0.1:{web.port}/s3cr3t-of-apprise"), 20, look)
        assert len(web.requests) == 1
    assert any("courier.py" in text for text in shown)
    assert not any("s3cr3t-of-apprise" in text for text in shown)
