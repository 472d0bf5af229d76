"""From a result to a proposal: what the patch does, what it leaves, and what was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.triage.build import IMAGE, flaw, told

from vigie.model.advisories import Advisory, Affected, EventKind, Range, RangeType
from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.observations import Observation
from vigie.model.results import Result
from vigie.model.text import T
from vigie.ports.patches import Edit, Reader
from vigie.ports.reports import Report
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.fix import FixOptions, Proposal, propose
from vigie.services.fixing.folder import open_folder
from vigie.services.fixing.patching import Outcome, Standing
from vigie.services.intake import Reading
from vigie.sources.registries.clients import Pip
from vigie.sources.registries.locks.renewing import Renewal, Work
from vigie.wiring.plugs import PATCHES, Plugs

SHOP = Asset(AssetKind.REPOSITORY, "shop")
EDITORS = Plugs(PATCHES).working()


def result(*seen: Observation, asset: Asset = SHOP) -> Result:
    run = told(*seen, asset=asset).run
    reading = Reading(run, Report("trivy", len(seen), tuple(seen), asset=asset))
    return conclude([reading], ConcludeOptions(created="2025-01-01T00:00:00Z"))


@dataclass
class Listed:
    """A registry that knows these versions."""

    known: Mapping[str, tuple[str, ...]]
    program: str = "pip"
    asked: list[str] = field(default_factory=list)

    def versions(self, name: str) -> tuple[str, ...] | None:
        self.asked.append(name)
        return self.known.get(name)

    def has(self, name: str, version: str) -> bool | None:
        return version in self.known[name] if name in self.known else None


@dataclass
class FakeRenewer:
    """Writes the wanted versions into the lock, but those it is told to miss unless overridden."""

    lock: str = "package-lock.json"
    program: str = "npm"
    misses: frozenset[str] = frozenset()
    fails: bool = False
    works: list[Work] = field(default_factory=list)

    def renew(self, work: Work) -> Renewal:
        self.works.append(work)
        if self.fails:
            return Renewal(failed=T("{program} could not: {why}", program="npm", why="no network"))
        manifest = json.loads(work.files[work.manifest])
        missed = [u for u in work.upgrades if u.name in self.misses
                  and u.name not in manifest.get("overrides", {})]  # fmt: skip
        done = {u.name: u.version for u in work.upgrades if u not in missed}
        return Renewal({work.lock: json.dumps(done)}, tuple(missed))


def proposed(
    found: Result, root: Path | None, options: FixOptions | None = None, **more: object
) -> Proposal:
    folder = open_folder(root) if root is not None else None
    return propose(found, folder, EDITORS, options or FixOptions(offline=True), **more)  # type: ignore[arg-type]


def by_name(proposal: Proposal) -> dict[str, Outcome]:
    return {outcome.step.component.name: outcome for outcome in proposal.patch.outcomes}


PINS = result(
    flaw("CVE-1", "requests", "2.19.0", path="requirements.txt", fixed=("2.20.0",)),
    flaw("CVE-2", "flask", "1.0", path="requirements.txt", fixed=("2.2.5",)),
    flaw("CVE-3", "openssl", "1.0", kind="deb", fixed=("1.1",)),
    flaw("CVE-4", "six", "1.0", path="requirements.txt"),
)


def test_a_proposal_patches_what_it_can_and_predicts_only_that(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("requests==2.19.0\nflask==1.0\nsix==1.0\n")
    proposal = proposed(PINS, tmp_path)
    outcomes = by_name(proposal)
    assert {n: o.standing for n, o in outcomes.items()} == {
        "requests": Standing.PATCHED, "flask": Standing.PATCHED, "openssl": Standing.MANUAL,
    }  # fmt: skip
    (edit,) = proposal.patch.edits
    assert edit.after == "requests==2.20.0\nflask==2.2.5\nsix==1.0\n"
    assert proposal.predicted.total == 2
    assert len(proposal.cleared) == 2
    assert proposal.plan.outlook is not None
    assert proposal.plan.outlook.after.total == 1
    assert proposal.exists(outcomes["requests"]) is None
    assert (tmp_path / "requirements.txt").read_text().startswith("requests==2.19.0")


def test_only_names_packages_or_findings(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("requests==2.19.0\nflask==1.0\n")
    options = FixOptions(offline=True, only=("REQUESTS", "cve-2"))
    assert set(by_name(proposed(PINS, tmp_path, options))) == {"requests", "flask"}
    assert proposed(PINS, tmp_path, replace(options, only=("flask",))).predicted.total == 3
    with pytest.raises(UserError, match="nope"):
        proposed(PINS, tmp_path, replace(options, only=("flask", "nope")))


def test_registries_are_asked_about_the_plan_only(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("requests==2.19.0\nflask==1.0\n")
    registry = Listed({"requests": ("2.19.0", "2.21.0")})
    options = FixOptions(fits=None, registries={"pypi": registry}, renewers={})
    proposal = proposed(PINS, tmp_path, options)
    assert set(registry.asked) == {"requests", "flask"}
    outcomes = by_name(proposal)
    assert outcomes["requests"].step.version == "2.21.0"
    assert proposal.exists(outcomes["requests"]) is True
    assert proposal.exists(outcomes["flask"]) is None


def test_a_version_that_does_not_exist_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[dependencies]\ntime = "0.1.42"\n')

    class Says(Listed):
        def versions(self, name: str) -> tuple[str, ...] | None:
            return None

    options = FixOptions(fits=None, registries={"cargo": Says({"time": ("0.2.0",)})}, renewers={})
    found = result(flaw("CVE-1", "time", "0.1.42", kind="cargo", fixed=("0.2.23",)))
    proposal = proposed(found, tmp_path, options)
    outcome = by_name(proposal)["time"]
    assert (outcome.standing, proposal.exists(outcome)) == (Standing.MANUAL, False)
    assert proposal.patch.edits == ()


def npm(path: Path) -> Result:
    (path / "package.json").write_text('{"dependencies": {"a": "^1.0.0"}}')
    lock = {"packages": {"node_modules/a": {"version": "1.0.0"},
                         "node_modules/b": {"version": "1.0.0"}}}  # fmt: skip
    (path / "package-lock.json").write_text(json.dumps(lock))
    return result(
        flaw("CVE-1", "a", "1.0.0", kind="npm", path="package-lock.json", fixed=("1.2.0",)),
        flaw("CVE-2", "b", "1.0.0", kind="npm", path="package-lock.json", fixed=("1.3.0",)),
    )


def test_a_lock_is_renewed_by_its_tool(tmp_path: Path) -> None:
    renewer = FakeRenewer()
    options = FixOptions(fits=None, registries={}, renewers={"package.json": (renewer,)})
    proposal = proposed(npm(tmp_path), tmp_path, options)
    assert {o.standing for o in proposal.patch.outcomes} == {Standing.PATCHED}
    assert {e.path: e.after for e in proposal.patch.edits} == {
        "package-lock.json": '{"a": "1.2.0", "b": "1.3.0"}'
    }
    (work,) = renewer.works
    assert set(work.files) == {"package.json", "package-lock.json"}


def test_what_ranges_leave_out_is_overridden_and_said(tmp_path: Path) -> None:
    renewer = FakeRenewer(misses=frozenset({"b"}))
    options = FixOptions(fits=None, registries={}, renewers={"package.json": (renewer,)})
    proposal = proposed(npm(tmp_path), tmp_path, options)
    assert {o.standing for o in proposal.patch.outcomes} == {Standing.PATCHED}
    manifest = next(e for e in proposal.patch.edits if e.path == "package.json")
    assert json.loads(manifest.after)["overrides"] == {"b": "1.3.0"}
    assert ["override" in str(note) for note in proposal.patch.notes] == [True]


def test_without_its_tool_a_lock_is_pending_and_the_command_is_said(tmp_path: Path) -> None:
    proposal = proposed(npm(tmp_path), tmp_path)
    for outcome in proposal.patch.outcomes:
        assert outcome.standing is Standing.PENDING
        assert outcome.commands == ("npm update a b --package-lock-only --ignore-scripts",)
    assert proposal.predicted.total == 2
    options = FixOptions(
        fits=None, registries={}, renewers={"package.json": (FakeRenewer(fails=True),)}
    )
    failing = proposed(npm(tmp_path), tmp_path, options)
    assert {o.standing for o in failing.patch.outcomes} == {Standing.PENDING}
    assert [str(note) for note in failing.patch.notes] == ["npm could not: no network"]


def test_another_files_pin_is_not_touched(tmp_path: Path) -> None:
    """Each version goes where it was seen, and only there."""
    for name, version in (("a", "1.25.0"), ("b", "2.0.3"), ("c", "1.25.0")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "requirements.txt").write_text(f"urllib3=={version}\n")
    fixed = ("1.26.18", "2.0.7")
    found = result(
        flaw("CVE-1", "urllib3", "1.25.0", path="a/requirements.txt", fixed=fixed),
        flaw("CVE-1", "urllib3", "2.0.3", path="b/requirements.txt", fixed=fixed),
    )
    proposal = proposed(found, tmp_path)
    assert {e.path: e.after for e in proposal.patch.edits} == {
        "a/requirements.txt": "urllib3==1.26.18\n",
        "b/requirements.txt": "urllib3==2.0.7\n",
    }
    assert proposal.predicted.total == 0


def test_a_file_that_cannot_be_understood_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n")
    (tmp_path / "requirements.txt").write_text("requests==2.19.0\n")
    found = result(flaw("CVE-1", "requests", "2.19.0", fixed=("2.20.0",)))
    proposal = proposed(found, tmp_path)
    assert [p.where for p in proposal.patch.problems] == ["pyproject.toml"]
    assert [o.standing for o in proposal.patch.outcomes] == [Standing.PATCHED]


def test_a_copy_that_is_installed_needs_another_install(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("requests==2.19.0\n")
    place = ".venv/lib/site-packages/requests-2.19.0.dist-info/METADATA"
    found = result(flaw("CVE-1", "requests", "2.19.0", path=place, fixed=("2.20.0",)))
    (outcome,) = proposed(found, tmp_path).patch.outcomes
    assert outcome.standing is Standing.PENDING
    assert "install again" in str(outcome.reasons[0])


def test_the_paths_of_an_image_are_not_those_of_its_source(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("requests==2.19.0\n")
    place = "usr/lib/python3/dist-packages/requests/METADATA"
    seen = flaw("CVE-1", "requests", "2.19.0", path=place, fixed=("2.20.0",))
    (outcome,) = proposed(result(seen, asset=IMAGE), tmp_path).patch.outcomes
    assert outcome.standing is Standing.PATCHED
    (nowhere,) = proposed(result(seen, asset=IMAGE), None).patch.outcomes
    assert nowhere.standing is Standing.MANUAL


def test_hashes_are_asked_for_where_a_list_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("requests==2.19.0 --hash=sha256:aa\n")
    found = result(flaw("CVE-1", "requests", "2.19.0", fixed=("2.20.0",)))
    monkeypatch.setattr(Pip, "versions", lambda _self, _name: ("2.20.0",))
    monkeypatch.setattr(Pip, "hashes", lambda _self, _name, _version: ("sha256:bb", "sha256:cc"))
    proposal = proposed(
        found, tmp_path, FixOptions(fits=None, registries={"pypi": Pip()}, renewers={})
    )
    (edit,) = proposal.patch.edits
    assert edit.after == "requests==2.20.0 --hash=sha256:bb --hash=sha256:cc\n"
    (left,) = proposed(found, tmp_path).patch.outcomes
    assert left.standing is Standing.MANUAL
    assert "hashes" in str(left.reasons[0])


class Index:
    """One advisory about requests below 2.25.0."""

    def affecting(self, ecosystem: str, names: object) -> list[Affected]:
        span = Range(
            RangeType.ECOSYSTEM, ((EventKind.INTRODUCED, "0"), (EventKind.FIXED, "2.25.0"))
        )
        return [Affected("GHSA-9", "PyPI", "requests", (span,))] if ecosystem == "PyPI" else []

    def advisories(self, ids: object) -> dict[str, Advisory]:
        return {"GHSA-9": Advisory("GHSA-9", aliases=("CVE-9",))}

    def ecosystems(self) -> dict[str, int]:
        return {"PyPI": 1}


def test_the_database_warns_of_the_new_version(tmp_path: Path) -> None:
    found = result(flaw("CVE-1", "requests", "2.19.0", fixed=("2.20.0",)))
    proposal = proposed(found, tmp_path, index=Index())
    (step,) = proposal.plan.steps
    assert (step.version, step.still_known) == ("2.20.0", ("CVE-9",))
    registry = Listed({"requests": ("2.19.0", "2.20.0", "2.25.0")})
    options = FixOptions(fits=None, registries={"pypi": registry}, renewers={})
    (step,) = proposed(found, tmp_path, options, index=Index()).plan.steps
    assert (step.version, step.still_known) == ("2.25.0", ())


def test_a_file_is_hardened_without_upgrades_unless_packages_are_named(tmp_path: Path) -> None:
    class Hardener:
        name, label, types, patterns, hardens = "box", "Box", frozenset({"oci"}), ("Box",), True

        def edit(self, path: str, read: Reader, _upgrades: object, /) -> list[Edit]:
            return [Edit(path, read(path) or "", "hard\n", notes=(T("It was not touched."),))]

    (tmp_path / "Box").write_text("soft\n")
    (tmp_path / "requirements.txt").write_text("requests==2.19.0\n")
    found = result(flaw("CVE-1", "requests", "2.19.0", fixed=("2.20.0",)))
    editors: dict[str, Any] = {"box": Hardener(), "requirements": EDITORS["requirements"]}

    def paths(options: FixOptions) -> list[str]:
        proposal = propose(found, open_folder(tmp_path), editors, options)
        return [edit.path for edit in proposal.patch.edits]

    assert paths(FixOptions(offline=True)) == ["Box", "requirements.txt"]
    assert paths(FixOptions(offline=True, only=("requests",))) == ["requirements.txt"]
