"""Mounted files: as Docker and Kubernetes lay them out, and as somebody hostile would."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from vigie.model.errors import SourceError
from vigie.ports.secrets import LARGEST, Home, SecretRef
from vigie.stores.secrets.files import FilesBackend

NAME = SecretRef("token")


@pytest.fixture
def mount(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    return folder


def opened(mount: Path, **environ: str) -> FilesBackend:
    return FilesBackend(Home(mount.parent, {"VIGIE_SECRETS_DIR": str(mount), **environ}))


def ask(mount: Path, ref: SecretRef = NAME) -> str | None:
    found = opened(mount).get(ref)
    return found.reveal() if found else None


def turn(mount: Path, stamp: str, **files: str) -> None:
    """As the kubelet does: a new folder, then one link turned in one step."""
    fresh = mount / f"..{stamp}"
    fresh.mkdir()
    for name, value in files.items():
        (fresh / name).write_text(value)
    (mount / "..data_tmp").symlink_to(fresh.name)
    (mount / "..data_tmp").replace(mount / "..data")


def test_a_volume_of_kubernetes_is_followed_when_it_turns(mount: Path) -> None:
    turn(mount, "2026_01_01", token="first")
    (mount / "token").symlink_to("..data/token")
    assert ask(mount) == "first"
    assert [info.name for info in opened(mount).names("")] == ["token"]
    turn(mount, "2026_01_02", token="second")
    assert ask(mount) == "second"


def test_a_tenants_folder_of_such_a_volume(mount: Path) -> None:
    turn(mount, "2026_01_01")
    (mount / "..data" / "acme").mkdir()
    (mount / "..data" / "acme" / "token").write_text("of acme")
    (mount / "acme").symlink_to("..data/acme")
    assert ask(mount, SecretRef("token", "acme")) == "of acme"
    assert ask(mount) is None


def test_readers_see_one_value_or_the_other_while_it_turns(mount: Path) -> None:
    turn(mount, "0", token="value-0")
    (mount / "token").symlink_to("..data/token")
    done = threading.Event()

    def keep_turning() -> None:
        for number in range(1, 60):
            old = (mount / "..data").resolve()
            turn(mount, str(number), token=f"value-{number}")
            (old / "token").unlink()
            old.rmdir()
        done.set()

    turning = threading.Thread(target=keep_turning)
    turning.start()
    seen: list[str | None] = []
    backend = opened(mount)
    try:
        while not done.is_set():
            try:
                found = backend.get(NAME)
            except SourceError as error:
                assert error.retryable
                continue
            seen.append(found.reveal() if found else None)
    finally:
        turning.join()
    assert all(value is None or value.startswith("value-") for value in seen)
    assert ask(mount) == "value-59"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"plain", "plain"),
        (b"one line\n", "one line"),
        (b"of Windows\r\n", "of Windows"),
        (b"two ends\n\n", "two ends\n"),
        (b" spaces stay ", " spaces stay "),
        (b"cr alone\r", "cr alone\r"),
    ],
)
def test_one_line_end_is_left_out(mount: Path, written: bytes, value: str) -> None:
    (mount / "token").write_bytes(written)
    assert ask(mount) == value


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b"x" * (LARGEST + 1), "larger"),
        (b"\xff\xfehunter2", "UTF-8"),
    ],
    ids=["empty", "only a line end", "too large", "no text"],
)
def test_a_file_that_is_no_secret_is_an_error(mount: Path, written: bytes, why: str) -> None:
    (mount / "token").write_bytes(written)
    with pytest.raises(SourceError, match=why) as caught:
        ask(mount)
    assert "hunter2" not in repr(caught.value)


def test_a_pipe_is_not_waited_for(mount: Path) -> None:
    os.mkfifo(mount / "token")
    with pytest.raises(SourceError, match="regular"):
        ask(mount)


def test_links_never_lead_out(mount: Path) -> None:
    outside = mount.parent / "outside"
    outside.write_text("not for Vigie")
    (mount / "token").symlink_to(outside)
    with pytest.raises(SourceError, match="leads out"):
        ask(mount)
    (mount / "globex").mkdir()
    (mount / "globex" / "token").write_text("of globex")
    (mount / "acme").mkdir()
    (mount / "acme" / "token").symlink_to("../globex/token")
    with pytest.raises(SourceError, match="leads out"):
        ask(mount, SecretRef("token", "acme"))
    (mount / "evil").symlink_to(".")
    with pytest.raises(SourceError, match="leads out"):
        ask(mount, SecretRef("token", "evil"))
    (mount / "plain").write_text("of the platform")
    with pytest.raises(SourceError, match="leads out"):
        ask(mount, SecretRef("plain", "evil"))
    (mount / "circle").symlink_to("circle")
    with pytest.raises(SourceError, match="cannot be used"):
        ask(mount, SecretRef("circle"))


def test_a_tenants_folder_is_no_secret_of_the_platform(mount: Path) -> None:
    (mount / "acme").mkdir()
    assert ask(mount, SecretRef("acme")) is None
    assert list(opened(mount).names("")) == []
    (mount / "plain").write_text("x")
    assert ask(mount, SecretRef("token", "plain")) is None


def test_what_opens_the_sealed_store_is_nobodys_secret(mount: Path) -> None:
    (mount / "master").write_text("six random words and no more")
    for key in ("VIGIE_MASTER_PASSPHRASE_FILE", "VIGIE_MASTER_KEY_FILE"):
        backend = opened(mount, **{key: str(mount / "master")})
        assert backend.get(SecretRef("master")) is None
        assert list(backend.names("")) == []
    assert ask(mount, SecretRef("master")) is not None


def test_a_file_that_may_not_be_read_is_an_error(
    mount: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mount / "token").write_text("x")

    def refuse(path: Path, _flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("vigie.stores.secrets._reading.os.open", refuse)  # root may read anything
    with pytest.raises(SourceError, match="Permission"):
        ask(mount)
