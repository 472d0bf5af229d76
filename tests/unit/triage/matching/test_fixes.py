"""What an advisory says mends one installed version."""

from __future__ import annotations

import pytest
from tests.unit.triage.matching.advisories import entry, span

from vigie.model.advisories import Affected
from vigie.model.observations import Fix, FixState
from vigie.triage.matching.fixes import fix_of

BRANCHES = span("introduced 0", "fixed 2.2.28", "introduced 3.2", "fixed 3.2.13", "introduced 4.0",
                "fixed 4.0.4")  # fmt: skip


def fixed(*versions: str) -> Fix:
    return Fix(FixState.FIXED, versions)


@pytest.mark.parametrize(
    ("entries", "version", "expected"),
    [
        # The end of the branch it is on, then what is above.
        ([entry(BRANCHES)], "2.0", fixed("2.2.28", "3.2.13", "4.0.4")),
        ([entry(BRANCHES)], "3.2.5", fixed("3.2.13", "4.0.4")),
        ([entry(BRANCHES)], "4.0", fixed("4.0.4")),
        # 1.5 mends what one range says and lies in the other.
        ([entry(span("introduced 0", "fixed 1.5"), span("introduced 0", "fixed 2"))], "1",
         fixed("2")),
        ([entry(span("introduced 0", "fixed 1.5")), entry(span("introduced 0", "fixed 2"))], "1",
         fixed("2")),
        ([entry(span("introduced 0", "fixed 1.5"), versions=("1.5",))], "1", Fix()),
        # Nothing ends it, or what ends it lies behind.
        ([entry(span("introduced 0"))], "1", Fix(FixState.NOT_FIXED)),
        ([entry(span("introduced 0", "fixed 1", "introduced 2"))], "2.5", Fix(FixState.NOT_FIXED)),
        ([entry(span("introduced 0", "last_affected 3"))], "1", Fix()),
        ([entry(span("introduced 0", "last_affected 3"), span("introduced 0"))], "1",
         Fix(FixState.NOT_FIXED)),
        ([entry(versions=("1",))], "1", Fix()),
        ([entry(span("introduced 5"), versions=("1",))], "1", Fix()),
        # A version that nobody can compare mends nothing.
        ([entry(span("introduced 0", "fixed oh no"))], "1", Fix()),
        ([entry(span("introduced 0"), severity="end-of-life")], "1", Fix(FixState.END_OF_LIFE)),
        ([entry(span("introduced 0")), entry(span("introduced 0"), severity="End-of-Life")], "1",
         Fix(FixState.END_OF_LIFE)),
        ([entry(span("introduced 0", "fixed 2"), severity="end-of-life")], "1", fixed("2")),
        ([entry(span("introduced 0"), severity="unimportant")], "1", Fix(FixState.NOT_FIXED)),
        # Without a version every fix is above it.
        ([entry(BRANCHES)], "", fixed("2.2.28", "3.2.13", "4.0.4")),
    ],
)  # fmt: skip
def test_fixes(entries: list[Affected], version: str, expected: Fix) -> None:
    assert fix_of(entries, "pypi", version) == expected
