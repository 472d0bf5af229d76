"""Fixes on branches, and what is no release."""

from __future__ import annotations

import pytest

from vigie.triage.mending import is_above, is_prerelease, mends


@pytest.mark.parametrize(
    ("version", "said", "expected"),
    [
        ("1.26.18", [("1.26.18", "2.0.7")], True),
        ("1.26.20", [("1.26.18", "2.0.7")], True),  # later on the branch that has it
        ("1.26.20", [("1.26.18", "1.27.2")], True),  # whatever later branches need
        ("1.27.1", [("1.26.18", "1.27.2")], False),
        ("1.27.0", [("1.26.18", "2.0.7")], True),  # the same major line, none named later on it
        ("2.0.0", [("1.26.18", "2.0.7")], False),  # the other line has it later
        ("2.0.7", [("1.26.18", "2.0.7")], True),
        ("3.0.0", [("1.26.18", "2.0.7")], True),
        ("1.26.17", [("1.26.18",)], False),
        ("1.26.18", [("1.26.18",), ("2.0.0",)], True),  # naming a higher one denies nothing
        ("1.26.18", [("1.26.18",), ("1.26.19",)], False),  # on the same branch it does
        ("1.26.18", [], False),
        ("1.26.18", [("1.0.0",)], False),  # below what is installed: no fix for it
    ],
)
def test_mends(version: str, said: list[tuple[str, ...]], expected: bool) -> None:
    assert mends("pypi", "1.25.0", version, tuple(said)) is expected


def test_what_cannot_be_compared_mends_only_when_named() -> None:
    assert not is_above("pypi", "nonsense version", "1.0")
    assert not mends("pypi", "1.0", "!!", (("2.0",),))


def test_an_epoch_that_a_fix_leaves_out_is_no_matter() -> None:
    assert is_above("deb", "1.2.3-2", "1:1.2.3-1")
    assert not is_above("deb", "1.2.3-1", "1:1.2.3-1")


@pytest.mark.parametrize(
    ("kind", "version", "expected"),
    [
        ("pypi", "2.0rc1", True),
        ("pypi", "2.0b2", True),
        ("pypi", "2.0.dev3", True),
        ("pypi", "2.0.post1", False),
        ("pypi", "2.0", False),
        ("npm", "2.0.0-next.1", True),
        ("npm", "2.0.0+build-5", False),
        ("maven", "2.17.1", False),
        ("maven", "2.0-beta9", True),
        ("maven", "5.0.0.M1", True),
        ("maven", "5.0.0-SNAPSHOT", True),
        ("maven", "31.1-jre", False),
        ("maven", "4.1.100.Final", False),
        ("deb", "1.0~rc1-1", False),
        ("golang", "v0.0.0-20220101000000-abcdefabcdef", True),
    ],
)
def test_is_prerelease(kind: str, version: str, expected: bool) -> None:
    assert is_prerelease(kind, version) is expected
