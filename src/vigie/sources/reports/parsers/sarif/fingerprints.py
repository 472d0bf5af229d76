"""A tool's own stable identity of a result, out of its fingerprints (3.27.16, 3.27.17)."""

from __future__ import annotations

from vigie.sources.reports.records import Record

# Values that stand where a fingerprint would be and identify nothing.
_PLACEHOLDERS = frozenset(
    {"requires login", "none", "null", "unknown", "undefined", "n/a", "na", "nil", "0", "-"}
)

# Fingerprints that change with the file, the column or the commit, or are shared by many.
_UNSTABLE = (
    "column",
    "line/",
    "filehash",
    "startline",
    "location/",
    "commit",
    "author",
    "email",
    "date",
)

_PREFERRED = ("matchBasedId", "primaryLocationLineHash", "contextHash")


def fingerprint_of(result: Record) -> str:
    """One value, the most stable of those given; "" for none."""
    whole = _usable(result.child("fingerprints"))
    partial = _usable(result.child("partialFingerprints"))
    for name in _PREFERRED:
        for values in (whole, partial):
            for key, value in values:
                if key.startswith(name):
                    return value
    return next((value for _, value in (*whole, *partial)), "")


def _usable(values: Record) -> list[tuple[str, str]]:
    """Named values that could identify a result, in the order of their names."""
    found = []
    for key in sorted(values.data):
        value = values.text(key)
        unstable = any(word in key.lower() for word in _UNSTABLE)
        if value and value.lower() not in _PLACEHOLDERS and not unstable:
            found.append((key, value))
    return found
