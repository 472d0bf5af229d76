"""The database of advisories under kill -9, while others read, and for another user."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.advisory_samples import affects, osv, write_dump, write_kev
from tests.feed_server import FeedServer, Served, feed_server

from vigie.model.errors import UserError
from vigie.services.advisories import open_index
from vigie.services.advisory_import import ImportOptions, import_paths
from vigie.stores.advisories.building import alone

VIGIE = [sys.executable, "-m", "vigie"]
NOBODY = 65534


def records(generation: int) -> list[dict[str, object]]:
    """A dump of 500 packages; each says which generation it is of."""
    noise = random.Random(generation)
    return [
        osv(f"G{generation}-{n}", affects("PyPI", f"p{n}"), details=noise.randbytes(200).hex(),
            modified=f"2026-01-{generation:02}T00:00:00Z")
        for n in range(500)
    ]  # fmt: skip


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


def environment(folder: Path, server: FeedServer) -> dict[str, str]:
    return {
        **os.environ,
        "VIGIE_DATA": str(folder),
        "VIGIE_ADVISORIES__OSV": f"{server.address}/osv",
        "VIGIE_ADVISORIES__KEV": f"{server.address}/kev",
    }


def generation(folder: Path) -> str:
    """Which generation answers, having asked every package: never two, never part of one."""
    index = open_index(folder / "advisories")
    assert index is not None
    with index:
        entries = list(index.affecting("PyPI", [f"p{n}" for n in range(500)]))
        details = index.advisories([entry.advisory for entry in entries])
    assert len(entries) == len(details) == 500
    (said,) = {entry.advisory.partition("-")[0] for entry in entries}
    return said


def update(folder: Path, server: FeedServer) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*VIGIE, "db", "update", "PyPI", "kev"], env=environment(folder, server),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.slow
def test_an_update_killed_at_any_moment_leaves_a_whole_database(
    tmp_path: Path, server: FeedServer
) -> None:
    server.files["/kev"] = Served(write_kev(tmp_path / "kev", "CVE-1").read_bytes())
    folder = tmp_path / "data"
    moments = random.Random(7)
    held, killed, resumed = "", 0, 0
    for number in range(1, 16):
        data = write_dump(tmp_path / "dump.zip", records(number)).read_bytes()
        server.files["/osv/PyPI/all.zip"] = Served(data, piece=8192, pause=0.02)
        before = len(server.asked)
        with update(folder, server) as process:
            # Mostly while it downloads or builds; now and then while it only starts.
            early = moments.random() < 0.2
            while not early and not server.asked[before:] and process.poll() is None:
                time.sleep(0.02)
            time.sleep(moments.uniform(0.0, 1.2))
            process.kill()
            process.communicate()
        killed += process.returncode == -signal.SIGKILL
        resumed += any("Range" in asked for _, asked in server.asked[before:])
        if (folder / "advisories" / "advisories.sqlite").exists():
            now = generation(folder)
            assert now in (held, f"G{number}")
            held = now  # it may have been done just before it was killed
        if number % 3 == 0:
            before = len(server.asked)
            with update(folder, server) as process:
                _, said = process.communicate()
            assert process.returncode == 0, said.decode()
            resumed += any("Range" in asked for _, asked in server.asked[before:])
            held = generation(folder)
            assert held == f"G{number}"
            assert list((folder / "advisories" / "downloads").iterdir()) == []
            left = [p.name for p in (folder / "advisories").glob(".building*")]
            assert left == []
    assert killed >= 5, "some were killed in the middle"
    assert resumed >= 1, "some were carried on"


def test_readers_go_on_while_updates_replace_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "advisories"
    first = write_dump(tmp_path / "1" / "PyPI" / "all.zip", records(1))
    import_paths([first], ImportOptions("2026-02-01T00:00:00Z", folder=folder))
    done = threading.Event()
    # One list a reader: between reading and noting it, another reader may have gone on.
    seen: list[list[str]] = [[], []]

    def read(mine: list[str]) -> None:
        while not done.is_set():
            mine.append(generation(tmp_path / "data"))

    readers = [threading.Thread(target=read, args=(mine,)) for mine in seen]
    for reader in readers:
        reader.start()
    for number in (2, 3, 4):
        path = write_dump(tmp_path / str(number) / "PyPI" / "all.zip", records(number))
        import_paths([path], ImportOptions("2026-02-01T00:00:00Z", folder=folder))
    done.set()
    for reader in readers:
        reader.join()
    for mine in seen:
        assert mine, "it read while the file was replaced, and no read failed"
        assert sorted(mine) == mine, "nobody saw an older one after a newer one"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may look into; those of pytest are for one user alone."""
    path = Path(tempfile.mkdtemp(prefix="vigie-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def test_another_user_reads_and_cannot_write(open_folder: Path) -> None:
    folder = open_folder / "advisories"
    path = write_dump(open_folder / "PyPI" / "all.zip", records(1))
    import_paths([path], ImportOptions("2026-02-01T00:00:00Z", folder=folder))
    # Root may write anywhere, so it becomes somebody else; anybody else loses the right to write.
    is_root = os.geteuid() == 0
    if not is_root:
        folder.chmod(0o555)
        (folder / ".lock").chmod(0o400)
    child = os.fork()
    if not child:
        code = 1
        try:
            if is_root:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            code = 0 if generation(open_folder) == "G1" and _is_kept_out(folder) else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    folder.chmod(0o755)
    assert os.waitstatus_to_exitcode(status) == 0


def _is_kept_out(folder: Path) -> bool:
    try:
        with alone(folder):
            return False
    except UserError as error:
        return "cannot be written" in str(error)
