"""Manifests and their locks: what the tool of a lock refuses is in neither of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.unit.services.test_fix import by_name, npm, proposed

from vigie.model.text import T
from vigie.services.fix import FixOptions, Proposal
from vigie.services.fixing.patching import Standing
from vigie.sources.registries.locks.renewing import Renewal, Work


@dataclass
class Refusing:
    """A tool that finds that some versions of the manifest do not fit together."""

    refuses: Mapping[str, str]
    misses: frozenset[str] = frozenset()
    lock: str = "package-lock.json"
    program: str = "npm"
    works: list[Work] = field(default_factory=list)

    def renew(self, work: Work) -> Renewal:
        self.works.append(work)
        asked = json.loads(work.files[work.manifest])
        wanted = {**asked["dependencies"], **{u.name: u.version for u in work.upgrades}}
        for name, version in self.refuses.items():
            if wanted.get(name) == version:
                why = T("{program} could not: {why}", program="npm", why=f"{name} does not fit")
                return Renewal(failed=why, conflict=True)
        missed = tuple(u for u in work.upgrades if u.name in self.misses)
        done = {u.name: u.version for u in work.upgrades if u not in missed}
        return Renewal({work.lock: json.dumps(done)}, missed)


def fixed(root: Path, tool: Refusing) -> Proposal:
    found = npm(root)
    (root / "package.json").write_text('{"dependencies": {"a": "1.0.0", "b": "1.0.0"}}')
    options = FixOptions(fits=None, registries={}, renewers={"package.json": (tool,)})
    return proposed(found, root, options)


def test_what_the_tool_refuses_is_left_out_of_both_files(tmp_path: Path) -> None:
    proposal = fixed(tmp_path, Refusing({"a": "1.2.0"}))
    outcomes = by_name(proposal)
    assert outcomes["b"].standing is Standing.PATCHED
    assert outcomes["a"].standing is Standing.MANUAL
    assert [str(why) for why in outcomes["a"].reasons] == ["npm could not: a does not fit"]
    after = {edit.path: json.loads(edit.after) for edit in proposal.patch.edits}
    assert after == {
        "package.json": {"dependencies": {"a": "1.0.0", "b": "1.3.0"}},
        "package-lock.json": {"b": "1.3.0"},
    }
    assert proposal.predicted.total == 1
    assert proposal.patch.notes == ()


def test_where_nothing_fits_nothing_is_changed(tmp_path: Path) -> None:
    proposal = fixed(tmp_path, Refusing({"a": "1.2.0", "b": "1.3.0"}))
    assert proposal.patch.edits == ()
    assert {o.standing for o in proposal.patch.outcomes} == {Standing.MANUAL}
    assert proposal.predicted.total == 2


@pytest.mark.parametrize("name", ["a", "b"])
def test_the_manifest_does_not_ask_for_what_its_lock_was_not_given(
    tmp_path: Path, name: str
) -> None:
    proposal = fixed(tmp_path, Refusing({}, misses=frozenset({name})))
    assert by_name(proposal)[name].standing is Standing.MANUAL
    after = {edit.path: json.loads(edit.after) for edit in proposal.patch.edits}
    assert after["package.json"]["dependencies"][name] == "1.0.0"
    assert name not in after["package-lock.json"]
