"""Keys of every scheme: comparable, total, quick to ask for, and never an exception."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.triage.versions import compare, key, order
from vigie.triage.versions.keys import LONGEST
from vigie.triage.versions.schemes import _SCHEMES

KINDS = sorted({*_SCHEMES, ""})

# What versions are made of, in any order: all that is legal somewhere, and some that is not.
PIECES = [
    "0",
    "1",
    "2",
    "9",
    "10",
    "007",
    "20240131",
    "99999999999999999999",
    ".",
    ".",
    ".",
    "-",
    "-",
    "_",
    "~",
    "^",
    "+",
    ":",
    "!",
    "..",
    "--",
    "a",
    "b",
    "m",
    "p",
    "r",
    "x",
    "Z",
    "rc",
    "RC",
    "alpha",
    "beta",
    "pre",
    "dev",
    "post",
    "final",
    "ga",
    "sp",
    "snapshot",
    "patch",
    "pl",
    "stable",
    "el",
    "git",
    "cvs",
    "dfsg",
    "v",
    "go",
    "-r",
    "_p",
    "_rc",
    "_alpha",
    "-rc.",
    ".x-dev",
    "+incompatible",
]
VERSIONS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)


@pytest.mark.parametrize("kind", KINDS)
def test_ten_is_above_nine_and_a_leading_zero_is_no_matter(kind: str) -> None:
    assert compare(kind, "1.10.0", "1.9.0") == 1
    assert compare(kind, "1.9.0", "1.10.0") == -1
    assert compare(kind, "1.9.0", "1.9.0") == 0


@pytest.mark.parametrize("kind", KINDS)
@given(versions=st.lists(VERSIONS, min_size=3, max_size=6))
@settings(max_examples=60, deadline=None)
def test_versions_have_one_order(kind: str, versions: list[str]) -> None:
    known = [version for version in versions if key(kind, version) is not None]
    for a in known:
        for b in known:
            forth, back = compare(kind, a, b), compare(kind, b, a)
            assert forth is not None
            assert back == -forth
            for c in known:
                if forth <= 0 and (compare(kind, b, c) or 0) <= 0:
                    assert (compare(kind, a, c) or 0) <= 0
    arranged = order(kind, known)
    assert set(arranged) == set(known)
    assert all((compare(kind, a, b) or 0) <= 0 for a, b in pairwise(arranged))


@pytest.mark.parametrize("kind", KINDS)
@given(version=st.one_of(st.text(max_size=40), VERSIONS.map(lambda text: f" {text}\n")))
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_key_or_none(kind: str, version: str) -> None:
    found = key(kind, version)
    assert found is None or (isinstance(found, tuple) and hash(found) is not None)
    plain = key(kind, "1.2.3")
    assert plain is not None
    assert found is None or (found < plain) + (found == plain) + (found > plain) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_endless_is_refused(kind: str) -> None:
    assert key(kind, "1" * LONGEST) is not None or kind == "composer"  # five digits there
    assert key(kind, "1" * (LONGEST + 1)) is None
    assert key(kind, "1." * 5_000 + "1") is None


@pytest.mark.parametrize("piece", ["1-", "1a", "a1.", "-a", "0."])
def test_deep_lists_of_maven_still_compare(piece: str) -> None:
    long = piece * (LONGEST // len(piece))
    assert compare("maven", long, long[:-1] + "9") in (-1, 0, 1)


def test_tools_write_a_v_where_the_registry_has_none() -> None:
    assert compare("gem", "v1.2", "1.2.0") == 0
    assert compare("nuget", "v1.2", "1.2.1") == -1
    assert key("deb", "v1.2") != key("deb", "1.2")


def test_what_cannot_be_compared_is_unknown() -> None:
    assert compare("pypi", "not a version", "1.0") is None
    assert compare("composer", "1.0", "dev-main") is None
    assert compare("composer", "dev-main", "dev-main") == 0


def test_order_is_lowest_first_and_what_is_refused_before_all() -> None:
    assert order("npm", ["1.10.0", "1.9.0", "1.2.0", "1.9.0"]) == ["1.2.0", "1.9.0", "1.10.0"]
    assert order("npm", ["1.0.0", "next", "0.9.0", "latest"]) == [
        "latest",
        "next",
        "0.9.0",
        "1.0.0",
    ]
