"""The runners that ask for much: what they type, what each exit code means, what is left out.

The programs are stand-ins that understand the very options that the real ones do, print what
these print when asked for their version, and leave a report of the golden samples. What the
real ones do was tried with OSV-Scanner 2.5.0, Grype 0.110.0, Checkov 3.3.30, pip-audit 2.10.1
and npm 11.19.1 (`tests/integration/test_real_scanners.py` does it again); the npm package of
Snyk 1.1307.4 was only asked without an account, and Nuclei and ZAP could not be had.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stand_ins import write_program
from vigie.model.runs import Outcome, ProblemCode, Run
from vigie.services.intake import Reading
from vigie.services.scan import ScanOptions, resolve_target, scan
from vigie.wiring.plugs import REPORTS, SCANNERS, Plugs

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
RUNNERS = Plugs(SCANNERS)

# How each is told where to put its report; "" when that is standard output.
OPTIONS = {
    "checkov": "--output-file-path",
    "grype": "--file",
    "npm-audit": "",
    "nuclei": "-json-export",
    "osv-scanner": "",
    "pip-audit": "--output",
    "snyk": "--json-file-output",
    "zap": "-J",
}
SAMPLES = {
    "checkov": "checkov/frameworks.json",
    "grype": "grype/image.json",
    "npm-audit": "npm-audit/npm7.json",
    "nuclei": "nuclei/v3.jsonl",
    "osv-scanner": "osv-scanner/v2.json",
    "pip-audit": "pip-audit/audit.json",
    "snyk": "snyk/projects.json",
    "zap": "zap/plus.json",
}

# It says its version when it is asked, else leaves the report and what it has to say.
PROGRAM = """
import json, os, sys
words = sys.argv[1:]
asked = {{"--version", "version", "-version", "-h", "status", "-templates-version"}}
if asked & set(words[:4]):
    print({version!r})
    sys.exit(0)
if "update" in words or "-update-templates" in words:
    sys.exit(0)
json.dump([words, os.getcwd(), dict(os.environ)], open({log!r}, "w"))
pairs = [*zip(words, words[1:]), *(word.split("=", 1) for word in words if "=" in word)]
place = dict(pairs).get({option!r}, "")
report = {report!r}
if report is not None and not {option!r}:
    sys.stdout.write(report)
elif report is not None:
    if {option!r} == "--output-file-path":
        os.makedirs(place)
        place += "/results_json.json"
    open(place, "w").write(report)
sys.stderr.write({stderr!r})
sys.exit({code})
"""


class Bench:
    """A stand-in on the path, a target of each sort, and what became of a scan."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.shop = folder / "shop"
        self.service = f"http://127.0.0.1:{port}/"
        self.shop.mkdir()
        monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("SNYK_TOKEN", "0" * 36)
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "http_proxy", "HTTP_PROXY"):
            monkeypatch.delenv(name, raising=False)
        self.write("requirements.txt", "jinja2==2.10\n")
        self.write("package-lock.json", '{"lockfileVersion": 3}')

    def write(self, name: str, text: str) -> None:
        path = self.shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def program(
        self, name: str, code: int, report: str | None = "sample", stderr: str = ""
    ) -> None:
        if report == "sample":
            report = (GOLDEN / "reports" / SAMPLES[name]).read_text(encoding="utf-8")
        said = json.loads((GOLDEN / "scanners" / f"{name}.json").read_text(encoding="utf-8"))
        script = PROGRAM.format(
            version=said["output"], log=str(self.log), option=OPTIONS[name], report=report,
            stderr=stderr, code=code,
        )  # fmt: skip
        write_program(self.folder / "bin" / RUNNERS[name].needs.binary, script)

    def scan(self, name: str, target: str = "", **options: object) -> Run:
        place = target or (self.service if name in ("nuclei", "zap") else str(self.shop))
        told = replace(
            ScanOptions(wanted=(name,), folder=self.folder / "none", max_database_age_days=36500),
            **options,  # type: ignore[arg-type]
        )
        readings: list[Reading] = scan([resolve_target(place)], RUNNERS, Plugs(REPORTS), told)
        return readings[0].run

    def call(self) -> tuple[list[str], Path, dict[str, str]]:
        words, folder, environment = json.loads(self.log.read_text())
        return words, Path(folder), environment


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Bench(tmp_path, monkeypatch, server.getsockname()[1])


def told(run: Run) -> list[ProblemCode]:
    """Problems of the run that are more than a note, and not about a record of the sample."""
    return [p.code for p in run.problems if p.code is not ProblemCode.NOTE and not p.record]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("checkov", 1),
        ("grype", 0),
        ("npm-audit", 1),
        ("osv-scanner", 1),
        ("pip-audit", 1),
        ("snyk", 1),
        ("zap", 1),
        ("zap", 2),
    ],
)
def test_findings_are_read_whole(bench: Bench, name: str, code: int) -> None:
    bench.program(name, code)
    run = bench.scan(name)
    assert run.outcome is not Outcome.FAILED, run.problems
    assert run.observations > 0
    assert ProblemCode.CRASHED not in told(run) and ProblemCode.TIMEOUT not in told(run)


def test_nuclei_finds_with_exit_code_0_and_says_what_is_missing(bench: Bench) -> None:
    lines = (GOLDEN / "reports" / SAMPLES["nuclei"]).read_text(encoding="utf-8").splitlines()
    bench.program("nuclei", 0, report=json.dumps([json.loads(line) for line in lines[:2]]))
    run = bench.scan("nuclei")
    assert (run.records, run.outcome) == (2, Outcome.PARTIAL)
    assert told(run) == [ProblemCode.STALE], "there are no templates in this home"


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("checkov", '{"passed": 0, "failed": 0, "checkov_version": "3.3.30"}'),
        ("grype", '{"matches": [], "descriptor": {"name": "grype"}}'),
        ("npm-audit", '{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {}}'),
        ("nuclei", "[]"),
        ("osv-scanner", '{"results": [], "experimental_config": {}}'),
        ("pip-audit", '{"dependencies": [], "fixes": []}'),
        ("snyk", '{"ok": true, "vulnerabilities": [], "projectName": "shop"}'),
        ("zap", '{"@version": "2.16.0", "site": []}'),
    ],
)  # fmt: skip
def test_nothing_found_is_a_run_all_the_same(bench: Bench, name: str, report: str) -> None:
    bench.program(name, 0, report=report)
    run = bench.scan(name)
    assert run.observations == 0
    assert set(told(run)) <= {ProblemCode.STALE}, run.problems
    assert run.outcome is (Outcome.PARTIAL if told(run) else Outcome.COMPLETE)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("checkov", 2),
        ("grype", 1),
        ("npm-audit", 7),
        ("nuclei", 1),
        ("osv-scanner", 127),
        ("osv-scanner", 130),
        ("pip-audit", 1),
        ("snyk", 2),
        ("zap", 3),
    ],
)
def test_a_failure_is_told_with_its_reason(bench: Bench, name: str, code: int) -> None:
    bench.program(name, code, report=None, stderr="cannot go on: the moon is full\n")
    run = bench.scan(name)
    assert run.outcome is Outcome.FAILED
    assert "the moon is full" in str(run.problems[0].message)


@pytest.mark.parametrize(("name", "code"), [("osv-scanner", 128), ("snyk", 3)])
def test_nothing_to_look_at_is_no_failure(bench: Bench, name: str, code: int) -> None:
    bench.program(name, code, report=None)
    run = bench.scan(name)
    assert [problem.code for problem in run.problems[:1]] == [ProblemCode.SKIPPED]


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("osv-scanner", 1, "Error during extraction: (extracting as x) shop.lock: broken"),
        ("osv-scanner", 0, "could not load db for Alpine ecosystem: no such host"),
        ("snyk", 1, "2/5 potential projects failed to get dependencies."),
        ("nuclei", 0, "[INF] Skipped 127.0.0.1 from target list as found unresponsive 30 times"),
        ("zap", 0, "No URLs found - is the target URL accessible?"),
    ],
)
def test_what_was_left_out_on_the_way_makes_the_run_partial(
    bench: Bench, name: str, code: int, words: str
) -> None:
    report = "[]" if name == "nuclei" else "sample"
    bench.program(name, code, report=report, stderr=f"all is well\n{words}\nstill well\n")
    run = bench.scan(name)
    assert run.outcome is Outcome.PARTIAL
    (said,) = [p for p in run.problems if "did not look at everything" in str(p.message)]
    assert words in str(said.message) and "well" not in str(said.message)


@pytest.mark.parametrize("name", ["npm-audit", "pip-audit", "snyk"])
def test_who_needs_a_service_is_not_run_offline(bench: Bench, name: str) -> None:
    bench.program(name, 1)
    run = bench.scan(name, offline=True)
    assert [problem.code for problem in run.problems] == [ProblemCode.SKIPPED]
    assert "not allowed" in str(run.problems[0].message)
    assert not bench.log.exists()


# -- what is particular to one of them


def test_snyk_without_an_account_says_so(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.program("snyk", 1)
    assert bench.scan("snyk").outcome is not Outcome.FAILED
    assert bench.call()[2]["SNYK_TOKEN"] == "0" * 36
    bench.log.unlink()
    monkeypatch.delenv("SNYK_TOKEN")
    run = bench.scan("snyk")
    assert "no account" in str(run.problems[0].message)
    assert not bench.log.exists()
    kept = bench.folder / ".config" / "configstore" / "snyk.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"api": "x"}')
    assert bench.scan("snyk").outcome is not Outcome.FAILED


def test_npm_reports_its_own_failure_in_the_report(bench: Bench) -> None:
    bench.program("npm-audit", 1, report='{"error": {"code": "ENOAUDIT", "summary": "no"}}')
    run = bench.scan("npm-audit")
    assert run.outcome is Outcome.PARTIAL
    assert "npm audit failed: no" in str(run.problems[0].message)


def test_npm_works_on_copies_with_the_registries_only(bench: Bench) -> None:
    bench.write("package.json", '{"name": "shop", "scripts": {"preaudit": "touch x"}}')
    bench.write(
        ".npmrc",
        "registry=https://npm.example/\n@team:registry = https://team.example/\n"
        "script-shell=./evil\n//npm.example/:_authToken=${TOKEN}\nregistry=./evil\n",
    )
    bench.program("npm-audit", 1)
    seen = bench.folder / "seen"
    program = bench.folder / "bin" / "npm"
    program.write_text(
        program.read_text().replace(
            "pairs =", f"import shutil; shutil.copytree(os.getcwd(), {str(seen)!r})\npairs ="
        )
    )
    bench.scan("npm-audit")
    words, folder, _ = bench.call()
    assert not folder.is_relative_to(bench.shop)
    assert {"--package-lock-only", "--ignore-scripts"} <= set(words)
    assert {file.name for file in seen.iterdir()} == {"package.json", "package-lock.json", ".npmrc"}
    assert (seen / ".npmrc").read_text() == (
        "registry=https://npm.example/\n@team:registry = https://team.example/\n"
    )


def test_npm_looks_at_the_first_lock_and_says_what_others_there_are(bench: Bench) -> None:
    bench.write("npm-shrinkwrap.json", "{}")
    bench.program("npm-audit", 1)
    assert told(bench.scan("npm-audit")) == []
    bench.write("web/package-lock.json", "{}")
    run = bench.scan("npm-audit")
    assert run.outcome is Outcome.PARTIAL
    assert any("web/package-lock.json" in str(problem.message) for problem in run.problems)


REQUIREMENTS = """\
# what the shop needs
Flask==0.12.2 --hash=sha256:aa \\
    --hash=sha256:bb
jinja2[async] == 2.10 ; python_version < "3"  # old
-r more.txt
--pre
-e git+https://git.example/x#egg=x
requests>=2
urllib3==1.*
-x
"""


def test_pip_audit_is_given_pinned_requirements_and_told_to_run_nothing(bench: Bench) -> None:
    bench.write("requirements.txt", REQUIREMENTS)
    bench.write("more/requirements-dev.txt", "flask==0.12.2\nJinja2==3.0\npytest===8.0\n")
    bench.program("pip-audit", 1)
    seen = bench.folder / "seen.txt"
    program = bench.folder / "bin" / "pip-audit"
    program.write_text(
        program.read_text().replace(
            "pairs =", f"import shutil; shutil.copy(words[1], {str(seen)!r})\npairs ="
        )
    )
    run = bench.scan("pip-audit")
    words, _, _ = bench.call()
    assert {"--no-deps", "--disable-pip"} <= set(words)
    assert set(seen.read_text().splitlines()) == {"flask==0.12.2", "jinja2==2.10", "pytest==8.0"}
    (said,) = [
        str(p.message) for p in run.problems if "without one plain version" in str(p.message)
    ]
    assert said.startswith("pip-audit left out 4 requirements")
    for word in ("requests>=2", "urllib3==1.*", "git.example", "Jinja2==3.0"):
        assert word in said
    assert run.outcome is Outcome.PARTIAL


def test_checkov_reads_no_configuration_of_the_target(bench: Bench) -> None:
    bench.write(".checkov.yaml", "external-checks-dir: [own]\n")
    bench.program("checkov", 1)
    run = bench.scan("checkov", settings={"checkov": {"config": "mine.yaml"}})
    words, folder, _ = bench.call()
    assert not folder.is_relative_to(bench.shop)
    # Checkov looks for one in what stands behind these as a word of its own.
    assert not {"-d", "--directory"} & set(words)
    assert f"--directory={bench.shop}" in words
    assert words[words.index("--config-file") + 1] == str(Path("mine.yaml").absolute())
    assert words[words.index("--external-checks-dir") + 1].endswith("checks")
    assert any("did not follow .checkov.yaml" in str(p.message) for p in run.problems)


def test_osv_scanner_offline_tells_the_age_of_the_oldest_copy(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.program("osv-scanner", 1)
    assert bench.scan("osv-scanner").database_date == ""
    run = bench.scan("osv-scanner", offline=True)
    assert "--offline" in bench.call()[0]
    assert (run.outcome, told(run)) == (Outcome.PARTIAL, [ProblemCode.STALE])
    for name, time in (("PyPI", 1_700_000_000), ("npm", 1_600_000_000)):
        copy = bench.folder / "db" / "osv-scalibr" / name / "all.zip"
        copy.parent.mkdir(parents=True)
        copy.write_bytes(b"")
        os.utime(copy, (time, time))
    monkeypatch.setenv("OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY", str(bench.folder / "db"))
    run = bench.scan("osv-scanner", offline=True)
    assert (run.database_date, told(run)) == ("2020-09-13T12:26:40+00:00", [])
    old = bench.scan("osv-scanner", offline=True, max_database_age_days=7)
    assert told(old) == [ProblemCode.STALE]


def test_osv_scanner_knows_a_copy_of_an_sbom_by_the_name_it_wants(bench: Bench) -> None:
    report = json.loads((GOLDEN / "reports" / SAMPLES["osv-scanner"]).read_text(encoding="utf-8"))
    sbom = bench.folder / "packages.json"
    sbom.write_text('{"bomFormat": "CycloneDX", "components": []}')
    report["results"] = report["results"][:1]
    report["results"][0]["source"] = {"path": "HERE/sbom.cdx.json", "type": "sbom"}
    bench.program("osv-scanner", 1, report=json.dumps(report))
    program = bench.folder / "bin" / "osv-scanner"
    program.write_text(
        program.read_text().replace(
            "sys.stdout.write(report)", "sys.stdout.write(report.replace('HERE', os.getcwd()))"
        )
    )
    (reading,) = scan(
        [resolve_target(str(sbom))], RUNNERS, Plugs(REPORTS),
        ScanOptions(wanted=("osv-scanner",), folder=bench.folder / "none"),
    )  # fmt: skip
    assert bench.call()[0][-1].endswith("/sbom.cdx.json")
    assert reading.report is not None
    paths = {p.path for o in reading.report.observations for p in o.locations}
    assert paths == {"packages.json"}


def test_nuclei_reads_the_date_of_its_templates_where_it_says_they_are(tmp_path: Path) -> None:
    mark = tmp_path / "my templates" / ".checksum"
    mark.parent.mkdir()
    mark.write_text("")
    os.utime(mark, (1_700_000_000, 1_700_000_000))
    said = (
        f"Nuclei Engine Version: v3.8.0\nPublic nuclei-templates version: v10.4.3 ({mark.parent})"
    )
    found = RUNNERS["nuclei"].read_version(said)
    assert (found.version, found.database_date) == ("3.8.0", "2023-11-14T22:13:20+00:00")


def test_nuclei_reaches_for_nothing_but_the_target(bench: Bench) -> None:
    bench.program("nuclei", 0, report="[]")
    bench.scan("nuclei", bench.service + "a,http://other.example/")
    words, _, _ = bench.call()
    assert {"-no-interactsh", "-disable-update-check", "-omit-raw"} <= set(words)
    assert not any("other.example" in word for word in words)


def test_a_service_that_is_down_fails_the_run(bench: Bench) -> None:
    bench.program("nuclei", 0, report="[]")
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    run = bench.scan("nuclei", f"http://127.0.0.1:{port}/")
    assert run.outcome is Outcome.FAILED
    assert "nothing answers" in str(run.problems[0].message)
    assert not bench.log.exists()
