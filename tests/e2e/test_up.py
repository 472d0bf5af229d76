"""`vigie up` as people and machines start, stop, kill and start it again."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.unit.services.recording.handed_in import grype_report

from vigie.faces.cli.main import run
from vigie.faces.server.serving import listen

PATIENCE = 240.0  # until a test gives up; nothing is measured
pytestmark = pytest.mark.timeout(900)


@dataclass
class Up:
    """One `vigie up`, and what it said so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def said(self, pattern: str) -> str:
        """What the first group matched, once that was said."""
        found: list[str] = []

        def look() -> bool:
            matches = (re.search(pattern, line) for line in list(self.lines))
            found.extend(match[1] for match in matches if match)
            return bool(found)

        until(lambda: look() or self.process.poll() is not None)
        assert found, "\n".join(self.lines)
        return found[0]

    @property
    def address(self) -> str:
        return self.said(r"(http://127\.0\.0\.1:\d+)")

    def workers(self) -> list[int]:
        """The processes of its workers."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(pid) for each in threads for pid in (each / "children").read_text().split()]

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.gone()

    def gone(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def until(holds: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE * 50)):
        if holds():
            return
        threading.Event().wait(0.02)
    pytest.fail("it never came to be")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def up(folder: Path, *arguments: str, **environ: str) -> Iterator[Up]:
    process = subprocess.Popen(
        [sys.executable, "-m", "vigie", "up", "--data", str(folder / "data"),
         "--listen", "127.0.0.1:0", *arguments],
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, env={**os.environ, "VIGIE_SCAN__OFFLINE": "true", "LC_ALL": "C", **environ},
    )  # fmt: skip
    started = Up(process)
    try:
        yield started
    finally:
        if process.poll() is None:
            process.kill()
        if process.stdout is not None and not process.stdout.closed:
            started.gone()


def asked(folder: Path, question: str) -> list[tuple[object, ...]]:
    """From the database, read only."""
    where = f"file:{folder}/data/vigie.db?mode=ro"
    connection = sqlite3.connect(where, uri=True)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.usefixtures("in_a_terminal")
def test_it_starts_answers_refuses_a_second_and_stops(tmp_path: Path) -> None:
    with up(tmp_path, "--no-first-scan", "--workers", "2") as one:
        address = one.address
        password = one.said(r"Password\s+(\S+)")
        assert one.said(r"Sign in as\s+(\S+)") == "admin@localhost"
        assert httpx.get(f"{address}/ready", timeout=PATIENCE).json()["ready"]
        signed_in = httpx.post(
            f"{address}/api/v1/auth/sign-in", timeout=PATIENCE,
            json={"email": "admin@localhost", "password": password},
        )  # fmt: skip
        assert signed_in.status_code == 200, signed_in.text
        with up(tmp_path) as other:
            assert other.gone() == 2
            assert f"(process {one.process.pid})" in "\n".join(other.lines)
        workers = one.workers()
        assert len(workers) == 2
        shown = [line for line in one.lines if not line.startswith("{") and "/data" not in line]
        assert max(map(len, shown)) <= 80
        assert one.end() == 0
        assert not any(is_alive(pid) for pid in workers)
    with up(tmp_path, "--no-first-scan") as again:
        # The same folder, the same people: nobody is told a password twice.
        assert httpx.get(f"{again.address}/ready", timeout=PATIENCE).json()["ready"]
        assert not [line for line in again.lines if "Password" in line]
        assert again.end(signal.SIGINT) == 0


@pytest.mark.slow
def test_the_first_content_comes_in_by_itself_and_once_ends_it(tmp_path: Path) -> None:
    shop = tmp_path / "examples" / "shop"
    shop.mkdir(parents=True)
    (shop / "requirements.txt").write_text("urllib3==1.24.1\n")
    with up(tmp_path, "--once", LC_ALL="fr_FR.UTF-8") as one:
        assert one.gone() == 0, "\n".join(one.lines)
    assert "Vigie est en place." in one.lines
    states = asked(tmp_path, "SELECT state FROM scans ORDER BY id")
    assert states == [("done",), ("done",)]
    ((count,),) = asked(tmp_path, "SELECT count(*) FROM assets")
    assert isinstance(count, int)
    assert count >= 2


@pytest.mark.slow
def test_killed_in_the_middle_of_a_job_it_carries_on(tmp_path: Path) -> None:
    with up(tmp_path) as one:
        until(lambda: "scans" in one.said(r"^(Scan of /: running)$").replace("Scan", "scans"))
        workers = one.workers()
        # A worker alone first: another takes its place, and the job is not lost with it.
        os.kill(workers[0], signal.SIGKILL)
        until(lambda: workers[0] not in one.workers())
        one.process.kill()
        one.gone()
        until(lambda: not any(is_alive(pid) for pid in workers))
    assert asked(tmp_path, "SELECT state FROM scans") in ([("running",)], [("queued",)])
    with up(tmp_path):
        until(lambda: asked(tmp_path, "SELECT state FROM scans") == [("done",)])
    assert asked(tmp_path, "SELECT count(*) FROM imports WHERE origin = 'scan'") == [(1,)]
    ((attempts,),) = asked(tmp_path, "SELECT attempts FROM jobs WHERE kind = 'scan'")
    assert isinstance(attempts, int)
    assert attempts <= 2


@dataclass
class Caller:
    """Somebody at the API of one `vigie up`."""

    one: Up

    def __post_init__(self) -> None:
        password = self.one.said(r"Password\s+(\S+)")
        credentials = {"email": "admin@localhost", "password": password}
        token = self.ask("POST", "/auth/sign-in", json=credentials).json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        address = f"{self.one.address}/api/v1{path}"
        answer = httpx.request(method, address, headers=self.headers, timeout=PATIENCE, **given)
        answer.raise_for_status()
        return answer

    def take_in(self, name: str) -> None:
        """Hand in a report, and wait until it is in."""
        report = grype_report(name)
        sent = self.ask("POST", "/imports", files={"report": ("report.json", report)}).json()
        path = f"/jobs/{sent['job_id']}"
        until(lambda: self.ask("GET", path).json()["state"] == "done")

    def counted(self, name: str, **labels: str) -> float:
        """The sum of this metric's values that have these labels; 0 where there is none."""
        families = text_string_to_metric_families(self.ask("GET", "/metrics").text)
        samples = [one for family in families for one in family.samples if one.name == name]
        return sum(one.value for one in samples if labels.items() <= one.labels.items())


@pytest.mark.slow
def test_metrics_outlive_the_worker_that_counted_and_forget_what_it_held(tmp_path: Path) -> None:
    with up(tmp_path, "--no-first-scan", "--workers", "1", VIGIE_SCAN_FOLDERS="/") as one:
        caller = Caller(one)
        caller.take_in("CVE-2024-0001")
        # The worker writes down that a job left a moment after the job has ended.
        until(lambda: caller.counted("vigie_jobs_total", kind="import", outcome="done") == 1)
        assert caller.counted("vigie_imports_total", outcome="done") == 1
        assert caller.counted("vigie_import_findings_total", change="new") == 1
        caller.ask("POST", "/scans", json={"target": "/", "scanners": ["embedded"]})
        until(lambda: caller.counted("vigie_jobs_running", kind="scan") == 1)
        [worker] = one.workers()
        os.kill(worker, signal.SIGKILL)
        until(lambda: one.workers() not in ([], [worker]))
        # Nobody has the scan now: its lease has a while to go. What was done stays counted.
        assert caller.counted("vigie_jobs_running", kind="scan") == 0
        assert asked(tmp_path, "SELECT state FROM jobs WHERE kind = 'scan'") == [("running",)]
        assert caller.counted("vigie_imports_total", outcome="done") == 1
        assert caller.counted("vigie_jobs_total", kind="import", outcome="done") == 1
        caller.take_in("CVE-2024-0002")
        until(lambda: caller.counted("vigie_jobs_total", kind="import", outcome="done") == 2)
        assert caller.counted("vigie_imports_total", outcome="done") == 2
        assert caller.counted("vigie_http_requests_total", method="POST", status="202") == 3
        assert one.end() == 0
    assert not (tmp_path / "data" / "metrics").exists()


def test_a_port_that_is_taken_is_told_before_anything_is_made(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with listen("127.0.0.1", 0) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        assert run(["up", "--data", str(tmp_path / "d"), "--listen", where], {}) == 2
    assert "something else listens" in capfd.readouterr().err
    assert not (tmp_path / "d" / "vigie.db").exists()
