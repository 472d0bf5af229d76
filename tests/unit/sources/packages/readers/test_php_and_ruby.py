"""Composer and Bundler: what is direct, for what, which licences, which platform."""

from __future__ import annotations

from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples import (
    composer_installed,
    composer_lock,
    gemfile_lock,
    gems_installed,
)

from vigie.model.inventory import Scope
from vigie.sources.packages.readers.composer_installed import READER as INSTALLED
from vigie.sources.packages.readers.composer_lock import READER as COMPOSER
from vigie.sources.packages.readers.gemfile_lock import READER as BUNDLER
from vigie.sources.packages.readers.gems_installed import READER as GEMS


def test_composer_takes_what_is_direct_from_the_manifest_whatever_its_case() -> None:
    tree = composer_lock.SAMPLES[0][0]
    found = by_name(read_one(COMPOSER, tree))
    web = found["demo/web"]
    assert {name: p.component.direct for name, p in found.items()} == {
        "demo/web": True,
        "demo/core": False,
        "demo/test": False,
    }
    assert (web.scope, web.component.licences, web.location.start_line) == (
        Scope.RUNTIME,
        ("MIT",),
        3,
    )
    assert web.requires == ("pkg:composer/demo/core@1.4.2",)
    assert found["demo/core"].component.licences == ("BSD-3-Clause",)
    assert found["demo/test"].scope is Scope.DEVELOPMENT
    alone = read_one(COMPOSER, {"composer.lock": tree["composer.lock"]})
    assert {p.component.direct for p in alone.packages} == {None}


def test_composer_2_says_what_is_for_development_and_composer_1_does_not() -> None:
    one = by_name(read_one(INSTALLED, composer_installed.SAMPLES[0][0]))
    two = by_name(read_one(INSTALLED, composer_installed.SAMPLES[1][0]))
    assert one["demo/web"].scope is Scope.UNKNOWN
    assert two["demo/web"].scope is Scope.RUNTIME
    assert two["demo/test"].scope is Scope.DEVELOPMENT


def test_bundler_knows_who_asked_and_where_a_clone_is_from() -> None:
    found = by_name(read_one(BUNDLER, gemfile_lock.SAMPLES[0][0]))
    assert [name for name, p in found.items() if p.component.direct] == ["demo-git", "demo-web"]
    assert found["demo-native"].requires == ("pkg:gem/demo-core@1.0.0",)
    assert found["demo-git"].component.purl == (
        "pkg:gem/demo-git@0.3.0?vcs_url=git%2Bhttps://git.example/demo.git%40"
        "0123456789abcdef0123456789abcdef01234567"
    )
    assert found["demo-core"].location.start_line == 17


def test_bundler_refuses_another_text() -> None:
    found = read_one(BUNDLER, {"Gemfile.lock": "gem 'rack'\n"})
    assert [str(p.message) for p in found.problems] == [
        "Gemfile.lock is no Gemfile.lock: no section of one"
    ]


def test_a_gemspec_is_read_and_not_run() -> None:
    found = by_name(read_one(GEMS, gems_installed.SAMPLES[0][0]))
    assert found["demo-web"].component.licences == ("MIT", "Ruby")
    assert found["demo-web"].requires == ("demo-core",)
    computed = 'Gem::Specification.new { |s| s.name = NAME; s.version = "#{V}" }'
    refused = read_one(GEMS, {"specifications/x.gemspec": computed})
    assert (refused.packages, len(refused.problems)) == ([], 1)
