"""pnpm's lock file: scopes by reach, peers as one package, clones, lines."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import read_one
from tests.plugs.package_samples.pnpm_lock import SAMPLES

from vigie.model.inventory import Package, Scope
from vigie.sources.packages.readers.pnpm_lock import READER

FIVE, SIX, NINE = range(3)


def named(number: int) -> dict[str, Package]:
    return {p.component.name: p for p in read_one(READER, SAMPLES[number][0]).packages}


@pytest.mark.parametrize("number", [FIVE, SIX, NINE])
def test_requirements_lead_through_peers(number: int) -> None:
    found = named(number)
    assert found["@demo/a"].requires == ("pkg:npm/demo-b@2.0.0",)
    assert found["@demo/a"].component.direct is True
    assert found["demo-b"].component.direct is (number == FIVE)


def test_what_only_development_reaches_is_for_development() -> None:
    assert {p.scope for name, p in named(SIX).items() if name != "demo-c"} == {Scope.DEVELOPMENT}
    assert {p.scope for p in named(NINE).values()} == {Scope.RUNTIME}


def test_the_line_is_that_of_the_package_and_not_of_its_snapshot() -> None:
    assert named(NINE)["demo-b"].location.start_line == 21


def test_a_clone_says_where_it_is_from() -> None:
    assert named(SIX)["demo-c"].component.purl == (
        "pkg:npm/demo-c@0.2.0?vcs_url=git%2Bhttps://git.example/demo/c.git%40"
        "0123456789abcdef0123456789abcdef01234567"
    )


def test_an_optional_package_is_so_though_a_runtime_one_asks_for_it() -> None:
    text = SAMPLES[NINE][0]["pnpm-lock.yaml"].replace(
        "  demo-b@2.0.0: {}", "  demo-b@2.0.0:\n    optional: true"
    )
    found = {p.component.name: p for p in read_one(READER, {"pnpm-lock.yaml": text}).packages}
    assert found["demo-b"].scope is Scope.OPTIONAL
    assert found["demo-c"].scope is Scope.RUNTIME
