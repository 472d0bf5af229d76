"""One task by itself; what scans do as a whole is in test_scan.py."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.stand_ins import StandIn

from vigie.model.runs import Outcome, ProblemCode
from vigie.model.text import T
from vigie.ports.progress import SILENT
from vigie.services.execution import Task, Terms, Workshop, run_task
from vigie.services.targets import resolve_target
from vigie.sources.scanners.locate import Located
from vigie.wiring.plugs import REPORTS, Plugs

TERMS = Terms(60.0, 7, offline=True, excluded=(), settings={})


def workshop(stop: threading.Event | None = None) -> Workshop:
    return Workshop(Plugs(REPORTS), TERMS, SILENT, stop or threading.Event())


def task(folder: Path, binary: str) -> Task:
    located = Located(Path(binary), own=False)
    return Task(StandIn(), resolve_target(str(folder)), located, suits=True, asked=True)


def test_a_task_that_comes_after_the_stop_is_cancelled_without_a_start(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    (reading,) = run_task(task(tmp_path, "/nowhere"), workshop(stop))
    assert reading.run.problems[0].code is ProblemCode.CANCELLED
    assert (reading.run.started, reading.run.ended) == ("", "")


def test_a_program_that_cannot_be_started_fails(tmp_path: Path) -> None:
    (reading,) = run_task(task(tmp_path, "/nowhere/stand-in"), workshop())
    assert reading.run.outcome is Outcome.FAILED
    assert "could not be started" in str(reading.run.problems[0].message)


def test_a_machine_without_room_for_processes_fails_only_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("vigie.sources.scanners.process.subprocess.Popen", refuse)
    (reading,) = run_task(task(tmp_path, "/bin/true"), workshop())
    assert reading.run.outcome is Outcome.FAILED
    assert "Resource temporarily unavailable" in str(reading.run.problems[0].message)
    assert reading.run.coverage is not None


def test_one_scanner_has_one_bench() -> None:
    shop = workshop()
    scanner = StandIn()
    assert shop.bench(scanner) is shop.bench(scanner)
    assert shop.bench(scanner) is not shop.bench(StandIn(name="other", advice=T("x")))
