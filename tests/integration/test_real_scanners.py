"""The real scanners on the shop that is vulnerable on purpose, and our rules on their samples.

They are installed by Vigie itself into a folder that is kept between runs
(`VIGIE_TEST_SCANNERS`, else one in the user's cache); without a registry in reach the tests
say so and skip.
"""

from __future__ import annotations

import gzip
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
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


@pytest.mark.slow
def test_checkov_on_the_shop() -> None:
    reading = look("checkov")
    assert (reading.run.outcome, reading.run.version) == (Outcome.COMPLETE, "3.3.30")
    assert {
        ("CKV_DOCKER_3", "Dockerfile"),
        ("CKV_K8S_17", "infra/shop.yaml"),
        ("CKV_AWS_24", "infra/main.tf"),
    } <= said(reading)


@pytest.mark.slow
def test_checkov_runs_no_program_that_the_target_names(tmp_path: Path) -> None:
    target = tmp_path / "shop"
    (target / "own").mkdir(parents=True)
    (target / "main.tf").write_bytes((SHOP / "infra" / "main.tf").read_bytes())
    (target / ".checkov.yaml").write_text("external-checks-dir:\n  - own\n")
    (target / "own" / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    assert said(look("checkov", target))
    assert not (tmp_path / "ran").exists()


class _Service(http.server.BaseHTTPRequestHandler):
    """What PyPI, OSV and the npm registry would say of the packages of the tests."""

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        asked = json.loads(body)
        if "advisories" in self.path:
            self._say({"left-pad": [NPM_ADVISORY]} if "left-pad" in asked else {})
        else:
            hit = asked["package"]["name"] == "jinja2"
            self._say({"vulns": [OSV_RECORD]} if hit else {})

    def do_GET(self) -> None:
        versions = {v: {"name": "left-pad", "version": v} for v in ("1.0.0", "1.3.0")}
        self._say({"name": "left-pad", "dist-tags": {"latest": "1.3.0"}, "versions": versions})

    def _say(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


NPM_ADVISORY = {
    "id": 1, "url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc", "title": "Pads too far",
    "severity": "high", "vulnerable_versions": "<1.3.0", "cwe": ["CWE-400"],
}  # fmt: skip
OSV_RECORD = {
    "id": "PYSEC-2099-1", "aliases": ["CVE-2099-1"], "details": "Made up.",
    "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z",
    "affected": [{
        "package": {"name": "jinja2", "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.11.3"}]}],
        "versions": ["2.10"],
    }],
}  # fmt: skip


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A service on this machine only."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_pip_audit_asks_about_each_pinned_requirement(tmp_path: Path, service: str) -> None:
    (tmp_path / "requirements.txt").write_text(
        "Jinja2[i18n]==2.10 ; python_version < '3'\nsix==1.0\n"
    )
    settings = {"pip-audit": {"service": "osv", "osv-url": f"{service}/v1/query"}}
    reading = look("pip-audit", tmp_path, offline=False, settings=settings)
    assert reading.run.outcome is Outcome.COMPLETE
    assert reading.report is not None
    (seen,) = reading.report.observations
    assert (seen.rule.id, seen.rule.aliases) == ("PYSEC-2099-1", ("CVE-2099-1",))
    assert seen.component is not None
    assert (seen.component.name, seen.component.version) == ("jinja2", "2.10")
    assert seen.fix.versions == ("2.11.3",)


def test_npm_audit_asks_the_registry_of_the_project(tmp_path: Path, service: str) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not here")
    root = {"name": "shop", "version": "1.0.0", "dependencies": {"left-pad": "1.0.0"}}
    pad = {"version": "1.0.0", "resolved": f"{service}/left-pad-1.0.0.tgz"}
    lock = {**root, "lockfileVersion": 3, "packages": {"": root, "node_modules/left-pad": pad}}
    (tmp_path / "package.json").write_text(json.dumps(root))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / ".npmrc").write_text(f"registry={service}/\n")
    before = sorted(tmp_path.rglob("*"))
    told = ScanOptions(wanted=("npm-audit",), folder=CACHE)
    (reading,) = scan([resolve_target(str(tmp_path))], RUNNERS, Plugs(REPORTS), told)
    assert (reading.run.outcome, reading.run.problems) == (Outcome.COMPLETE, ())
    assert said(reading) == {("GHSA-aaaa-bbbb-cccc", "node_modules/left-pad")}
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def osv_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the OSV database with one record, as OSV-Scanner keeps them."""
    archive = tmp_path / "databases" / "osv-scalibr" / "PyPI" / "all.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("PYSEC-2099-1.json", json.dumps(OSV_RECORD))
    monkeypatch.setenv("OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY", str(tmp_path / "databases"))


@pytest.mark.slow
@pytest.mark.usefixtures("osv_copies")
def test_osv_scanner_leaves_out_folders_of_others_and_names_what_it_had_no_database_for(
    tmp_path: Path,
) -> None:
    target = tmp_path / "vendor" / "my shop"
    for folder in (target, target / "sub" / "vendor", target / "node_modules" / "x"):
        folder.mkdir(parents=True)
        (folder / "requirements.txt").write_text("jinja2==2.10\n")
    reading = look("osv-scanner", target)
    assert reading.run.outcome is Outcome.COMPLETE, reading.run.problems
    assert said(reading) == {("PYSEC-2099-1", "requirements.txt")}
    assert reading.run.database_date
    (target / "Cargo.lock").write_text('[[package]]\nname = "x"\nversion = "1.0.0"\n')
    run = look("osv-scanner", target).run
    assert run.outcome is Outcome.PARTIAL
    assert any("did not look at everything" in str(p.message) for p in run.problems)


@pytest.mark.slow
@pytest.mark.usefixtures("osv_copies")
def test_osv_scanner_on_an_sbom_of_any_name(tmp_path: Path) -> None:
    sbom = tmp_path / "packages.json"
    part = {"type": "library", "name": "jinja2", "version": "2.10", "purl": "pkg:pypi/jinja2@2.10"}
    sbom.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
                                "components": [part]}))  # fmt: skip
    assert said(look("osv-scanner", sbom)) == {("PYSEC-2099-1", "packages.json")}


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.usefixtures("osv_copies")
def test_osv_scanner_does_not_call_an_image_clean_that_it_cannot_judge(corpus: Path) -> None:
    run = look("osv-scanner", corpus / "images" / "alpine-310.docker.tar.gz").run
    assert run.outcome is Outcome.PARTIAL
    assert any("Alpine" in str(problem.message) for problem in run.problems)


@pytest.mark.slow
def test_grype_without_a_database_fails_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its database is not in any package registry.
    monkeypatch.setenv("GRYPE_DB_CACHE_DIR", str(tmp_path / "none"))
    have("grype")
    told = ScanOptions(wanted=("grype",), offline=True, folder=CACHE)
    (reading,) = scan([resolve_target(str(SHOP))], RUNNERS, Plugs(REPORTS), told)
    assert (reading.run.outcome, reading.run.version) == (Outcome.FAILED, "0.110.0")
    assert "database does not exist" in str(reading.run.problems[0].message)
    assert ProblemCode.STALE in [problem.code for problem in reading.run.problems]


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
