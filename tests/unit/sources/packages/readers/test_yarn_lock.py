"""Yarn's lock file: descriptors, workspaces, patches, and lines that are none of the format."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import read_one
from tests.plugs.package_samples.yarn_lock import SAMPLES

from vigie.model.inventory import Scope
from vigie.sources.packages.readers._yarn_classic import classic_entries
from vigie.sources.packages.readers.yarn_lock import READER

CLASSIC, BERRY = SAMPLES[0][0]["yarn.lock"], SAMPLES[1][0]["web/yarn.lock"]
MANIFEST = """{
  "dependencies": {"@demo/a": "^1.1.0"},
  "devDependencies": {"demo-alias": "npm:demo-real@3.0.0"}
}"""


def test_the_manifest_says_what_is_direct_and_what_is_for_development() -> None:
    found = read_one(READER, {"yarn.lock": CLASSIC, "package.json": MANIFEST})
    said = {p.component.name: (p.component.direct, p.scope) for p in found.packages}
    assert said == {
        "@demo/a": (True, Scope.RUNTIME),
        "demo-real": (True, Scope.DEVELOPMENT),
        "demo-b": (False, Scope.RUNTIME),
        "demo-git": (False, Scope.UNKNOWN),
    }


def test_workspaces_by_wildcard_leave_open_who_asks() -> None:
    manifest = MANIFEST.replace("{", '{"workspaces": ["parts/*"],', 1)
    found = read_one(READER, {"yarn.lock": CLASSIC, "package.json": manifest})
    assert {p.component.name: p.component.direct for p in found.packages}["demo-b"] is None


def test_a_named_workspace_is_looked_into() -> None:
    manifest = MANIFEST.replace("{", '{"workspaces": {"packages": ["parts/one"]},', 1)
    tree = {
        "yarn.lock": CLASSIC,
        "package.json": manifest,
        "parts/one/package.json": '{"optionalDependencies": {"demo-b": "^2.0.0"}}',
    }
    found = {p.component.name: p for p in read_one(READER, tree).packages}
    assert found["demo-b"].component.direct is True


def test_requirements_follow_the_descriptor() -> None:
    found = {p.component.name: p for p in read_one(READER, {"yarn.lock": CLASSIC}).packages}
    assert found["@demo/a"].requires == ("pkg:npm/demo-b@2.4.0",)
    assert found["demo-b"].requires == ("pkg:npm/%40demo/a@1.1.2",)
    assert found["@demo/a"].location.start_line == 5
    assert found["demo-git"].component.purl.endswith(
        "vcs_url=git%2Bhttps://git.example/demo.git%400123456789abcdef0123456789abcdef01234567"
    )


def test_berry_knows_its_workspaces_and_the_manifest_the_scope() -> None:
    tree = {"yarn.lock": BERRY, "package.json": MANIFEST.replace("^1.1.0", "^1.0.0")}
    found = {p.component.name: p for p in read_one(READER, tree).packages}
    assert {name: p.component.direct for name, p in found.items()} == {
        "@demo/a": True,
        "demo-real": True,
        "demo-b": False,
    }
    assert found["demo-real"].scope is Scope.DEVELOPMENT
    assert found["demo-b"].scope is Scope.RUNTIME
    alone = {p.component.name: p for p in read_one(READER, {"yarn.lock": BERRY}).packages}
    assert alone["@demo/a"].component.direct is True
    assert alone["@demo/a"].scope is Scope.UNKNOWN


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("  version 1\n", "line 1 belongs to no entry"),
        ("a@1\n", "line 1 is no head of an entry"),
        ('"a@1:\n', "line 1 is no head of an entry"),
        ("a@1:\n  version\n", "line 2 is no name and value"),
    ],
)
def test_a_line_that_is_none_is_said(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        list(classic_entries(text))
    found = read_one(READER, {"yarn.lock": text})
    assert [str(p.message) for p in found.problems] == [f"yarn.lock is no yarn.lock: {why}"]
