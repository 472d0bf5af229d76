"""CVSS ratings as reports carry them: which version a vector is, and whether it says anything."""

from __future__ import annotations

from vigie.model.observations import Score


def cvss_version(vector: str) -> str:
    """ "3.1" for "CVSS:3.1/AV:N/…", "2.0" for a bare "AV:N/AC:L/Au:N/…", "" for anything else."""
    if vector.startswith("CVSS:"):
        return vector[5:].partition("/")[0]
    return "2.0" if "Au:" in vector else ""


def cvss_score(source: str, vector: str, value: float | None, version: str = "") -> Score | None:
    """A rating, or None when it rates nothing: tools write 0 and "" for 'not rated'.

    A version inside the vector wins over `version`, which tools sometimes fill in blindly.
    """
    if not vector and not value:
        return None
    if value is not None and not 0 <= value <= 10:
        value = None
    return Score(source, cvss_version(vector) or version, vector, value)
