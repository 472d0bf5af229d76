"""The templates in deploy/ci: valid by their schemas, and their scripts run for real.

GitHub and GitLab are played by this test: it fills in expressions and inputs, sets the
variables that a runner sets, and runs the scripts with the shells that they would.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / "deploy" / "ci" / "github"
GITLAB = ROOT / "deploy" / "ci" / "gitlab" / "vigie.gitlab-ci.yml"
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
ACTION: dict[str, Any] = yaml.safe_load((GITHUB / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
REPORTS = ("container-scanning", "dependency-scanning", "sast")


# -- schemas


def check_schema(name: str, *files: Path) -> subprocess.CompletedProcess[str]:
    """check-jsonschema with a schema that it carries itself: no network."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", name, *map(str, files)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def gitlab_documents(folder: Path, inputs: dict[str, Any]) -> tuple[Path, Path]:
    """The header and the job with its inputs filled in, each a file as GitLab sees it."""
    header, body = yaml.safe_load_all(GITLAB.read_text())
    given = {k: v["default"] for k, v in header["spec"]["inputs"].items() if "default" in v}
    files = (folder / "header.yml", folder / "job.yml")
    files[0].write_text(yaml.safe_dump(header))
    files[1].write_text(yaml.safe_dump(interpolate(body, {**given, **inputs})))
    return files


def interpolate(value: Any, inputs: dict[str, Any]) -> Any:
    """As GitLab does: in the parsed tree, so that an input is never a piece of YAML."""
    if isinstance(value, dict):
        return {interpolate(k, inputs): interpolate(v, inputs) for k, v in value.items()}
    if isinstance(value, list):
        return [interpolate(item, inputs) for item in value]
    if not isinstance(value, str):
        return value
    whole = re.fullmatch(r"\$\[\[ inputs\.([\w-]+) ]]", value)
    if whole:
        return inputs[whole[1]]
    return re.sub(r"\$\[\[ inputs\.([\w-]+) ]]", lambda m: str(inputs[m[1]]), value)


def test_the_github_files_fit_their_schemas() -> None:
    done = check_schema("vendor.github-actions", GITHUB / "action.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    done = check_schema("vendor.github-workflows", GITHUB / "example.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_gitlab_include_fits_its_schema(tmp_path: Path) -> None:
    files = gitlab_documents(tmp_path, {"package": "vigie.whl"})
    done = check_schema("vendor.gitlab-ci", *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_slip_is_seen_by_the_schemas(tmp_path: Path) -> None:
    header, job = gitlab_documents(tmp_path, {"package": "vigie.whl"})
    job.write_text(job.read_text().replace("when: always", "when: allways"))
    assert check_schema("vendor.gitlab-ci", header, job).returncode != 0


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """The program; built once where there is a Go toolchain."""
    found = shutil.which("actionlint")
    if found:
        return Path(found)
    tools = ROOT / ".venv" / "tools"
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if not (tools / "actionlint").is_file():
        if go is None:
            pytest.skip("no actionlint and no Go toolchain to build it with on this machine")
        built = subprocess.run(
            [go, "install", ACTIONLINT],
            env={**os.environ, "GOBIN": str(tools)}, capture_output=True, text=True, timeout=600,
            check=False,
        )  # fmt: skip
        if built.returncode:
            pytest.skip(f"actionlint cannot be built here: {built.stderr.strip()[-200:]}")
    return tools / "actionlint"


def lint(actionlint: Path, folder: Path, workflow: str) -> subprocess.CompletedProcess[str]:
    """actionlint over a repository that brings the action itself, so that inputs are checked."""
    action = folder / "deploy" / "ci" / "github"
    action.mkdir(parents=True)
    shutil.copy(GITHUB / "action.yml", action)
    workflows = folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (folder / ".git").mkdir()
    local, count = re.subn(r"uses: OWNER/vigie/(\S+)@\S+", r"uses: ./\1", workflow)
    assert count == 1
    (workflows / "vigie.yml").write_text(local)
    return subprocess.run([actionlint], cwd=folder, capture_output=True, text=True, check=False)


def test_actionlint_has_nothing_to_say(actionlint: Path, tmp_path: Path) -> None:
    done = lint(actionlint, tmp_path, (GITHUB / "example.yml").read_text())
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong"), [("policy:", "polcy:"), ("outputs.outcome", "outputs.result-code")]
)
def test_actionlint_sees_a_slip(actionlint: Path, tmp_path: Path, right: str, wrong: str) -> None:
    workflow = (GITHUB / "example.yml").read_text()
    assert lint(actionlint, tmp_path, workflow.replace(right, wrong)).returncode == 1


# -- what the templates promise


def test_no_expression_reaches_a_script() -> None:
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) >= 4
    assert [script for script in scripts if "${{" in script] == []
    _, body = yaml.safe_load_all(GITLAB.read_text())
    (job,) = body.values()
    assert "$[[" not in "\n".join((*job["before_script"], *job["script"]))


def test_every_input_is_used_and_explained() -> None:
    text = yaml.safe_dump(STEPS)
    for name, said in ACTION["inputs"].items():
        assert said["description"], name
        assert f"inputs.{name}" in text, name
    header, body = yaml.safe_load_all(GITLAB.read_text())
    for name, said in header["spec"]["inputs"].items():
        assert said["description"], name
        assert f"inputs.{name}" in yaml.safe_dump(body), name


def test_the_page_tells_every_input() -> None:
    _, github, gitlab = re.split(
        r"^## Git(?:Hub|Lab)$", (ROOT / "docs/guides/ci.md").read_text(), flags=re.MULTILINE
    )
    header, _ = yaml.safe_load_all(GITLAB.read_text())
    for page, inputs in ((github, ACTION["inputs"]), (gitlab, header["spec"]["inputs"])):
        rows = "\n".join(line for line in page.splitlines() if line.startswith("| `"))
        told = set(re.findall(r"`([\w-]+)`", "\n".join(row.split("|")[1] for row in
                                                       rows.splitlines())))  # fmt: skip
        assert told == set(inputs)


def test_actions_of_others_are_named_by_a_version() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert [u for u in used if not re.fullmatch(r"[\w./-]+@(v\d+|[0-9a-f]{40})", u)] == []


def test_gitlab_gets_its_reports_also_from_a_job_that_fails() -> None:
    _, body = yaml.safe_load_all(GITLAB.read_text())
    (job,) = body.values()
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"] == {
        name.replace("-", "_"): f"gl-{name}-report.json" for name in REPORTS
    }
    assert "vigie-result.json" in job["artifacts"]["paths"]


def test_nothing_that_vigie_ends_with_is_let_through_by_default() -> None:
    header, _ = yaml.safe_load_all(GITLAB.read_text())
    allowed = header["spec"]["inputs"]["allow-exit-codes"]["default"]
    assert not {0, 1, 2, 3, 70, 130, 141} & set(allowed)


# -- a runner


SCANNERS = {
    "gitleaks": (
        '[ "$1" = version ] && { echo 8.30.1; exit 0; }\n'
        'while [ $# -gt 0 ]; do [ "$1" = --report-path ] && out="$2"; shift; done\n'
        'if [ -f "$HOME/leak" ]; then cp "$HOME/leak" "$out"; exit 42; fi\n'
        "echo '[]' > \"$out\""
    ),
    "bandit": (
        '[ "$1" = --version ] && { echo "bandit 1.9.4"; exit 0; }\n'
        'while [ $# -gt 0 ]; do [ "$1" = --output ] && out="$2"; shift; done\n'
        'echo \'{"errors": [], "metrics": {"_totals": {}}, "results": []}\' > "$out"'
    ),
    "hadolint": (
        '[ "$1" = --version ] && { echo "Haskell Dockerfile Linter 2.15.1"; exit 0; }\necho "[]"'
    ),
}
LEAK = [
    {
        "RuleID": "aws-access-token", "Description": "AWS", "File": "app/settings.py",
        "StartLine": 3, "EndLine": 3, "StartColumn": 1, "EndColumn": 20,
        "Match": "AKIAXXXXXXXXXXXXXXXX", "Secret": "AKIAXXXXXXXXXXXXXXXX", "Commit": "",
        "Entropy": 3.0, "Author": "", "Email": "", "Date": "", "Message": "", "Tags": [],
        "Fingerprint": "app/settings.py:aws-access-token:3",
    }
]  # fmt: skip
# A Python whose virtual environments hold this Vigie, and which tells what pip was asked for.
PYTHON = f"""#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    printf '#!/bin/sh\\n[ "$1 $2" = "scanners install" ] && {{ echo "$4" >> "%s/installed"; \\
        [ "$4" != trivy ]; exit; }}\\nexec "{sys.executable}" -m vigie "$@"\\n' "$HOME" \\
        > "$3/bin/vigie"
    chmod +x "$3/bin/vigie"
else
    printf '%s\\n' "$*" >> "$HOME/pip"
fi
"""


@dataclass
class Runner:
    """A machine with a checkout of examples/shop and scanners that stand in for real ones."""

    folder: Path
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.temp = self.folder / "temp folder"
        self.checkout = self.folder / "checkout"
        for folder in (self.home, self.temp, self.folder / "bin"):
            folder.mkdir(parents=True)
        shutil.copytree(ROOT / "examples" / "shop", self.checkout)
        for name, script in SCANNERS.items():
            self.program(name, f"#!/bin/sh\n{script}\n")
        self.program("python3", PYTHON)

    def program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def leak(self) -> None:
        (self.home / "leak").write_text(json.dumps(LEAK))

    @property
    def environ(self) -> dict[str, str]:
        path = f"{self.folder / 'bin'}:/usr/bin:/bin"
        return {"HOME": str(self.home), "PATH": path, "LC_ALL": "C.UTF-8"}

    def lines(self, name: str) -> list[str]:
        path = self.home / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


# -- GitHub


def fill(value: str, runner: Runner, inputs: dict[str, str]) -> str:
    """The few expressions that the action uses."""

    def one(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name == "runner.temp":
            return str(runner.temp)
        if name.startswith("inputs."):
            return inputs[name.removeprefix("inputs.")]
        _, step, _, output = name.split(".")
        return runner.outputs.get(step, {}).get(output, "")

    return re.sub(r"\$\{\{(.*?)}}", one, value)


def run_step(runner: Runner, step_id: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One `run` step, as the runner would: bash -eo pipefail, its outputs read afterwards."""
    step = next(step for step in STEPS if step.get("id") == step_id)
    inputs = {name: str(said.get("default", "")) for name, said in ACTION["inputs"].items()}
    inputs |= {name.replace("_", "-").strip("-"): value for name, value in given.items()}
    outputs, summary = runner.temp / "outputs", runner.temp / "summary.md"
    outputs.write_text("")
    script = runner.temp / "step.sh"
    script.write_text(step["run"])
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=runner.checkout,
        env={
            **runner.environ,
            "RUNNER_TEMP": str(runner.temp),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_ACTION_PATH": str(GITHUB),
            **{k: fill(v, runner, inputs) for k, v in step.get("env", {}).items()},
        },
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    pairs = (line.partition("=") for line in outputs.read_text().splitlines())
    runner.outputs[step_id] = {name: value for name, _, value in pairs}
    return done


def install(runner: Runner, **given: str) -> subprocess.CompletedProcess[str]:
    runner.outputs["python"] = {"python-path": str(runner.folder / "bin" / "python3")}
    return run_step(runner, "install", **given)


def scan(runner: Runner, **given: str) -> dict[str, str]:
    """The outputs of the scan; the step itself must never fail, or nothing would be published."""
    assert install(runner).returncode == 0
    done = run_step(runner, "scan", **given)
    assert done.returncode == 0, done.stderr
    return runner.outputs["scan"]


def verdict(runner: Runner) -> int:
    return run_step(runner, "verdict").returncode


def test_the_action_installs_the_vigie_that_it_belongs_to(runner: Runner) -> None:
    done = install(runner)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("vigie ")
    hashed, own = runner.lines("pip")
    source = f"{GITHUB}/../../.."
    assert hashed.endswith(f"install --require-hashes -r {source}/requirements/base.txt")
    assert own.endswith(f"install --no-deps --no-build-isolation -- {source}")
    assert (Path(source) / "pyproject.toml").is_file()


def test_the_action_installs_what_it_is_told(runner: Runner) -> None:
    assert install(runner, package="--index-url=http://evil/ vigie").returncode == 0
    assert [line.endswith("install -- --index-url=http://evil/ vigie")
            for line in runner.lines("pip")] == [True]  # fmt: skip


def test_the_action_installs_scanners_and_goes_on_without_one(runner: Runner) -> None:
    install(runner)
    done = run_step(runner, "scanners", with_="bandit, trivy,gitleaks,auto")
    assert done.returncode == 0, done.stderr
    assert runner.lines("installed") == ["bandit", "trivy", "gitleaks"]
    assert done.stdout.count("::warning ") == 1


def test_a_clean_scan_says_yes(runner: Runner) -> None:
    outputs = scan(runner, baseline="auto")
    assert (outputs["exit-code"], outputs["outcome"]) == ("0", "pass")
    result = json.loads(Path(outputs["result"]).read_text())
    assert {run["tool"] for run in result["runs"]} == {"bandit", "gitleaks", "hadolint"}
    assert result["gate"]["policy"] == "balanced"
    sarif = json.loads((Path(outputs["sarif"]) / "vigie.sarif").read_text())
    assert sarif["version"] == "2.1.0"
    assert (runner.temp / "summary.md").read_text().strip()
    assert (Path(outputs["folder"]) / "report.html").is_file()
    assert verdict(runner) == 0


def test_a_failing_gate_publishes_first_and_then_says_no(runner: Runner) -> None:
    runner.leak()
    outputs = scan(runner, lang="fr")
    assert (outputs["exit-code"], outputs["outcome"]) == ("1", "fail")
    sarif = json.loads((Path(outputs["sarif"]) / "vigie.sarif").read_text())
    assert sum(len(run["results"]) for run in sarif["runs"]) == 1
    assert "aws-access-token" in (runner.temp / "summary.md").read_text()
    assert verdict(runner) == 1


def test_an_incomplete_scan_is_no_yes(runner: Runner) -> None:
    runner.program("gitleaks", "#!/bin/sh\n[ $1 = version ] && { echo 8.30.1; exit; }\nexit 9\n")
    outputs = scan(runner)
    assert (outputs["exit-code"], outputs["outcome"]) == ("3", "incomplete")
    assert outputs["result"]
    assert verdict(runner) == 3


def test_a_scanner_that_is_not_there_is_no_yes(runner: Runner) -> None:
    (runner.folder / "bin" / "bandit").unlink()
    assert scan(runner)["exit-code"] == "3"
    assert verdict(runner) == 3


@pytest.mark.parametrize(
    "given",
    [
        {"policy": "strickt"},
        {"policy": ""},
        {"target": "no/such/place"},
        {"target": ""},
        {"with_": ""},
        {"baseline": "none.json"},
        {"config": "none.toml"},
        {"timeout": "soon"},
    ],
)
def test_a_wrong_input_is_2_and_says_so(runner: Runner, given: dict[str, str]) -> None:
    outputs = scan(runner, **given)
    assert (outputs["exit-code"], outputs["outcome"]) == ("2", "error")
    assert "result" not in outputs
    assert "sarif" not in outputs
    assert "exit code 2" in (runner.temp / "summary.md").read_text()
    assert verdict(runner) == 2


def test_without_an_answer_there_is_no_yes(runner: Runner) -> None:
    assert verdict(runner) == 3


def test_the_baseline_of_the_default_branch_makes_old_findings_old(runner: Runner) -> None:
    runner.leak()
    first = scan(runner, baseline="auto", policy="new-only")
    assert first["outcome"] == "incomplete"  # nobody knows yet what is new
    first = scan(runner, baseline="auto")
    assert first["outcome"] == "fail"
    assert run_step(runner, "remember").returncode == 0
    again = scan(runner, baseline="auto", policy="new-only")
    assert again["outcome"] == "pass"
    assert verdict(runner) == 0


HOSTILE = [
    '$(touch "$HOME/pwned")',
    '"; touch ~/pwned; "',
    "--policy=lenient.yaml",
    "a\nexit-code=0\noutcome=pass",
]


@pytest.mark.parametrize("name", ["target", "policy", "with_", "baseline", "suppress", "lang"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_input_becomes_a_command(runner: Runner, name: str, text: str) -> None:
    (runner.checkout / "lenient.yaml").write_text("name: x\nblock: []\n")
    outputs = scan(runner, **{name: text})
    assert outputs["exit-code"] == "2"
    assert runner.lines("pwned") == []
    assert not (runner.home / "pwned").exists()


def test_settings_of_the_checkout_do_not_rule(runner: Runner) -> None:
    runner.leak()
    (runner.checkout / ".vigie.toml").write_text('suppress = "all.yaml"\n')
    (runner.checkout / "all.yaml").write_text(
        "suppressions:\n- {id: S, reason: r, owner: o, expires: 2999-01-01, asset: '*'}\n"
    )
    assert scan(runner)["exit-code"] == "1"
    assert scan(runner, config=".vigie.toml")["exit-code"] == "0"


def test_several_targets_are_several_lines(runner: Runner) -> None:
    outputs = scan(runner, target="app\n\nweb\n", with_="gitleaks")
    assert outputs["exit-code"] == "0"
    result = json.loads(Path(outputs["result"]).read_text())
    assert result["target"] == "app, web"


# -- GitLab


def run_job(runner: Runner, shell: str, **given: Any) -> subprocess.CompletedProcess[str]:
    """The job as GitLab runs it: both scripts in one shell, which stops at the first error."""
    inputs = {name.rstrip("_"): value for name, value in given.items()}
    _, file = gitlab_documents(runner.temp, {"package": "vigie.whl", **inputs})
    (job,) = yaml.safe_load(file.read_text()).values()
    start = "set -eo pipefail\n" if shell == "bash" else "set -e\n"
    script = runner.temp / "job.sh"
    script.write_text(start + "\n".join((*job["before_script"], *job["script"])))
    return subprocess.run(
        [shell, str(script)],
        cwd=runner.checkout,
        env={**runner.environ, "CI_PROJECT_DIR": str(runner.checkout), "TMPDIR": str(runner.temp),
             **job["variables"]},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


SHELLS = pytest.mark.parametrize("shell", ["sh", "bash"])


@SHELLS
def test_the_job_leaves_the_reports_that_gitlab_takes(runner: Runner, shell: str) -> None:
    done = run_job(runner, shell)
    assert done.returncode == 0, done.stderr
    for name in REPORTS:
        report = json.loads((runner.checkout / f"gl-{name}-report.json").read_text())
        assert report["version"].startswith("15.")
    assert json.loads((runner.checkout / "vigie-result.json").read_text())["gate"]
    assert runner.lines("pip")[0].endswith("install -- vigie.whl")
    assert runner.lines("installed") == ["bandit", "gitleaks", "hadolint"]


@SHELLS
def test_the_job_ends_with_the_gates_answer(runner: Runner, shell: str) -> None:
    runner.leak()
    assert run_job(runner, shell).returncode == 1
    sast = json.loads((runner.checkout / "gl-sast-report.json").read_text())
    assert isinstance(sast["vulnerabilities"], list)
    runner.program("bandit", "#!/bin/sh\nexit 9\n")
    (runner.home / "leak").unlink()
    assert run_job(runner, shell).returncode == 3
    assert (runner.checkout / "vigie-result.json").is_file()
    assert run_job(runner, shell, policy="strickt").returncode == 2
    runner.program("python3", "#!/bin/sh\nexit 1\n")
    assert run_job(runner, shell).returncode == 2


@SHELLS
@pytest.mark.parametrize("text", HOSTILE[:3])
def test_no_input_of_the_job_becomes_a_command(runner: Runner, shell: str, text: str) -> None:
    (runner.checkout / "lenient.yaml").write_text("name: x\nblock: []\n")
    for name in ("target", "policy", "with_"):
        assert run_job(runner, shell, **{name: text}).returncode == 2
        assert not (runner.home / "pwned").exists()


# -- scripts


def scripts() -> list[tuple[str, str]]:
    found = [(step["id"], f"#!/bin/bash\n{step['run']}") for step in STEPS if "run" in step]
    _, body = yaml.safe_load_all(GITLAB.read_text())
    (job,) = body.values()
    whole = "\n".join((*job["before_script"], *job["script"]))
    return [*found, ("gitlab", f"#!/bin/sh\n{whole}")]


@pytest.mark.parametrize(("name", "text"), scripts(), ids=[name for name, _ in scripts()])
def test_shellcheck_has_nothing_to_say(name: str, text: str, tmp_path: Path) -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("no shellcheck on this machine")
    (tmp_path / name).write_text(text)
    done = subprocess.run(
        [program, name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
