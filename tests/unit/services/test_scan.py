"""A scanner that did not look at everything says so; it is never silently 'no findings'."""

from __future__ import annotations

import json
import os
import signal
import stat
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.stand_ins import FOUND, NOTHING, StandIn, report_script, write_program

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.runs import Outcome, ProblemCode, Run
from vigie.model.text import T, Text
from vigie.ports.progress import Job
from vigie.ports.scanners import Command, Recipe, Scanner
from vigie.services.intake import Reading
from vigie.services.scan import ScanOptions, resolve_target, scan
from vigie.wiring.plugs import REPORTS, Plugs

PARSERS = Plugs(REPORTS)


class Recorder:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.started_jobs: list[str] = []
        self.steps: list[str] = []
        self.ends: dict[str, tuple[Outcome, str]] = {}

    def planned(self, jobs: Sequence[Job]) -> None:
        self.jobs += jobs

    def started(self, job: Job) -> None:
        self.started_jobs.append(job.name)

    def advanced(self, job: Job, step: Text) -> None:
        self.steps.append(str(step))

    def finished(self, job: Job, outcome: Outcome, summary: Text, seconds: float) -> None:
        assert seconds >= 0
        self.ends[job.name] = (outcome, str(summary))


class Yard:
    """A target to scan and a path on which stand-ins are put."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bin = folder / "bin"
        self.target = folder / "shop"
        self.target.mkdir()
        self.options = ScanOptions(folder=folder / "none", timeout=60, jobs=2)
        self.scanners: dict[str, Scanner] = {}
        self.progress = Recorder()
        self.tmp = folder / "tmp"
        self.tmp.mkdir()
        monkeypatch.setenv("PATH", f"{self.bin}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setattr("tempfile.tempdir", str(self.tmp))

    def add(self, scanner: StandIn, script: str | None) -> StandIn:
        self.scanners[scanner.name] = scanner
        if script is not None:
            write_program(self.bin / scanner.name, script)
        return scanner

    def scan(self, *wanted: str, stop: threading.Event | None = None) -> list[Reading]:
        readings = scan(
            [resolve_target(str(self.target))],
            self.scanners,
            PARSERS,
            replace(self.options, wanted=wanted),
            self.progress,
            stop=stop,
        )
        assert list(self.tmp.iterdir()) == [], "a workspace was left behind"
        return readings

    def run(self, script: str | None, *wanted: str, **of: object) -> Run:
        """The one run of a stand-in that does this."""
        self.add(StandIn(**of), script)  # type: ignore[arg-type]
        (reading,) = self.scan(*wanted)
        return reading.run


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Yard:
    return Yard(tmp_path, monkeypatch)


def run_of(readings: list[Reading]) -> Run:
    (reading,) = readings
    return reading.run


def codes(run: Run) -> list[ProblemCode]:
    return [problem.code for problem in run.problems]


def test_a_good_run_is_complete_and_dated(yard: Yard) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    yard.add(StandIn(), report_script(FOUND, 1))
    (reading,) = yard.scan()
    run = reading.run
    assert (run.outcome, run.records, run.observations, run.problems) == (
        Outcome.COMPLETE, 1, 1, (),
    )  # fmt: skip
    assert (run.tool, run.format, run.version, run.file) == ("grype", "grype", "1.2.3", "")
    assert before <= datetime.fromisoformat(run.started) <= datetime.fromisoformat(run.ended)
    assert run.started.endswith("Z")
    assert yard.progress.ends == {"stand-in": (Outcome.COMPLETE, "1 observation")}
    assert yard.progress.jobs == [Job("stand-in", "Stand-in", str(yard.target))]


def test_paths_and_asset_are_the_targets_own(yard: Yard) -> None:
    yard.add(StandIn(), report_script(FOUND, 1))
    (reading,) = yard.scan()
    assert reading.report is not None and reading.report.asset is not None
    assert reading.report.asset.name == "shop"
    assert reading.report.asset.kind is AssetKind.REPOSITORY
    assert [p.path for o in reading.report.observations for p in o.locations] == ["package.json"]


def test_nothing_found_is_complete(yard: Yard) -> None:
    run = yard.run(report_script(NOTHING, 0))
    assert (run.outcome, run.records, run.problems) == (Outcome.COMPLETE, 0, ())


def test_crash_fails_with_the_last_words_and_without_secrets(yard: Yard) -> None:
    run = yard.run(
        report_script(None, 3, extra="print('no way: password=hunter22', file=sys.stderr)")
    )
    assert run.outcome is Outcome.FAILED
    assert codes(run) == [ProblemCode.CRASHED]
    assert "exit code 3" in str(run.problems[0].message)
    assert "no way" in str(run.problems[0].message)
    assert "hunter22" not in str(run.problems[0].message)
    assert str(run.problems[0].hint)


def test_crash_after_a_report_keeps_what_was_found(yard: Yard) -> None:
    run = yard.run(report_script(FOUND, 3))
    assert (run.outcome, run.observations) == (Outcome.PARTIAL, 1)
    assert codes(run) == [ProblemCode.CRASHED]


def test_crash_with_an_empty_result_is_not_no_findings(yard: Yard) -> None:
    run = yard.run(report_script(NOTHING, 3))
    assert run.outcome is Outcome.FAILED


def test_killed_by_a_signal(yard: Yard) -> None:
    run = yard.run("import os; os.kill(os.getpid(), 9)")
    assert codes(run) == [ProblemCode.CRASHED]
    assert "SIGKILL" in str(run.problems[0].message)


def test_timeout_fails(yard: Yard) -> None:
    yard.options = replace(yard.options, timeout=0.5)
    run = yard.run("import time; time.sleep(600)")
    assert (run.outcome, codes(run)) == (Outcome.FAILED, [ProblemCode.TIMEOUT])


def test_missing_although_asked_for_fails(yard: Yard) -> None:
    run = yard.run(None, "stand-in")
    assert (run.outcome, codes(run)) == (Outcome.FAILED, [ProblemCode.MISSING])
    assert "get it" in str(run.problems[0].hint)


def test_missing_and_not_asked_for_is_no_run(yard: Yard) -> None:
    yard.add(StandIn(name="absent"), None)
    yard.add(StandIn(), report_script(FOUND, 1))
    assert len(yard.scan()) == 1
    assert len(yard.scan("auto")) == 1
    assert len(yard.scan("auto", "absent")) == 2


def test_not_for_this_target_although_asked_for_is_skipped(yard: Yard) -> None:
    run = yard.run(report_script(FOUND, 1), "stand-in", kinds=(AssetKind.IMAGE,))
    assert (run.outcome, codes(run)) == (Outcome.FAILED, [ProblemCode.SKIPPED])


def test_nothing_in_the_target_for_it(yard: Yard) -> None:
    yard.add(StandIn(name="other"), report_script(FOUND, 1))
    yard.add(StandIn(empty=True), report_script(FOUND, 1))
    assert len(yard.scan()) == 1
    assert yard.progress.ends["stand-in"] == (Outcome.COMPLETE, "nothing here for it")
    skipped = yard.scan("other", "stand-in")[1].run
    assert (skipped.outcome, codes(skipped)) == (Outcome.FAILED, [ProblemCode.SKIPPED])


def test_an_exit_code_can_say_that_there_is_nothing_for_it(yard: Yard) -> None:
    yard.add(StandIn(nothing=frozenset({128})), report_script(None, 128))
    yard.add(StandIn("other"), report_script(NOTHING, 0))
    assert len(yard.scan()) == 1
    run = run_of(yard.scan("stand-in"))
    assert (run.outcome, run.problems[0].code) == (Outcome.FAILED, ProblemCode.SKIPPED)
    assert "holds nothing" in str(run.problems[0].message)


@pytest.mark.parametrize("wanted", [("stand-in",), ()])
def test_a_scanner_that_cannot_look_as_things_are_says_why(
    yard: Yard, wanted: tuple[str, ...]
) -> None:
    yard.add(StandIn(refusal=UserError(T("no token"), T("get one"))), report_script(FOUND, 1))
    run = run_of(yard.scan(*wanted))
    assert (run.outcome, run.observations) == (Outcome.FAILED, 0)
    (problem,) = run.problems
    assert (problem.code, str(problem.message)) == (ProblemCode.SKIPPED, "no token")
    assert str(problem.hint) == "get one"


def test_a_scanner_that_needs_the_network_is_left_out_offline_unless_asked_for(yard: Yard) -> None:
    yard.add(StandIn(network=True), report_script(FOUND, 1))
    yard.add(StandIn("other"), report_script(NOTHING, 0))
    yard.options = replace(yard.options, offline=True)
    (reading,) = yard.scan()
    assert reading.run.outcome is Outcome.COMPLETE
    assert yard.progress.ends["stand-in"] == (Outcome.COMPLETE, "left out: it needs the network")
    assert codes(run_of(yard.scan("stand-in"))) == [ProblemCode.SKIPPED]
    yard.options = replace(yard.options, offline=False)
    assert run_of(yard.scan("stand-in")).observations == 1


def test_words_on_standard_error_can_say_that_something_was_left_out(yard: Yard) -> None:
    said = "sys.stderr.write('ERROR could not read shop.lock\\nINFO all is well\\n')"
    scanner = yard.add(StandIn(left_out=r"could not read"), report_script(FOUND, 1, extra=said))
    run = run_of(yard.scan())
    assert (run.outcome, run.observations) == (Outcome.PARTIAL, 1)
    assert "could not read shop.lock" in str(run.problems[0].message)
    assert "all is well" not in str(run.problems[0].message)
    scanner.left_out = r"could not write"
    assert run_of(yard.scan()).outcome is Outcome.COMPLETE


@pytest.mark.parametrize(("days", "outcome"), [(1, Outcome.COMPLETE), (30, Outcome.PARTIAL)])
def test_the_age_that_only_the_runner_knows_counts_too(
    yard: Yard, days: int, outcome: Outcome
) -> None:
    date = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    yard.add(StandIn(own_date=date), report_script(NOTHING, 0))
    run = run_of(yard.scan())
    assert (run.outcome, run.database_date) == (outcome, date)


def test_nobody_with_anything_to_look_at_is_an_error(yard: Yard) -> None:
    yard.add(StandIn(empty=True), report_script(FOUND, 1))
    with pytest.raises(UserError, match="anything to look at"):
        yard.scan()


def test_no_scanner_at_all_is_an_error_with_the_command_that_helps(yard: Yard) -> None:
    yard.add(StandIn(recipe=Recipe("pypi", ("stand-in==1",))), None)
    yard.add(StandIn("by-hand"), None)
    with pytest.raises(UserError, match="no scanner is installed") as caught:
        yard.scan()
    assert str(caught.value.hint) == ("Get one where Vigie runs: vigie scanners install stand-in")


def test_only_scanners_of_other_targets_is_an_error(yard: Yard) -> None:
    yard.add(StandIn(kinds=(AssetKind.IMAGE,)), report_script(FOUND, 1))
    with pytest.raises(UserError, match="this kind of target"):
        yard.scan()


def test_unknown_name_is_an_error(yard: Yard) -> None:
    yard.add(StandIn(), report_script(FOUND, 1))
    with pytest.raises(UserError, match="no scanner nonesuch") as caught:
        yard.scan("nonesuch")
    assert "stand-in" in str(caught.value.hint)


@pytest.mark.parametrize("report", [None, ""])
def test_empty_report_fails(yard: Yard, report: str | None) -> None:
    run = yard.run(report_script(report, 0))
    assert (run.outcome, codes(run)) == (Outcome.FAILED, [ProblemCode.REPORT])
    assert "empty report" in str(run.problems[0].message)


def test_truncated_report_fails_and_names_no_temporary_file(yard: Yard) -> None:
    run = yard.run(report_script(json.dumps(FOUND)[:80], 1))
    assert (run.outcome, codes(run)) == (Outcome.FAILED, [ProblemCode.REPORT])
    assert "truncated" in str(run.problems[0].message)
    assert str(yard.tmp) not in str(run.problems[0].message)


def test_found_without_records_is_partial(yard: Yard) -> None:
    run = yard.run(report_script(NOTHING, 1))
    assert (run.outcome, codes(run)) == (Outcome.PARTIAL, [ProblemCode.REPORT])


def test_clean_with_records_is_noted(yard: Yard) -> None:
    run = yard.run(report_script(FOUND, 0))
    assert (run.outcome, codes(run)) == (Outcome.COMPLETE, [ProblemCode.NOTE])


def date(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def test_stale_database_is_partial(yard: Yard) -> None:
    run = yard.run(report_script(NOTHING, 0), has_database=True, date=date(days=30))
    assert (run.outcome, codes(run)) == (Outcome.PARTIAL, [ProblemCode.STALE])
    assert "30 days old, more than 7" in str(run.problems[0].message)
    assert run.database_date


def test_fresh_database_is_complete(yard: Yard) -> None:
    run = yard.run(report_script(NOTHING, 0), has_database=True, date=date(hours=2))
    assert (run.outcome, run.problems) == (Outcome.COMPLETE, ())


def test_a_database_from_the_future_is_of_unknown_age(yard: Yard) -> None:
    run = yard.run(report_script(NOTHING, 0), has_database=True, date=date(days=-400))
    assert (run.outcome, codes(run)) == (Outcome.PARTIAL, [ProblemCode.STALE])
    assert "yet to come" in str(run.problems[0].message)
    slightly = yard.run(report_script(NOTHING, 0), has_database=True, date=date(hours=-6))
    assert slightly.outcome is Outcome.COMPLETE


def test_greatest_age_is_an_option(yard: Yard) -> None:
    yard.options = replace(yard.options, max_database_age_days=60)
    run = yard.run(report_script(NOTHING, 0), has_database=True, date=date(days=30))
    assert run.outcome is Outcome.COMPLETE


def test_database_of_unknown_age_is_partial(yard: Yard) -> None:
    run = yard.run(report_script(NOTHING, 0), has_database=True)
    assert (run.outcome, codes(run)) == (Outcome.PARTIAL, [ProblemCode.STALE])


class Refreshed(StandIn):
    """Its database is new once it has been brought up to date."""

    def refresh_command(self, _binary: Path, /) -> Command | None:
        self.date = date(minutes=1)
        return Command(["/bin/true"])


def test_old_database_is_brought_up_to_date_first(yard: Yard) -> None:
    yard.add(Refreshed(has_database=True, date=date(days=30)), report_script(NOTHING, 0))
    (reading,) = yard.scan()
    assert reading.run.outcome is Outcome.COMPLETE
    assert "updates its database" in yard.progress.steps


def test_offline_leaves_the_database_alone_and_tells_the_scanner(yard: Yard) -> None:
    yard.options = replace(yard.options, offline=True)
    scanner = Refreshed(has_database=True, date=date(days=30))
    yard.add(scanner, report_script(NOTHING, 0))
    (reading,) = yard.scan()
    assert codes(reading.run) == [ProblemCode.STALE]
    assert [seen.offline for seen in scanner.settings_seen] == [True]


def test_failed_refresh_is_noted_beside_the_age(yard: Yard) -> None:
    run = yard.run(
        report_script(NOTHING, 0),
        has_database=True,
        date=date(days=30),
        refresh=Command(["/bin/sh", "-c", "echo no route >&2; exit 1"]),
    )
    assert codes(run) == [ProblemCode.STALE, ProblemCode.NOTE]
    assert "no route" in str(run.problems[1].message)


def test_settings_reach_their_scanner(yard: Yard) -> None:
    yard.options = replace(yard.options, settings={"stand-in": {"config": "x"}, "other": {}})
    scanner = yard.add(StandIn(), report_script(NOTHING, 0))
    yard.scan()
    assert [dict(seen.settings) for seen in scanner.settings_seen] == [{"config": "x"}]


def test_scanners_run_side_by_side_and_come_back_in_order(yard: Yard) -> None:
    meet = (
        "mine, other = (os.path.join(sys.argv[1], n) for n in {!r})\n"
        "open(mine, 'w').close()\n"
        "while not os.path.exists(other): time.sleep(0.01)"
    )
    yard.add(StandIn(name="b"), report_script(FOUND, 1, extra=meet.format(("b", "a"))))
    yard.add(StandIn(name="a"), report_script(NOTHING, 0, extra=meet.format(("a", "b"))))
    assert [reading.run.records for reading in yard.scan()] == [0, 1]


def test_the_workspace_is_private(yard: Yard) -> None:
    mode = (
        "open(sys.argv[1] + '/mode', 'w').write(str(os.stat(os.path.dirname(sys.argv[2])).st_mode))"
    )
    yard.run(report_script(NOTHING, 0, extra=mode))
    assert stat.S_IMODE(int((yard.target / "mode").read_text())) == 0o700


def test_cancelling_keeps_what_had_finished(yard: Yard) -> None:
    stop = threading.Event()
    yard.options = replace(yard.options, jobs=2)
    yard.add(StandIn(name="a"), report_script(FOUND, 1))
    slow = "open(sys.argv[1] + '/started', 'w').close(); time.sleep(600)"
    yard.add(StandIn(name="b"), report_script(FOUND, 1, extra=slow))
    yard.add(StandIn(name="c"), report_script(FOUND, 1, extra=slow))

    def cancel() -> None:
        for _ in range(6000):  # a minute: a test that fails must not hang
            if "a" in yard.progress.ends and (yard.target / "started").exists():
                break
            time.sleep(0.01)
        stop.set()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    runs = [reading.run for reading in yard.scan(stop=stop)]
    canceller.join()
    assert [run.outcome for run in runs] == [Outcome.COMPLETE, Outcome.FAILED, Outcome.FAILED]
    assert codes(runs[1]) == codes(runs[2]) == [ProblemCode.CANCELLED]
    assert set(yard.progress.ends) == {"a", "b", "c"}


@pytest.mark.usefixtures("in_a_terminal")
def test_control_c_returns_what_there_is(yard: Yard) -> None:
    slow = "open(sys.argv[1] + '/started', 'w').close(); time.sleep(600)"
    yard.add(StandIn(), report_script(FOUND, 1, extra=slow))
    main = threading.main_thread().ident
    assert main is not None

    def press() -> None:
        for _ in range(6000):
            if (yard.target / "started").exists():
                break
            time.sleep(0.01)
        signal.pthread_kill(main, signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    clock = time.monotonic()
    (reading,) = yard.scan()
    presser.join()
    assert codes(reading.run) == [ProblemCode.CANCELLED]
    assert time.monotonic() - clock < 30


def test_several_targets_each_have_their_run(yard: Yard) -> None:
    other = yard.target.parent / "other"
    other.mkdir()
    yard.add(StandIn(has_database=True, date=date(hours=1)), report_script(FOUND, 1))
    targets = [resolve_target(str(yard.target)), resolve_target(str(other))]
    readings = scan(targets, yard.scanners, PARSERS, yard.options)
    assets = [r.report.asset.name for r in readings if r.report and r.report.asset]
    assert assets == ["shop", "other"]
