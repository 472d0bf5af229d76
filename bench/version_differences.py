"""Where Vigie's order of versions knowingly differs from a peer's, and why.

Each function is given the pairs on which the two differ, with the peer's verdict, and a way to
ask the peer more; it returns the pairs that it explains. Reasons are in decision 9.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set

Pair = tuple[str, str]
Odd = Mapping[Pair, int]
Ask = Callable[[Sequence[Pair]], Sequence[int | None]]
Explains = Callable[[Odd, Ask], Set[Pair]]

_CUTS = re.compile(r"[.-]|(?<=[0-9])(?=[^0-9])|(?<=[^0-9])(?=[0-9])")


def never(_: Odd, __: Ask) -> Set[Pair]:
    """Every disagreement would be a mistake."""
    return set()


def leading_zeros(odd: Odd, _: Ask) -> Set[Pair]:
    """apk-tools 2 counts leading zeros, apk-tools 3 reads such a number as decimals."""
    return {pair for pair in odd if any(re.search(r"\.0[0-9]", version) for version in pair)}


def ends_of_arch(odd: Odd, _: Ask) -> Set[Pair]:
    """vercmp calls a version without pkgrel equal to each of its pkgrels, which cannot be
    sorted by, and it goes in circles where a version ends with a separator."""
    return {
        (a, b)
        for a, b in odd
        if ("-" in a) != ("-" in b)
        or any(re.search(r"[^A-Za-z0-9](?:-|$)", version) for version in (a, b))
    }


def bare_go_releases(odd: Odd, _: Ask) -> Set[Pair]:
    """go1.21 is a language version to Go, and the release 1.21.0 to govulncheck and to us."""
    return {
        pair for pair in odd if any(re.fullmatch(r"go[0-9]+\.[0-9]+", version) for version in pair)
    }


def mixed_parts(odd: Odd, _: Ask) -> Set[Pair]:
    """Conan compares "1a" with 10 as texts and 2 with 10 as numbers, which goes in circles."""

    def is_mixed(version: str) -> bool:
        rest, plus, build = version.rpartition("+")
        main, _, before = (rest if plus else version).partition("-")
        parts = [part for text in (main, before, build) for part in text.split(".")]
        return any(re.fullmatch(r"[0-9]+[^0-9].*", part) for part in parts)

    return {pair for pair in odd if any(map(is_mixed, pair))}


def builds_and_fourth_numbers(odd: Odd, _: Ask) -> Set[Pair]:
    """Builds are texts to OSV-Scanner and identifiers to Pub; Pub has three numbers, and
    what follows a third is a number to us and a text to OSV-Scanner."""
    exact = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?").fullmatch
    return {pair for pair in odd if not all(map(exact, pair))}


def circles_of_maven(odd: Odd, ask: Ask) -> Set[Pair]:
    """Pairs for which Maven itself puts a third version between the two, the other way round."""
    questions = [(pair, third) for pair in odd for third in _thirds(pair)]
    first = ask([(a, third) for (a, _), third in questions])
    second = ask([(third, b) for (_, b), third in questions])
    return {
        pair
        for (pair, _), to_third, from_third in zip(questions, first, second, strict=True)
        if _goes_in_circles(odd[pair], to_third or 0, from_third or 0)
    }


def _thirds(pair: Pair) -> Sequence[str]:
    """What both begin with, cut at each place where a part ends."""
    found = {"0"}
    for version in pair:
        found |= {version[: cut.start()] for cut in _CUTS.finditer(version) if cut.start()}
    return sorted(found)


def _goes_in_circles(direct: int, to_third: int, from_third: int) -> bool:
    if direct < 0:
        return to_third >= 0 and from_third >= 0
    if direct > 0:
        return to_third <= 0 and from_third <= 0
    return to_third * from_third > 0 or (to_third == 0) != (from_third == 0)
