"""Python upgrades that fit together, asked of the real pip where its registry can be reached."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.unit.services.test_fix import result
from tests.unit.triage.build import flaw

from vigie.model.observations import Observation
from vigie.services.fix import FixOptions, Proposal, propose
from vigie.services.fixing.folder import open_folder
from vigie.services.fixing.patching import Standing
from vigie.sources.registries.fitting import PipFit
from vigie.wiring.plugs import PATCHES, Plugs

pytestmark = pytest.mark.slow


@pytest.fixture
def pip() -> str:
    """The real pip; skips the test where it is not here or reaches no registry."""
    program = shutil.which("pip")
    if program is None:
        pytest.skip("no pip on this machine")
    if not PipFit(seconds=60).installable("flask"):
        pytest.skip("pip cannot reach its registry, so nothing of this was tried")
    return program


def fixed(root: Path, pins: str, *seen: Observation) -> tuple[Proposal, str]:
    (root / "requirements.txt").write_text(pins)
    options = FixOptions(renewers={}, base_digest=None, fits=lambda: PipFit(seconds=120))
    proposal = propose(result(*seen), open_folder(root), Plugs(PATCHES).working(), options)
    (edit,) = proposal.patch.edits
    return proposal, edit.after


def accepts(pip: str, root: Path, text: str) -> bool:
    (root / "patched.txt").write_text(text)
    done = subprocess.run(
        [pip, "install", "--dry-run", "--ignore-installed", "--only-binary", ":all:", "--quiet",
         "-r", "patched.txt"],
        cwd=root, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode == 0


def pin(cve: str, name: str, old: str, *new: str) -> Observation:
    return flaw(cve, name, old, path="requirements.txt", fixed=new)


def test_the_patched_file_is_one_that_pip_installs(pip: str, tmp_path: Path) -> None:
    assert not accepts(pip, tmp_path, "Flask==2.2.5\nJinja2==2.11.3\n")
    proposal, after = fixed(
        tmp_path, "Flask==0.12.2\nJinja2==2.10\nWerkzeug==0.14.1\n",
        pin("CVE-1", "Flask", "0.12.2", "2.2.5"), pin("CVE-2", "Jinja2", "2.10", "2.11.3"),
    )  # fmt: skip
    assert after == "Flask==2.2.5\nJinja2==3.0.0\nWerkzeug==2.2.2\n"
    assert accepts(pip, tmp_path, after)
    assert proposal.predicted.total == 0


def test_who_asks_goes_along_where_the_fix_is_too_high_for_it(pip: str, tmp_path: Path) -> None:
    _, after = fixed(
        tmp_path, "requests==2.25.0\nurllib3==1.26.4\n",
        pin("CVE-1", "urllib3", "1.26.4", "2.0.7"),
    )  # fmt: skip
    assert after == "requests==2.30.0\nurllib3==2.0.7\n"
    assert accepts(pip, tmp_path, after)


def test_what_lies_below_the_pins_is_pips_to_say(pip: str, tmp_path: Path) -> None:
    proposal, after = fixed(
        tmp_path, "botocore==1.20.0\ntypes-requests==2.31.0.6\nsix==1.15.0\n",
        pin("CVE-1", "types-requests", "2.31.0.6", "2.32.0.20240914"),
        pin("CVE-2", "six", "1.15.0", "1.16.0"),
    )  # fmt: skip
    assert after == "botocore==1.20.0\ntypes-requests==2.31.0.6\nsix==1.16.0\n"
    assert accepts(pip, tmp_path, after)
    left = [o.step.component.name for o in proposal.patch.outcomes
            if o.standing is Standing.MANUAL]  # fmt: skip
    assert left == ["types-requests"]
    assert proposal.predicted.total == 1


def test_a_version_with_sources_only_is_never_built(pip: str, tmp_path: Path) -> None:
    known = PipFit(seconds=60)
    said = known.demands({"docopt": "0.6.2", "six": "1.16.0"})
    assert said == {"docopt": None, "six": ()}
    assert known.resolve([Requirement("docopt==0.6.2")]).without_wheel == ("docopt",)
