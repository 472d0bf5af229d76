"""Dart, Elixir, Conan, Swift, CocoaPods, R, GitHub: what their samples do not show."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples import (
    conan_lock,
    github_workflows,
    mix_lock,
    podfile_lock,
    pub_lock,
    renv_lock,
    swift_resolved,
)

from vigie.model.inventory import Scope
from vigie.sources.packages.readers._elixir_terms import Pair, read_terms
from vigie.sources.packages.readers.conan_lock import READER as CONAN
from vigie.sources.packages.readers.github_workflows import READER as GITHUB
from vigie.sources.packages.readers.mix_lock import READER as MIX
from vigie.sources.packages.readers.podfile_lock import READER as PODS
from vigie.sources.packages.readers.pub_lock import READER as PUB
from vigie.sources.packages.readers.renv_lock import READER as RENV
from vigie.sources.packages.readers.swift_resolved import READER as SWIFT


def test_dart_says_who_asked_and_for_what() -> None:
    found = by_name(read_one(PUB, pub_lock.SAMPLES[0][0]))
    assert {n: (p.component.direct, p.scope) for n, p in found.items()} == {
        "demo_web": (True, Scope.RUNTIME),
        "demo_git": (True, Scope.DEVELOPMENT),
        "demo_core": (False, Scope.UNKNOWN),
    }
    assert found["demo_web"].location.start_line == 2
    assert "vcs_url=git%2Bhttps://git.example/demo.git%400123456789" in (
        found["demo_git"].component.purl
    )


def test_elixir_needs_and_lines() -> None:
    found = by_name(read_one(MIX, mix_lock.SAMPLES[0][0]))
    assert found["demo_web"].requires == ("pkg:hex/demo_core@1.0.0",)
    assert found["demo_web"].location.start_line == 4
    assert found["demo_git"].component.purl.endswith(
        "vcs_url=git%2Bhttps://git.example/demo.git%400123abc"
    )


def test_elixir_terms_are_read_as_written() -> None:
    assert read_terms('%{"a": [:b, "c\\"d", {1, true}], :e => nil, "f" => []}') == [
        [Pair("a", ["b", 'c"d', ["1", "true"]], 1), Pair("e", "nil", 1), Pair("f", [], 1)]
    ]


@pytest.mark.parametrize("text", ["%{", "}", "%{" * 100, '"open', "[] => 1", "%{a: <<1>>}"])
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"term|deep|closes|key"):
        read_terms(text)
    assert len(read_one(MIX, {"mix.lock": text}).problems) == 1


def test_conan_tells_tools_from_what_ships() -> None:
    one = by_name(read_one(CONAN, conan_lock.SAMPLES[0][0]))
    assert one["demo-core"].component.purl == ("pkg:conan/demo-core@1.0.0?channel=stable&user=demo")
    assert one["demo-tool"].scope is Scope.DEVELOPMENT
    two = by_name(read_one(CONAN, conan_lock.SAMPLES[1][0]))
    assert (two["demo-web"].scope, two["demo-tool"].scope) == (Scope.RUNTIME, Scope.DEVELOPMENT)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("git@github.com:apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("ssh://git@GitHub.com/apple/swift-nio", "github.com/apple/swift-nio"),
        ("https://user:secret@git.example:8443/a/b", "git.example/a/b"),
        ("../here", ""),
        ("file:///home/x/here", ""),
    ],
)
def test_swift_names_a_repository_however_it_is_written(address: str, name: str) -> None:
    text = f'{{"pins": [{{"location": "{address}", "state": {{"version": "1.0.0"}}}}]}}'
    found = read_one(SWIFT, {"Package.resolved": text}).packages
    assert [p.component.name for p in found] == ([name] if name else [])


def test_swift_branches_have_no_version_but_a_commit() -> None:
    found = by_name(read_one(SWIFT, swift_resolved.SAMPLES[1][0]))
    branch = found["git.example/demo/next"].component
    assert (branch.version, "0123abc" in branch.purl) == ("", True)


def test_pods_are_one_with_their_parts() -> None:
    found = by_name(read_one(PODS, podfile_lock.SAMPLES[0][0]))
    assert found["DemoWeb"].requires == ("pkg:cocoapods/DemoCore@1.0.0",)
    assert {n: p.component.direct for n, p in found.items()} == {
        "DemoCore": False,
        "DemoGit": True,
        "DemoWeb": True,
    }
    assert found["DemoGit"].component.purl.endswith("demo.git%400123abc")


def test_r_knows_its_clones_and_needs() -> None:
    found = by_name(read_one(RENV, renv_lock.SAMPLES[0][0]))
    assert found["demoweb"].requires == ("pkg:cran/democore@1.0-3",)
    assert found["demogit"].component.purl.endswith(
        "vcs_url=git%2Bhttps://github.com/demo/git%400123abc"
    )
    assert found["demogit"].location.start_line == 11


def test_an_action_at_a_commit_has_the_version_that_is_remarked() -> None:
    found = by_name(read_one(GITHUB, github_workflows.SAMPLES[0][0]))
    cache = found["demo/cache"]
    assert (cache.component.version, cache.location.start_line) == ("v3.2.1", 8)
    assert "0123456789abcdef0123456789abcdef01234567" in cache.component.purl
    bare = "jobs: {a: {steps: [{uses: d/c@0123456789abcdef0123456789abcdef01234567}]}}"
    alone = read_one(GITHUB, {".github/workflows/a.yaml": bare}).packages
    assert [p.component.version for p in alone] == [""]
