"""Which fixed version is the lowest that suffices."""

from __future__ import annotations

import pytest

from vigie.triage.versions import jump, lowest_sufficient, normalise


@pytest.mark.parametrize(
    ("kind", "installed", "said", "expected"),
    [
        ("maven", "2.14.1", [("2.15.0", "2.3.1", "2.12.2")], "2.15.0"),
        ("maven", "2.12.1", [("2.15.0", "2.3.1", "2.12.2")], "2.12.2"),
        ("npm", "1.5.0", [("2.0.0", "1.5.3"), ("2.0.0",)], "1.5.3"),
        ("npm", "1.5.0", [("1.5.3",), ("1.5.4",)], "1.5.4"),
        ("deb", "12.2-14", [("12.2-14+deb12u1",), ("12.2-14+deb12u2",)], "12.2-14+deb12u2"),
        ("deb", "1:2.38-1", [("2.38-1+deb12u1",)], "2.38-1+deb12u1"),
        ("deb", "1:2.38-1", [("1:2.37-1", "0:3.0-1")], ""),
        ("golang", "v1.2.0", [("1.2.1",)], "1.2.1"),
        ("pypi", "3.0", [("2.9",)], ""),
        ("pypi", "1!2.0", [("3.0", "1!2.0.1")], "1!2.0.1"),
        ("composer", "v5.4.9", [("5.4.21", "6.0.3")], "5.4.21"),
        ("composer", "5.4.x-dev", [("5.4.21",)], ""),
        ("composer", "dev-main", [("5.4.21",)], ""),
        ("apk", "1.1.1k-r0", [("1.1.1l-r0",), ("1.1.1t-r2",)], "1.1.1t-r2"),
        ("rpm", "0:1.1.1k-7.el8_6", [("1:1.1.1k-9.el8_7", "1.1.1k-7.el8")], "1:1.1.1k-9.el8_7"),
        ("rpm", "1:1.1.1k-7.el8_6", [("1.1.1k-9.el8_7",)], "1.1.1k-9.el8_7"),
        ("maven", "4.1.76.Final", [("4.1.77.Final", "4.1.77.CR1")], "4.1.77.CR1"),
        ("nuget", "1.0.0-RC1", [("1.0.0.0",)], "1.0.0.0"),
        ("npm", "1.5.0", [("not yet", "1.5.1")], "1.5.1"),
        ("npm", "1.0.0", [], ""),
    ],
)
def test_lowest_sufficient(
    kind: str, installed: str, said: list[tuple[str, ...]], expected: str
) -> None:
    assert lowest_sufficient(kind, installed, said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("2.1, 1.9", ">=4.1", "<3", ""), ("2.1", "1.9", "4.1")),
        ((">=4.17.21 <5.0.0",), ("4.17.21",)),
        ((">= 1.2 || ^2.0.1",), ("1.2", "2.0.1")),
        (("~> 5.2.4, >= 5.2.4.3, >= 6.0.3.1",), ("5.2.4.3", "6.0.3.1")),
        (("~> 5.2.4.3, >= 6.0.3.1",), ("5.2.4.3", "6.0.3.1")),
        (("~> 5.2.4.3", ">= 6.0.3.1"), ("5.2.4.3", "6.0.3.1")),
        (("[2.12.2,2.13.0)", "[2.17.1,)", "(1.0,2.0]", "[3.1]"), ("2.12.2", "2.17.1", "3.1")),
        ((">1.0",), ()),
        (("1:2.38-1~deb12u1", "3.0.0~rc1-1"), ("1:2.38-1~deb12u1", "3.0.0~rc1-1")),
        (("not fixed yet",), ()),
        ((">=1!2.0, !=1!2.1",), ("1!2.0",)),
        (("1.2~abcdef-r0", "1.0^git1-1.fc40"), ("1.2~abcdef-r0", "1.0^git1-1.fc40")),
    ],
)
def test_normalise(said: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert normalise(said) == expected


def test_a_fix_on_the_branch_is_found_in_rubys_spelling() -> None:
    said = normalise(("~> 5.2.4, >= 5.2.4.3, >= 6.0.3.1",))
    assert lowest_sufficient("gem", "5.2.3", [said]) == "5.2.4.3"
    assert lowest_sufficient("gem", "6.0.0", [said]) == "6.0.3.1"


def test_go_writes_its_own_version_with_a_prefix() -> None:
    assert lowest_sufficient("golang", "go1.21.3", [("1.21.5", "1.20.12")]) == "1.21.5"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("1.2.3", "1.2.4", "patch"),
        ("1.2", "1.3.0", "minor"),
        ("v1.9", "2.0", "major"),
        ("x", "1", ""),
        ("go1.21.3", "go1.22.0", "minor"),
        ("1!2.0", "1!2.0.1", "patch"),
        ("1!2.0", "2!2.0", "major"),
    ],
)
def test_jump(a: str, b: str, expected: str) -> None:
    assert jump("npm", a, b) == expected


def test_jump_within_a_distribution() -> None:
    assert jump("deb", "1:2.0-1", "1:3.0-1") == "patch"
    assert jump("deb", "1:2.0-1", "<unfixed>") == ""
