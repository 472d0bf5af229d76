"""The real scanners on the shop that is vulnerable on purpose, and our rules on their samples.

They are installed by Vigie itself into a folder that is kept between runs
(`VIGIE_TEST_SCANNERS`, else one in the user's cache); without a registry in reach the tests
say so and skip.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from vigie.model.observations import Kind
from vigie.model.runs import Outcome, ProblemCode
from vigie.services.intake import Reading
from vigie.services.scan import ScanOptions, resolve_target, scan
from vigie.services.scanners import install
from vigie.sources.scanners.locate import locate
from vigie.wiring.plugs import REPORTS, SCANNERS, Plugs

ROOT = Path(__file__).resolve().parent.parent.parent
SHOP = ROOT / "examples" / "shop"
SAMPLES = ROOT / "tests" / "golden" / "semgrep"
CACHE = Path(
    os.environ.get("VIGIE_TEST_SCANNERS") or Path.home() / ".cache" / "vigie-tests" / "scanners"
)
RUNNERS = Plugs(SCANNERS)


def have(name: str) -> Path:
    """The real program, installed now if it is not yet."""
    scanner = RUNNERS[name]
    located = locate(scanner, CACHE)
    if located is not None and located.own:
        return located.binary
    (done,) = install((name,), RUNNERS, folder=CACHE)
    if done.problem is not None:
        pytest.skip(f"{name} cannot be installed here: {done.problem.message}")
    assert done.binary is not None
    return done.binary


def look(name: str, target: Path = SHOP, **options: object) -> Reading:
    have(name)
    told = replace(ScanOptions(wanted=(name,), offline=True, folder=CACHE), **options)  # type: ignore[arg-type]
    (reading,) = scan([resolve_target(str(target))], RUNNERS, Plugs(REPORTS), told)
    assert reading.report is not None, reading.run.problems
    assert reading.run.records == reading.run.observations, reading.run.problems
    return reading


def said(reading: Reading) -> set[tuple[str, str]]:
    """Rule and file of each observation."""
    assert reading.report is not None
    return {
        (seen.rule.id, place.path)
        for seen in reading.report.observations
        for place in seen.locations
    }


def test_bandit_on_the_shop() -> None:
    reading = look("bandit")
    assert reading.run.outcome is Outcome.COMPLETE
    assert reading.run.version == "1.9.4"
    assert {
        ("B602", "app/pictures.py"),
        ("B201", "app/main.py"),
        ("B608", "app/orders.py"),
    } <= said(reading)


def test_gitleaks_on_the_shop() -> None:
    reading = look("gitleaks")
    assert reading.run.outcome is Outcome.COMPLETE
    assert {
        ("aws-access-token", "app/payments.py"),
        ("generic-api-key", "app/payments.py"),
        ("generic-api-key", "web/config.js"),
    } <= said(reading)
    assert reading.report is not None
    assert {o.kind for o in reading.report.observations} == {Kind.SECRET}


def test_hadolint_on_the_shop() -> None:
    reading = look("hadolint")
    assert reading.run.outcome is Outcome.COMPLETE
    assert {("DL3007", "Dockerfile"), ("DL4000", "Dockerfile")} <= said(reading)


def test_hadolint_reports_a_dockerfile_that_cannot_be_parsed(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nBANANA split\n")
    assert ("DL1000", "Dockerfile") in said(look("hadolint", tmp_path))


@pytest.mark.slow
def test_semgrep_on_the_shop() -> None:
    reading = look("semgrep")
    assert reading.run.outcome is Outcome.COMPLETE
    assert [problem.code for problem in reading.run.problems] == [ProblemCode.NOTE]
    assert {
        ("vigie.python.command-injection", "app/pictures.py"),
        ("vigie.python.sql-injection", "app/orders.py"),
        ("vigie.javascript.command-injection", "web/server.js"),
        ("vigie.dockerfile.download-into-shell", "Dockerfile"),
    } <= said(reading)


@pytest.mark.slow
def test_trivy_on_the_shop_without_a_database() -> None:
    # Its vulnerability database is not in any package registry.
    reading = look("trivy")
    assert reading.run.outcome is Outcome.PARTIAL
    assert [problem.code for problem in reading.run.problems] == [ProblemCode.STALE]
    assert "no vulnerability database" in str(reading.run.problems[0].message)
    files_seen = {path for _, path in said(reading)}
    assert {"Dockerfile", "infra/main.tf", "infra/shop.yaml"} <= files_seen
    assert reading.report is not None
    kinds = {observation.kind for observation in reading.report.observations}
    assert {Kind.MISCONFIGURATION, Kind.SECRET} <= kinds


@pytest.mark.slow
@pytest.mark.corpus
def test_trivy_on_an_image_archive(corpus: Path) -> None:
    reading = look("trivy", corpus / "images" / "alpine-310.docker.tar.gz")
    assert reading.run.outcome is Outcome.PARTIAL
    assert reading.report is not None and reading.report.asset is not None
    assert reading.report.asset.distro.startswith("alpine-3.10")
    assert any(digest.startswith("config:sha256:") for digest in reading.report.asset.digests)


@pytest.mark.parametrize("name", ["bandit", "gitleaks", "hadolint"])
def test_folders_of_others_are_left_out_but_not_because_of_where_the_target_lies(
    tmp_path: Path, name: str
) -> None:
    target = tmp_path / "vendor" / "shop"
    for folder in (target, target / "node_modules" / "x", target / "sub" / "vendor"):
        (folder / "app").mkdir(parents=True)
        for file in ("app/payments.py", "Dockerfile"):
            (folder / file).write_bytes((SHOP / file).read_bytes())
    places = {path for _, path in said(look(name, target))}
    assert places == {"Dockerfile" if name == "hadolint" else "app/payments.py"}


@pytest.mark.parametrize("name", ["bandit", "gitleaks", "hadolint"])
def test_the_same_is_said_wherever_vigie_was_started(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = look(name)
    monkeypatch.chdir(SHOP)
    second = look(name, Path())
    assert first.report is not None and second.report is not None
    key = {o.rule.id + str(o.locations) for o in first.report.observations}
    assert key == {o.rule.id + str(o.locations) for o in second.report.observations}
    assert first.report.asset == second.report.asset


def test_a_clean_folder_is_complete_and_empty(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text('"""Nothing wrong here."""\n')
    for name in ("bandit", "gitleaks"):
        run = look(name, tmp_path).run
        assert (run.outcome, run.records, run.problems) == (Outcome.COMPLETE, 0, ())


@pytest.mark.slow
def test_every_semgrep_rule_of_ours_reports_its_samples_and_nothing_else(tmp_path: Path) -> None:
    program = have("semgrep")
    for sample in SAMPLES.iterdir():
        (tmp_path / sample.stem).write_bytes(sample.read_bytes())
    done = subprocess.run(
        [program, "scan", "--json", "--quiet", "--metrics", "off", "--no-git-ignore",
         "--disable-version-check", "--no-rewrite-rule-ids", "--project-root", ".",
         "--config", str(files("vigie.catalog").joinpath("semgrep")), "."],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert report["errors"] == []
    found = {(r["path"], r["start"]["line"], r["check_id"]) for r in report["results"]}
    expected = {
        (sample.stem, number + 1, mark[1])
        for sample in SAMPLES.iterdir()
        for number, line in enumerate(sample.read_text(encoding="utf-8").splitlines(), 1)
        if (mark := re.search(r"ruleid: (\S+)", line))
    }
    assert found == expected
