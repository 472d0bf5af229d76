"""npm's lock file: what is direct, what for, what it needs, and where it stands."""

from __future__ import annotations

from tests.plugs.one_reader import read_one
from tests.plugs.package_samples.package_lock import SAMPLES

from vigie.model.inventory import Package, Scope
from vigie.sources.packages.readers.package_lock import READER


def by_purl(number: int) -> dict[str, Package]:
    found = read_one(READER, SAMPLES[number][0])
    return {p.component.purl.partition("?")[0]: p for p in found.packages}


def test_a_workspace_asks_for_its_own_and_a_nested_copy_came_with_another() -> None:
    found = by_purl(0)
    assert {purl for purl, p in found.items() if p.component.direct} == {
        "pkg:npm/demo-real@2.0.0",
        "pkg:npm/%40demo/a@1.0.1",
        "pkg:npm/demo-b@1.4.0",
        "pkg:npm/demo-git@0.3.0",
    }
    assert found["pkg:npm/demo-b@2.1.0"].component.direct is False


def test_requirements_lead_to_the_copy_that_node_would_load() -> None:
    found = by_purl(0)
    assert found["pkg:npm/demo-real@2.0.0"].requires == ("pkg:npm/demo-b@2.1.0",)
    assert found["pkg:npm/%40demo/a@1.0.1"].requires == ("pkg:npm/demo-b@1.4.0",)
    assert by_purl(1)["pkg:npm/demo-a@1.0.0"].requires == ("pkg:npm/demo-b@2.0.0",)


def test_scope_licence_line_and_origin_are_kept() -> None:
    found = by_purl(0)
    git = found["pkg:npm/demo-git@0.3.0"]
    assert git.scope is Scope.DEVELOPMENT
    assert "vcs_url=git%2Bssh://git%40github.com/demo/git.git%400123456789" in git.component.purl
    real = found["pkg:npm/demo-real@2.0.0"]
    assert (real.scope, real.component.licences) == (Scope.RUNTIME, ("MIT",))
    assert (real.location.path, real.location.start_line) == ("shop/package-lock.json", 14)


def test_the_first_version_takes_what_is_direct_from_the_manifest_beside_it() -> None:
    found = by_purl(1)
    assert [purl for purl, p in found.items() if p.component.direct] == ["pkg:npm/demo-a@1.0.0"]
    assert found["pkg:npm/%40demo/real@3.0.0"].scope is Scope.OPTIONAL
    assert found["pkg:npm/demo-b@1.0.0"].scope is Scope.DEVELOPMENT
    alone = read_one(READER, {"npm-shrinkwrap.json": SAMPLES[1][0]["npm-shrinkwrap.json"]})
    assert {p.component.direct for p in alone.packages} == {None}


def test_one_line_is_read_and_so_are_names_that_come_twice() -> None:
    text = '{"packages": {"node_modules/a": {"version": "1"}, "node_modules/a": {"version": "2"}}}'
    found = read_one(READER, {"package-lock.json": text})
    assert [p.component.version for p in found.packages] == ["2"]


def test_folders_inside_folders_without_end_are_refused() -> None:
    deep = "/".join(["node_modules/a"] * 200)
    found = read_one(READER, {"package-lock.json": f'{{"packages": {{"{deep}": {{}}}}}}'})
    assert [str(p.message) for p in found.problems] == [
        "package-lock.json cannot be read: nested more than 40 deep"
    ]
    tree = '{"dependencies": {"a": ' * 200 + "1" + "}}" * 200
    assert len(read_one(READER, {"package-lock.json": tree}).problems) == 1
