"""Orders of versions, written as one reads them: "1.0~rc1 < 1.0 = 1.0-0 < 1.0-1"."""

from __future__ import annotations

from vigie.triage.versions import compare, key


def check(kind: str, ladder: str) -> None:
    """Every two of the ladder compare as their places in it say, in both directions."""
    steps = [[text.strip() for text in step.split(" = ")] for step in ladder.split(" < ")]
    places = [(version, at) for at, step in enumerate(steps) for version in step]
    assert len(places) > 1
    for first, here in places:
        for second, there in places:
            expected = (here > there) - (here < there)
            assert compare(kind, first, second) == expected, (kind, first, second)


def check_refused(kind: str, *versions: str) -> None:
    """None of these is a version to this scheme."""
    assert {version for version in versions if key(kind, version) is not None} == set()
