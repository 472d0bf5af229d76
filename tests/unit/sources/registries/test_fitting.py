"""Whether requirements fit together, asked of a pip that stands in for the real one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.pip_stand_in import Index, calls, write_pip
from tests.stand_ins import write_program

from vigie.sources.registries.fitting import PipFit

INDEX: Index = {
    "flask": {"0.12": ["Jinja2>=2.4"], "2.2": ["Jinja2 (>=3.0)", "old ; python_version < '3.0'",
                                               "async ; extra == 'async'"]},
    "jinja2": {"2.10": [], "2.11": [], "3.0": ["MarkupSafe>=2"], "3.1": ["MarkupSafe>=2"]},
    "markupsafe": {"2.0": []},
    "pyyaml": {"5.4": None, "6.0": []},
    "sourced": {"1.0": ["pyyaml<6"]},
    "idna": {"2.5": [], "3.4": []},
    "client": {"1.0": ["idna<2.8,>=2.5"]},
}  # fmt: skip
EXACT = [
    "install", "--dry-run", "--ignore-installed", "--only-binary", ":all:", "--no-input",
    "--disable-pip-version-check", "--progress-bar", "off", "--retries", "1",
    "--report", "report.json", "-r", "requirements.txt",
]  # fmt: skip

LOST = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'
ERROR: Could not find a version that satisfies the requirement flask==2.2 (from versions: none)
ERROR: No matching distribution found for flask==2.2
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return write_pip(tmp_path / "bin", INDEX)


def wanted(*texts: str) -> list[Requirement]:
    return [Requirement(text) for text in texts]


def test_what_fits_is_found_with_exactly_these_arguments(log: Path) -> None:
    pip = PipFit()
    assert pip.resolve(wanted("Flask==2.2", "Jinja2>=3")).fits is True
    assert pip.resolve(wanted("Flask==2.2"), wanted("jinja2==3.1")).fits is True
    assert calls(log) == [
        [EXACT, ["Flask==2.2", "Jinja2>=3"], []],
        [[*EXACT, "-c", "constraints.txt"], ["Flask==2.2"], ["jinja2==3.1"]],
    ]
    assert pip.python == "3.11"


def test_a_conflict_is_read_as_pip_says_it(log: Path) -> None:
    verdict = PipFit().resolve(wanted("Flask==2.2", "Jinja2==2.11"))
    assert verdict.fits is False
    (demand,) = verdict.demands
    assert (demand.name, demand.version, str(demand.asked)) == ("flask", "2.2", "Jinja2>=3.0")
    assert [str(one) for one in verdict.requested] == ["Jinja2==2.11"]
    held = PipFit().resolve(wanted("client==1.0"), wanted("idna==3.4"))
    assert [str(one) for one in held.requested] == ["idna==3.4"]
    assert str(held.demands[0].asked.specifier) == "<2.8,>=2.5"


def test_what_versions_ask_for_is_that_of_this_interpreter(log: Path) -> None:
    pip = PipFit()
    said = pip.demands({"flask": "2.2", "pyyaml": "5.4", "idna": "3.4"})
    assert said is not None
    assert [str(d.asked) for d in said["flask"] or ()] == ["Jinja2>=3.0"]
    assert said["pyyaml"] is None
    assert said["idna"] == ()
    assert calls(log)[-1][0] == [*EXACT, "--no-deps"]
    asked = len(calls(log))
    assert pip.demands({"flask": "2.2", "pyyaml": "5.4"}) is not None
    assert len(calls(log)) == asked


def test_only_versions_with_a_wheel_can_be_installed(log: Path) -> None:
    pip = PipFit()
    assert pip.installable("pyyaml") == ("6.0",)
    assert pip.installable("jinja2") == ("2.10", "2.11", "3.0", "3.1")
    assert pip.installable("nowhere") == ()
    assert pip.resolve(wanted("sourced==1.0")).without_wheel == ("pyyaml",)
    assert pip.resolve(wanted("pyyaml==5.4")).fits is None


def test_markers_are_those_of_pips_interpreter(log: Path) -> None:
    pip = PipFit()
    assert pip.here()
    assert calls(log) == [[EXACT, [], []]]  # nothing to look for, so no registry is needed
    assert pip.holds(Requirement("a ; python_version == '3.11'"))
    assert not pip.holds(Requirement("a ; sys_platform == 'win32'"))
    assert not pip.holds(Requirement("a ; extra == 'x'"))


@pytest.mark.parametrize(
    ("err", "code"),
    [
        (LOST, 1),
        ("no such option: --dry-run", 2),
        ("", 0),  # and no report
    ],
)  # fmt: skip
def test_without_an_answer_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, err: str, code: int
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    write_program(
        tmp_path / "bin" / "pip", f"import sys; sys.stderr.write({err!r}); sys.exit({code})"
    )
    pip = PipFit()
    assert not pip.here()
    assert pip.resolve(wanted("flask==2.2")).fits is None
    assert pip.resolve(wanted("flask==2.2")).without_wheel == ()
    assert pip.demands({"flask": "2.2"}) is None
    assert pip.installable("flask") is None


def test_all_questions_together_are_bounded(log: Path) -> None:
    pip = PipFit(seconds=0.0)
    assert pip.resolve(wanted("flask==2.2")).fits is None
    assert not log.exists()


def test_no_pip_is_no_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not PipFit().here()


def test_a_persons_settings_do_not_hide_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("PIP_QUIET", "PIP_NO_DEPS", "PIP_REQUIRE_HASHES", "PIP_USER"):
        monkeypatch.setenv(name, "1")
    script = "import os; open({!r}, 'w').write(str(sorted(os.environ.items())))"
    write_program(tmp_path / "bin" / "pip", script.format(str(tmp_path / "seen")))
    PipFit().here()
    seen = (tmp_path / "seen").read_text()
    for name in ("PIP_QUIET", "PIP_NO_DEPS", "PIP_REQUIRE_HASHES", "PIP_USER"):
        assert f"('{name}', '0')" in seen
    assert sys.executable  # the stand-in ran
