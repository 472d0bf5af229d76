"""The gate under attack: whatever is missing, broken, cut or forged, the answer is never yes.

Every case is a call of the command line as a pipeline makes it, over reports written here and over
scanners that stand in for real ones. Most are made in this process, which shows the same; that the
program ends with what the call answers is shown by the first test.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from vigie.faces.cli.main import run

TODAY = datetime.now(UTC).date()  # or yesterday, where midnight passes before the test runs
Json = dict[str, Any]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


def ended(code: int, out: str, err: str) -> Done:
    assert "Traceback" not in err, err
    return Done(code, out, err)


@contextlib.contextmanager
def surroundings(environ: dict[str, str]) -> Iterator[None]:
    """Only these variables, and the time zone that they name."""
    try:
        with mock.patch.dict(os.environ, environ, clear=True):
            time.tzset()
            yield
    finally:
        time.tzset()


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@dataclass(frozen=True)
class Place:
    """A folder with nobody's settings in it, and the program run there."""

    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        return {
            "HOME": str(self.folder / "home"),
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "VIGIE_DATA": str(self.folder / "data"),
            "LC_ALL": "C.UTF-8",
        }

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "vigie", *arguments],
            cwd=self.folder,
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str, **environ: str) -> Done:
        out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
        with (
            surroundings({**self.environ, **environ}),
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run(arguments, os.environ)
        return ended(code, *(_read(stream) for stream in (out, err)))

    def as_a_program(self, *arguments: str) -> Done:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return ended(process.returncode, out, err)

    def write(self, name: str, content: str | Json | list[Any]) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return name

    def program(self, name: str, script: str) -> None:
        path = self.folder / self.write(f"bin/{name}", f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


@pytest.fixture
def vigie(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.write("all.yaml", ALL)
    place.write("lenient.yaml", LENIENT)
    return place


ALL = "name: all\nblock:\n- {name: anything, severity: none}\n"
SEVERE = "name: severe\nblock:\n- {name: severe, severity: high}\n"
# The most forgiving policy that can be written: only what it requires can stop it.
LENIENT = """name: lenient
block: []
require: {scanners: [gitleaks], complete: false}
unknown: ignore
tool_suppressions: accept
"""


def grype(*severities: str, name: str = "shop:1", **changes: Any) -> Json:
    matches = [
        {
            "vulnerability": {"id": f"CVE-2024-10{number:02}", "severity": severity},
            "artifact": {"name": f"lib{number}", "version": "1.0", "type": "npm",
                         "purl": f"pkg:npm/lib{number}@1.0"},
        }
        for number, severity in enumerate(severities)
    ]  # fmt: skip
    return {
        "matches": matches,
        "source": {"type": "image", "target": {"userInput": name}},
        "descriptor": {"name": "grype", "version": "0.90.0"},
        **changes,
    }


def test_the_same_calls_say_yes_where_all_is_well(vigie: Place) -> None:
    """What follows would prove nothing if the gate never said yes."""
    vigie.write("clean.json", grype())
    vigie.write("bad.json", grype("High"))
    vigie.write("failed.json", [])
    for report, code in {"clean.json": 0, "bad.json": 1, "failed.json": 2}.items():
        asked = ("gate", report, "--policy", "all.yaml")
        assert (done := vigie(*asked)).code == code
        assert vigie.as_a_program(*asked) == done
    asked = ("gate", "clean.json", "--policy", "lenient.yaml")
    assert (done := vigie(*asked)).code == 3
    assert vigie.as_a_program(*asked) == done
    vigie.program("gitleaks", gitleaks(GOOD))
    vigie.write("src/a.txt", "x")
    assert vigie("gate", "src", "--policy", "lenient.yaml").code == 0
    vigie.program("trivy", trivy(f"{TODAY}T00:00:00Z"))
    assert vigie("gate", "src", "--with", "trivy", "--offline", "--policy", "all.yaml").code == 0


# -- scanners that stand in for real ones


def gitleaks(scan: str) -> str:
    return (
        '[ "$1" = version ] && { echo 8.30.1; exit 0; }\n'
        'while [ $# -gt 0 ]; do [ "$1" = --report-path ] && out="$2"; shift; done\n' + scan
    )


GOOD = "echo '[]' > \"$out\"; exit 0"


def trivy(updated: str) -> str:
    version = json.dumps({"Version": "0.60.0", "VulnerabilityDB": {"UpdatedAt": updated}})
    report = json.dumps({"SchemaVersion": 2, "ArtifactName": "src", "ArtifactType": "filesystem",
                         "Results": []})  # fmt: skip
    return (
        f"[ \"$1\" = version ] && {{ echo '{version}'; exit 0; }}\n"
        'while [ $# -gt 0 ]; do [ "$1" = --output ] && out="$2"; shift; done\n'
        f"echo '{report}' > \"$out\"; exit 0"
    )


@pytest.mark.parametrize("policy", ["lenient.yaml", "balanced"])
@pytest.mark.parametrize(
    "scan",
    [
        "echo boom >&2; exit 3",
        "exit 0",
        ': > "$out"; exit 0',
        "echo ' ' > \"$out\"; exit 0",
        'printf \'[{"RuleID": "aws", "Fi\' > "$out"; exit 42',
        "echo '{}' > \"$out\"; exit 0",
        "echo 'leaks found: 3' > \"$out\"; exit 42",
        "echo '[]' > \"$out\"; exit 42",  # says that it found something and shows nothing
        "echo '[]' > \"$out\"; exit 1",
        "echo '[]' > \"$out\"; kill -9 $$",
        "sleep 60",
    ],
    ids=["crashed", "no-report", "empty", "blank", "truncated", "other-shape", "no-json",
         "found-nothing-to-show", "wrong-code", "killed", "slow"],
)  # fmt: skip
def test_a_scanner_that_did_not_finish(vigie: Place, scan: str, policy: str) -> None:
    vigie.program("gitleaks", gitleaks(scan))
    vigie.write("src/a.txt", "x")
    limits = ("--with", "gitleaks", "--timeout", "2")
    done = vigie("gate", "src", *limits, "--policy", policy, "--format", "json=r.json")
    assert done.code == 3, done
    assert "gitleaks" in (done.out + done.err).lower()
    assert vigie("gate", "r.json", "--policy", policy).code == 3


def test_a_scan_with_a_policy_answers_as_the_gate_does(vigie: Place) -> None:
    vigie.program("gitleaks", gitleaks("exit 3"))
    vigie.write("src/a.txt", "x")
    assert vigie("scan", "src", "--policy", "lenient.yaml").code == 3


def test_a_required_scanner_that_is_missing(vigie: Place) -> None:
    vigie.write("src/a.py", "x = 1\n")
    vigie.program("bandit", 'echo "bandit 1.9.4"')
    done = vigie("gate", "src", "--with", "gitleaks,bandit", "--policy", "lenient.yaml")
    assert done.code == 3
    # Nobody asked for it by name, but the policy does.
    vigie.program("trivy", trivy(f"{TODAY}T00:00:00Z"))
    (vigie.folder / "bin" / "bandit").unlink()
    done = vigie("gate", "src", "--offline", "--policy", "lenient.yaml")
    assert done.code == 3
    assert "required scanner gitleaks did not look" in done.out


def test_no_scanner_at_all(vigie: Place) -> None:
    vigie.write("src/a.py", "x = 1\n")
    assert vigie("gate", "src").code == 2
    assert vigie("scan", "src", "--policy", "balanced").code == 2


def test_a_required_scanner_that_has_nothing_to_look_at(vigie: Place) -> None:
    vigie.program("gitleaks", gitleaks(GOOD))
    vigie.program("hadolint", 'echo "Haskell Dockerfile Linter 2.15.1"')
    vigie.write("src/a.txt", "x")
    vigie.write("need.yaml", "name: n\nblock: []\nrequire: {scanners: [hadolint], complete: false}")
    for asked in ((), ("--with", "gitleaks,hadolint")):
        assert vigie("gate", "src", *asked, "--policy", "need.yaml").code == 3


@pytest.mark.parametrize("updated", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "soon", ""])
def test_a_database_that_is_too_old_or_of_no_known_age(vigie: Place, updated: str) -> None:
    vigie.program("trivy", trivy(updated))
    vigie.write("src/a.txt", "x")
    vigie.write(
        "fresh.yaml",
        "name: f\nblock: []\nrequire: {scanners: [trivy], complete: false, database_age_days: 7}",
    )
    done = vigie("gate", "src", "--offline", "--policy", "fresh.yaml", "--max-db-age", "99999")
    assert done.code == 3, done


def wait_for(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{path.name} never came")


@pytest.mark.usefixtures("in_a_terminal")
def test_a_scan_that_somebody_stops(vigie: Place) -> None:
    vigie.program("gitleaks", gitleaks(f"touch '{vigie.folder}/started'; sleep 60"))
    vigie.write("src/a.txt", "x")
    scan = vigie.start("scan", "src", "--format", "json=r.json", "--policy", "lenient.yaml")
    wait_for(vigie.folder / "started")
    scan.send_signal(signal.SIGINT)
    _, err = scan.communicate(timeout=60)
    assert scan.returncode == 130, err
    assert vigie("gate", "r.json", "--policy", "lenient.yaml").code == 3


# -- reports


@pytest.mark.parametrize("name", ["report.json", "report"])
@pytest.mark.parametrize(
    "text",
    ["", "\n \n", "{", "[", '{"matches": [{"vulnerability"', "{}", "[]", "null", "\x00\x01\x02",
     "<?xml version='1.0'?><issues><issue>"],
)  # fmt: skip
def test_a_report_that_is_none(vigie: Place, name: str, text: str) -> None:
    """Also where a scanner is at hand that would find nothing in it."""
    vigie.program("gitleaks", gitleaks(GOOD))
    vigie.write(name, text)
    looked_at = vigie("gate", name, "--policy", "all.yaml")
    a_target = name == "report" and text in ("\x00\x01\x02", "[", "[]", "null")
    if a_target:  # a file like any other: it was scanned, and says so
        assert "Gitleaks" in looked_at.err
    else:
        assert looked_at.code == 2, looked_at
    assert vigie("merge", name, "--policy", "all.yaml").code == 2


def test_a_report_that_is_not_there_or_may_not_be_read(vigie: Place) -> None:
    assert vigie("gate", "none.json", "--policy", "all.yaml").code == 2
    (vigie.folder / "folder.json").mkdir()
    assert vigie("merge", "folder.json", "--policy", "all.yaml").code == 2
    # A file that even root cannot read from its start.
    (vigie.folder / "closed.json").symlink_to("/proc/self/mem")
    assert vigie("gate", "closed.json", "--policy", "all.yaml").code == 2
    assert vigie("merge", "closed.json", "--policy", "all.yaml").code == 2


@pytest.mark.parametrize("command", ["gate", "merge"])
def test_one_good_report_and_one_bad(vigie: Place, command: str) -> None:
    vigie.write("good.json", grype())
    vigie.write("bad.json", '{"matches": [')
    vigie.write("open.yaml", "name: o\nblock: []\nrequire: {complete: false}\n")
    files = ("good.json", "bad.json")
    assert vigie(command, *files, "--policy", "balanced").code == 3
    assert vigie(command, *files, "--policy", "open.yaml").code == 2
    vigie.write("good.json", grype("High"))
    assert vigie(command, *files, "--policy", "all.yaml").code == 1


def test_a_report_whose_findings_its_tool_suppresses(vigie: Place) -> None:
    found = grype("Critical", "High")
    ignored = [{**m, "appliedIgnoreRules": [{"vulnerability": "*"}]} for m in found["matches"]]
    vigie.write("r.json", {**found, "matches": [], "ignoredMatches": ignored})
    done = vigie("gate", "r.json", "--policy", "all.yaml")
    assert done.code == 1
    assert "only grype itself suppresses it" in done.out
    assert vigie("gate", "r.json", "--policy", "strict").code == 1


def test_lists_of_components_and_statements_are_no_scan(vigie: Place) -> None:
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
           "components": [{"type": "library", "name": "lib", "version": "1"}]}  # fmt: skip
    vigie.write("bom.json", bom)
    assert vigie("gate", "bom.json").code == 3
    assert vigie("merge", "bom.json", "--policy", "balanced").code == 3


# -- saved results


@pytest.fixture
def saved(vigie: Place) -> Json:
    vigie.write("report.json", grype("Critical", "Low"))
    assert vigie("merge", "report.json", "--format", "json=result.json").code == 0
    result: Json = json.loads((vigie.folder / "result.json").read_text())
    assert vigie("gate", "result.json", "--policy", "all.yaml").code == 1
    return result


def no_runs(result: Json) -> None:
    result["runs"] = []


def no_findings(result: Json) -> None:
    result["findings"] = []


def fewer_findings(result: Json) -> None:
    result["findings"].pop(0)


def other_layout(result: Json) -> None:
    result["schema_version"] = "9.0"


def no_layout(result: Json) -> None:
    result["schema_version"] = None


def odd_outcome(result: Json) -> None:
    result["runs"][0]["outcome"] = "splendid"


def odd_status(result: Json) -> None:
    result["findings"][0]["status"] = "imaginary"


def odd_severity(result: Json) -> None:
    result["findings"][0]["severity"] = "fine"


def failed(result: Json) -> None:
    result["runs"][0]["outcome"] = "failed"
    result["findings"] = []
    result["summary"] = {**result["summary"], "total": 0}


def cut_records(result: Json) -> None:
    result["runs"][0]["observations"] = 0
    result["findings"] = []
    result["summary"] = {**result["summary"], "total": 0}


def runs_of_nothing(result: Json) -> None:
    result["runs"] = [None]


def no_runs_key(result: Json) -> None:
    del result["runs"]


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (no_runs, 3),
        (no_findings, 2),
        (fewer_findings, 2),
        (other_layout, 2),
        (no_layout, 2),
        (odd_outcome, 2),
        (odd_status, 2),
        (odd_severity, 2),
        (failed, 3),
        (cut_records, 3),
        (runs_of_nothing, 2),
        (no_runs_key, 2),
    ],
)
def test_a_forged_result(
    vigie: Place, saved: Json, forge: Callable[[Json], None], code: int
) -> None:
    forge(saved)
    vigie.write("forged.json", saved)
    assert vigie("gate", "forged.json").code == code


def test_a_result_without_priorities_is_ranked_anew(vigie: Place, saved: Json) -> None:
    for finding in saved["findings"]:
        finding["priority"] = None
    vigie.write("bare.json", saved)
    vigie.write("plan.yaml", "name: p\nblock:\n- {name: x, decision: [act now, plan, watch]}\n"
                             "unknown: ignore\n")  # fmt: skip
    assert vigie("gate", "bare.json", "--policy", "plan.yaml").code == 1


def test_half_a_result(vigie: Place, saved: Json) -> None:
    text = json.dumps(saved)
    for name in ("half.json", "half"):
        for end in (0, 1, 40, len(text) // 2, len(text) - 1):
            vigie.write(name, text[:end])
            assert vigie("gate", name).code == 2


def test_what_comes_too_late_is_refused_rather_than_passed_over(vigie: Place, saved: Json) -> None:
    assert saved
    vigie.write("kev.json", {"vulnerabilities": []})
    done = vigie("gate", "result.json", "--kev", "kev.json")
    assert done.code == 2
    assert "--kev" in done.err


# -- policies


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "name: x\n",
        "name: x\nblok:\n- {name: a, severity: high}\n",
        "name: x\nblock:\n- {name: a, severty: high}\n",
        "name: x\nblock:\n- {name: a, severity: hihg}\n",
        "name: x\nblock:\n- {name: a}\n",
        "name: x\nblock: null\n",
        "name: x\nblock: []\nrequire: {scaners: [gitleaks]}\n",
        "name: x\nblock:\n- {name: a, severity: high}\nblock: []\n",
        "name: x\nblock: [{name: a, kev: 'yes'}]\n",
        "\tname: x\n",
        "\x00",
    ],
)
def test_a_policy_with_a_slip(vigie: Place, text: str) -> None:
    vigie.write("clean.json", grype())
    vigie.write("slip.yaml", text)
    done = vigie("gate", "clean.json", "--policy", "slip.yaml")
    assert done.code == 2, done
    assert "slip.yaml" in done.err


def test_a_policy_that_is_a_folder_missing_empty_or_given_twice(vigie: Place) -> None:
    vigie.write("clean.json", grype())
    vigie.program("gitleaks", gitleaks(GOOD))
    vigie.write("src/a.txt", "x")
    for policy in ("src", "strickt", "none.yaml", ""):
        for command in (("gate", "clean.json"), ("merge", "clean.json"), ("scan", "src")):
            assert vigie(*command, "--policy", policy).code == 2, (command, policy)
    twice = ("--policy", "all.yaml", "--policy", "lenient.yaml")
    assert vigie("gate", "clean.json", *twice).code == 2


def test_an_unknown_severity_is_not_below(vigie: Place) -> None:
    vigie.write("r.json", grype("Unknown"))
    for unknown, code in (("incomplete", 3), ("block", 1)):
        vigie.write("severe.yaml", f"{SEVERE}unknown: {unknown}\n")
        assert vigie("gate", "r.json", "--policy", "severe.yaml").code == code
    vigie.write("severe.yaml", SEVERE)
    assert vigie("gate", "r.json", "--policy", "severe.yaml").code == 3


# -- baselines


def test_a_baseline_that_is_missing_broken_or_no_result(vigie: Place, saved: Json) -> None:
    vigie.write("half.json", json.dumps(saved)[:200])
    vigie.write("empty.json", "")
    for baseline in ("none.json", "half.json", "empty.json", "report.json", ".", ""):
        for command in (("gate", "result.json"), ("merge", "report.json")):
            done = vigie(*command, "--policy", "new-only", "--baseline", baseline)
            assert done.code == 2, (command, baseline, done)
    assert vigie("gate", "result.json", "--policy", "new-only").code == 3


def test_a_baseline_of_another_target(vigie: Place, saved: Json) -> None:
    assert saved
    vigie.write("other.json", grype("Critical", "Low", name="till:1"))
    assert vigie("merge", "other.json", "--format", "json=till.json").code == 0
    vigie.write("old.yaml", "name: old\nblock:\n- {name: old, older_than_days: 30}\n")
    for subject in ("result.json", "report.json"):
        done = vigie("gate", subject, "--policy", "new-only", "--baseline", "till.json")
        assert done.code == 1, done
        assert "everything counts as new" in done.err
        assert vigie("gate", subject, "--policy", "old.yaml", "--baseline", "till.json").code == 3


# -- waivers and suppressions


def waiver(expires: object) -> str:
    entry = f"{{id: W1, reason: later, owner: ana, expires: {expires}, asset: '*'}}"
    return f"{ALL}waivers:\n- {entry}\n"


def suppression(expires: object) -> str:
    return (
        f"suppressions:\n- {{id: S1, reason: later, owner: ana, expires: {expires}, asset: '*'}}\n"
    )


# What holds is asked for the waiver and for the suppression alone; where either holds, what asks
# for both at once says 0. (A saved result has its suppressions in it.)
WAIVED, SUPPRESSED = ("--policy", "waived.yaml"), ("--policy", "all.yaml", "--suppress", "s.yaml")
BOTH = (*WAIVED, "--suppress", "s.yaml")
CLOCKS: tuple[dict[str, str], ...] = (
    {"SOURCE_DATE_EPOCH": "0"}, {}, {"TZ": "Pacific/Kiritimati"}, {"TZ": "Etc/GMT+12"},
)  # fmt: skip


@pytest.mark.parametrize(("days", "code"), [(1, 0), (0, 1), (-1, 1), (-20_000, 1)])
def test_expiry_counts_by_the_day_in_utc_wherever_one_is(
    vigie: Place, days: int, code: int
) -> None:
    """On the day itself it holds no longer, in no time zone and by no clock that a build sets."""
    vigie.write("r.json", grype("High"))
    assert vigie("merge", "r.json", "--format", "json=saved.json").code == 0
    asked = [("r.json", WAIVED), ("saved.json", WAIVED), ("r.json", SUPPRESSED)]
    if code:
        asked = [("r.json", BOTH), ("saved.json", WAIVED)]
    for _ in range(2):
        today = datetime.now(UTC).date()
        vigie.write("waived.yaml", waiver(today + timedelta(days=days)))
        vigie.write("s.yaml", suppression(today + timedelta(days=days)))
        codes = [
            (environ, subject, given, vigie("gate", subject, *given, **environ).code)
            for environ in (CLOCKS if days in (0, 1) else CLOCKS[:1])
            for subject, given in asked
        ]
        if datetime.now(UTC).date() == today:  # else midnight passed meanwhile: once more
            break
    assert [one for one in codes if one[-1] != code] == []


def test_a_suppression_that_expires_after_the_result_was_saved(vigie: Place) -> None:
    vigie.write("r.json", grype("High"))
    soon = TODAY + timedelta(days=2)
    vigie.write("s.yaml", suppression(soon))
    saved = ("--format", "json=saved.json", "--suppress", "s.yaml")
    assert vigie("merge", "r.json", *saved).code == 0
    assert vigie("gate", "saved.json", "--policy", "all.yaml").code == 0
    noon = datetime(soon.year, soon.month, soon.day, 12, tzinfo=UTC)
    later = str(int(noon.timestamp()))
    done = vigie("gate", "saved.json", "--policy", "all.yaml", SOURCE_DATE_EPOCH=later)
    assert done.code == 1
    assert "suppression expired" in done.out


def test_a_clock_that_is_none(vigie: Place) -> None:
    vigie.write("r.json", grype())
    done = vigie("gate", "r.json", SOURCE_DATE_EPOCH="9" * 30)
    assert done.code == 2


@pytest.mark.parametrize("text", ["", "suppressions: {}", "suppress: []", "- a", "{"])
def test_a_suppression_file_with_a_slip(vigie: Place, text: str) -> None:
    vigie.write("r.json", grype())
    vigie.write("s.yaml", text)
    assert vigie("gate", "r.json", "--suppress", "s.yaml").code == 2


def test_a_verdict_that_cannot_be_written_down_is_no_yes(vigie: Place) -> None:
    vigie.write("r.json", grype())
    done = vigie("gate", "r.json", "--policy", "all.yaml", "--format", "json=no/such/folder.json")
    assert done.code == 2
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "vigie", "gate", "r.json", "--policy", "all.yaml"],
            cwd=vigie.folder, env=vigie.environ, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert process.returncode not in (0, 1)
