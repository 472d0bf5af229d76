"""Upgrades that have to fit together, with a pip that stands in for the real one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from tests.pip_stand_in import Index, calls, write_pip
from tests.stand_ins import write_program
from tests.unit.services.test_fix import by_name, result
from tests.unit.triage.build import flaw

from vigie.model.components import Component
from vigie.model.observations import Observation
from vigie.services import fix
from vigie.services.fix import FixOptions, Proposal, propose
from vigie.services.fixing.folder import open_folder
from vigie.services.fixing.patching import Standing
from vigie.sources.registries import clients
from vigie.wiring.plugs import PATCHES, Plugs

Fix = Callable[..., Proposal]
FLASK = {
    "flask": {"0.12": ["jinja2>=2.4"], "2.2": ["jinja2>=3.0", "werkzeug>=2.0"]},
    "jinja2": {"2.10": [], "2.11": [], "3.0": [], "3.1": []},
    "werkzeug": {"0.14": [], "1.0": [], "2.0": [], "2.1": [], "3.0": []},
}
WEB = {
    "urllib3": {"1.24": [], "1.26": [], "2.0": []},
    "requests": {v: [f"urllib3<{top}"] for v, top in
                 {"2.19": "1.25", "2.20": "1.25", "2.28": "1.27", "2.29": "2", "2.30": "3",
                  "2.31": "3"}.items()},
    "botocore": {"1.20": ["urllib3<1.27"], "1.21": ["urllib3<1.27"]},
    "types": {"1.0": [], "2.0": ["urllib3>=2"]},
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(clients, "_KNOWN", {})
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


@pytest.fixture
def fixed(shop: Path, tmp_path: Path) -> Fix:
    """Propose for flaws in `requirements.txt` with an index."""

    def call(index: Index, pins: str, *seen: Observation, **more: object) -> Proposal:
        write_pip(tmp_path / "bin", index)
        if pins:
            (shop / "requirements.txt").write_text(pins)
        options = FixOptions(renewers={}, base_digest=None, **more)  # type: ignore[arg-type]
        return propose(result(*seen), open_folder(shop), Plugs(PATCHES).working(), options)

    return call


def pin(cve: str, name: str, old: str, *new: str, path: str = "requirements.txt") -> Observation:
    return flaw(cve, name, old, path=path, fixed=new)


def after(proposal: Proposal, path: str = "requirements.txt") -> str:
    return next((e.after for e in proposal.patch.edits if e.path == path), "")


def notes(proposal: Proposal) -> str:
    return "\n".join(map(str, proposal.patch.notes))


def said(proposal: Proposal, name: str) -> str:
    return "\n".join(map(str, by_name(proposal)[name].reasons))


def test_the_pin_in_the_way_goes_to_the_lowest_version_that_suits(fixed: Fix) -> None:
    proposal = fixed(
        FLASK, "Flask==0.12  # web\nJinja2==2.10\n",
        pin("CVE-1", "flask", "0.12", "2.2"), pin("CVE-2", "jinja2", "2.10", "2.11"),
    )  # fmt: skip
    assert after(proposal) == "Flask==2.2  # web\nJinja2==3.0\n"
    outcome = by_name(proposal)["jinja2"]
    assert (outcome.step.version, outcome.step.jump) == ("3.0", "major")
    assert said(proposal, "jinja2") == "so that it fits: flask 2.2 asks for jinja2>=3.0"
    assert proposal.predicted.total == 0
    assert "it fits together: requirements.txt (Python 3.11, wheels only)" in notes(proposal)


def test_a_version_that_is_vulnerable_is_not_taken(
    fixed: Fix, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {("jinja2", "3.0"): {"CVE-2"}, ("werkzeug", "2.0"): {"CVE-9"}}

    def still(_index: object) -> Callable[[Component, str], Collection[str]]:
        return lambda component, version: known.get((component.name, version), set())

    monkeypatch.setattr(fix, "still_affected", still)
    seen = (pin("CVE-1", "flask", "0.12", "2.2"), pin("CVE-2", "jinja2", "2.10", "2.11"))
    whole: Callable[..., Proposal] = propose
    monkeypatch.setattr(
        "tests.unit.services.fixing.test_fitting.propose",
        lambda *given: whole(*given[:4], object()),
    )
    proposal = fixed(FLASK, "flask==0.12\njinja2==2.10\nwerkzeug==0.14\n", *seen)
    assert after(proposal) == "flask==2.2\njinja2==3.1\nwerkzeug==2.1\n"


def test_a_pin_without_findings_goes_along_with_who_asks_for_it(fixed: Fix) -> None:
    proposal = fixed(
        FLASK, "flask==0.12\nwerkzeug==0.14\njinja2\n", pin("CVE-1", "flask", "0.12", "2.2")
    )
    assert after(proposal) == "flask==2.2\nwerkzeug==2.0\njinja2\n"
    assert said(proposal, "flask") == (
        "with it werkzeug goes from 0.14 to 2.0: flask 2.2 asks for werkzeug>=2.0"
    )
    assert [step.component.name for step in proposal.plan.steps] == ["flask"]


def test_a_branch_that_fits_is_preferred_where_it_clears_as_much(fixed: Fix) -> None:
    proposal = fixed(
        WEB, "urllib3==1.24\nbotocore==1.20\n", pin("CVE-1", "urllib3", "1.24", "1.26", "2.0")
    )
    assert after(proposal) == "urllib3==1.26\nbotocore==1.20\n"
    assert proposal.predicted.total == 0


def test_who_asks_goes_to_its_first_version_that_takes_what_is_there(fixed: Fix) -> None:
    proposal = fixed(WEB, "urllib3==1.24\nrequests==2.19\n", pin("CVE-1", "urllib3", "1.24", "2.0"))
    assert after(proposal) == "urllib3==2.0\nrequests==2.30\n"
    assert "with it requests goes from 2.19 to 2.30" in said(proposal, "urllib3")
    both = fixed(
        WEB, "urllib3==1.24\nrequests==2.19\n",
        pin("CVE-1", "urllib3", "1.24", "2.0"), pin("CVE-2", "requests", "2.19", "2.20"),
    )  # fmt: skip
    assert after(both) == "urllib3==2.0\nrequests==2.30\n"
    assert "the first that takes urllib3 2.0" in said(both, "requests")
    assert both.predicted.total == 0


def test_what_cannot_be_made_to_fit_is_left_out_and_not_predicted(fixed: Fix) -> None:
    index = {**FLASK, "jinja2": {"2.10": [], "2.11": []}}
    proposal = fixed(
        index, "flask==0.12\njinja2==2.10\n",
        pin("CVE-1", "flask", "0.12", "2.2"), pin("CVE-2", "jinja2", "2.10", "2.11"),
    )  # fmt: skip
    assert after(proposal) == "flask==0.12\njinja2==2.11\n"
    assert by_name(proposal)["flask"].standing is Standing.MANUAL
    assert said(proposal, "flask") == (
        "left out of the patch: flask 2.2 asks for jinja2>=3.0, and 2.11 is asked for here"
    )
    assert (proposal.predicted.total, len(proposal.cleared)) == (1, 1)


def test_no_longer_jump_than_allowed_is_taken_for_fit(fixed: Fix) -> None:
    index = {**FLASK, "flask": {"0.12": [], "0.13": ["werkzeug>=2.0"]}}
    seen = pin("CVE-1", "flask", "0.12", "0.13")
    pins = "flask==0.12\nwerkzeug==1.0\n"
    assert after(fixed(index, pins, seen)) == "flask==0.13\nwerkzeug==2.0\n"
    proposal = fixed(index, pins, seen, longest="minor")
    assert proposal.patch.edits == ()
    assert "left out of the patch" in said(proposal, "flask")


def test_what_did_not_fit_before_is_said_and_stops_nothing(fixed: Fix) -> None:
    proposal = fixed(
        WEB, "urllib3==1.26\nrequests==2.19\ntypes==1.0\n", pin("CVE-1", "types", "1.0", "2.0")
    )
    # types 2.0 asks for urllib3>=2, which goes along, and then requests as well.
    assert after(proposal) == "urllib3==2.0\nrequests==2.30\ntypes==2.0\n"
    index = {**WEB, "types": {"1.0": [], "2.0": []}}
    kept = fixed(
        index, "urllib3==1.26\nrequests==2.19\ntypes==1.0\n", pin("CVE-1", "types", "1.0", "2.0")
    )
    assert after(kept) == "urllib3==1.26\nrequests==2.19\ntypes==2.0\n"
    assert "requests 2.19 asks for urllib3<1.25" in notes(kept)
    assert "that was so before the patch" in notes(kept)
    assert "it fits together" not in notes(kept)


def test_an_upgrade_is_not_to_blame_for_what_never_fitted(fixed: Fix) -> None:
    index = {**WEB, "requests": {"2.19": ["urllib3<1.25"]}}
    proposal = fixed(
        index, "urllib3==1.26\nrequests==2.19\n", pin("CVE-1", "urllib3", "1.26", "2.0")
    )
    assert after(proposal) == "urllib3==2.0\nrequests==2.19\n"
    assert by_name(proposal)["urllib3"].standing is Standing.PATCHED
    assert "requests 2.19 asks for urllib3<1.25" in notes(proposal)
    assert "that was so before the patch" in notes(proposal)


def test_a_conflict_below_what_is_pinned_leaves_out_the_one_upgrade(fixed: Fix) -> None:
    index = {**WEB, "six": {"1.0": [], "1.1": []}}
    proposal = fixed(
        index, "botocore==1.20\ntypes==1.0\nsix==1.0\n",
        pin("CVE-1", "botocore", "1.20", "1.21"), pin("CVE-2", "types", "1.0", "2.0"),
        pin("CVE-3", "six", "1.0", "1.1"),
    )  # fmt: skip
    # Neither pins urllib3; with types 2.0 nothing of it is left.
    left = [o.step.component.name for o in proposal.patch.outcomes
            if o.standing is Standing.MANUAL]  # fmt: skip
    assert left == ["types"]
    assert after(proposal) == "botocore==1.21\ntypes==1.0\nsix==1.1\n"
    assert "it does not fit with the rest" in said(proposal, "types")
    assert "botocore 1.21 asks for urllib3<1.27" in said(proposal, "types")
    assert proposal.predicted.total == 1


def test_a_version_without_a_wheel_is_named_and_the_rest_is_looked_at(fixed: Fix) -> None:
    index = {**FLASK, "pyyaml": {"5.1": None, "5.4": None, "6.0": []}}
    proposal = fixed(
        index, "flask==0.12\njinja2==2.10\npyyaml==5.1\n",
        pin("CVE-1", "flask", "0.12", "2.2"), pin("CVE-2", "jinja2", "2.10", "2.11"),
        pin("CVE-3", "pyyaml", "5.1", "5.4"),
    )  # fmt: skip
    assert after(proposal) == "flask==2.2\njinja2==3.0\npyyaml==5.4\n"
    assert "no wheel for Python 3.11" in notes(proposal)
    assert notes(proposal).endswith("pyyaml")


def test_without_a_registry_it_is_said_once_that_nothing_was_checked(
    fixed: Fix, shop: Path, tmp_path: Path
) -> None:
    (shop / "web").mkdir()
    (shop / "web" / "requirements.txt").write_text("jinja2==2.10\n")
    (shop / "requirements.txt").write_text("flask==0.12\n")
    seen = (
        pin("CVE-1", "flask", "0.12", "2.2"),
        pin("CVE-2", "jinja2", "2.10", "2.11", path="web/requirements.txt"),
    )
    lost = "WARNING: Retrying\\nERROR: No matching distribution found for flask==2.2"
    program = f"import sys; sys.stderr.write('{lost}'); sys.exit(1)"
    write_program(tmp_path / "bin" / "pip", program)
    options = FixOptions(renewers={}, base_digest=None)
    proposal = propose(result(*seen), open_folder(shop), Plugs(PATCHES).working(), options)
    assert [o.standing for o in proposal.patch.outcomes] == [Standing.PATCHED] * 2
    assert notes(proposal) == (
        "whether these versions fit together was not checked: requirements.txt, "
        "web/requirements.txt"
    )


def test_pipfiles_and_projects_without_a_lock_are_looked_at(fixed: Fix, shop: Path) -> None:
    pip = '[packages]\nflask = "==0.12"\njinja2 = {version = "==2.10"}\n'
    (shop / "Pipfile").write_text(pip)
    project = '[project]\ndependencies = ["flask==0.12"]\n'
    project += '[project.optional-dependencies]\nx = ["jinja2==2.10"]\n'
    (shop / "pyproject.toml").write_text(project)
    proposal = fixed(
        FLASK, "", flaw("CVE-1", "flask", "0.12", fixed=("2.2",)),
        flaw("CVE-2", "jinja2", "2.10", fixed=("2.11",)),
    )  # fmt: skip
    assert 'jinja2 = {version = "==3.0"}' in after(proposal, "Pipfile")
    assert 'x = ["jinja2==3.0"]' in after(proposal, "pyproject.toml")
    (shop / "Pipfile.lock").write_text('{"default": {"flask": {}}}')
    locked = fixed(FLASK, "", flaw("CVE-1", "flask", "0.12", fixed=("2.2",)))
    assert "Pipfile" not in notes(locked)


def test_nothing_but_names_and_versions_reaches_pip(fixed: Fix, shop: Path, tmp_path: Path) -> None:
    (shop / "more.txt").write_text("werkzeug==2.0\n-e .\n")
    (shop / "limits.txt").write_text("jinja2<4\n")
    lines = (
        "--trusted-host evil.example\n--no-binary :all:\n-e git+https://evil.example/x\n"
        "./local\nevil @ https://evil.example/x.tar.gz\nx===${HOME}\n-r more.txt\n-c limits.txt\n"
        "-r ../outside.txt\njinja2==3.0 \\\n   --hash=sha256:aa\nflask[x]==0.12 ; "
        "python_version >= '3'  # web\n"
    )
    (tmp_path / "outside.txt").write_text("outside\n")
    fixed(FLASK, lines, pin("CVE-1", "flask", "0.12", "2.2"))
    log = calls(tmp_path / "pip.log")
    asked = {line for _, wanted, limits in log for line in (*wanted, *limits)}
    assert asked == {
        "werkzeug==2.0", "jinja2==3.0", "jinja2<4", 'flask[x]==2.2; python_version >= "3"',
        "flask==2.2",
    }  # fmt: skip
    assert all("--only-binary" in arguments for arguments, _, _ in log)


def test_offline_and_outside_of_python_nobody_is_asked(
    fixed: Fix, shop: Path, tmp_path: Path
) -> None:
    seen = pin("CVE-1", "flask", "0.12", "2.2")
    proposal = fixed(FLASK, "flask==0.12\n", seen, offline=True)
    assert "was not checked: requirements.txt" in notes(proposal)
    (shop / "requirements.txt").unlink()
    (shop / "pom.xml").write_text(
        "<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>1.0</version></dependency></dependencies></project>"
    )
    maven = flaw("CVE-1", "g:a", "1.0", kind="maven", path="pom.xml", fixed=("1.1",))
    whole = fixed(FLASK, "", maven)
    assert "was not checked: pom.xml" in notes(whole)
    assert not (tmp_path / "pip.log").exists()
