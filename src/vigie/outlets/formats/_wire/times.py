"""Times as the formats want them. What is no time stays unknown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vigie.model.results import Result
from vigie.outlets.phrases.figures import moment


def rfc3339(text: str) -> str:
    """ "2025-03-04T05:06:07Z", "" when it is no time (RFC 3339, section 5.6)."""
    parsed = moment(text)
    return f"{parsed:%Y-%m-%dT%H:%M:%S}Z" if parsed is not None else ""


def zoneless(text: str) -> str:
    """ "2025-03-04T05:06:07" in UTC, as GitLab and JUnit want it; "" when it is no time."""
    return rfc3339(text).removesuffix("Z")


def milliseconds(text: str) -> int | None:
    """Milliseconds since 1970, as OCSF counts; None when it is no time."""
    parsed = moment(text)
    return int(parsed.timestamp() * 1000) if parsed is not None else None


def span(result: Result) -> tuple[str, str]:
    """When the first run began and the last one ended; when the result was made if unknown."""
    begun = _known(run.started for run in result.runs)
    ended = _known(run.ended for run in result.runs)
    made = moment(result.created)
    known = [*begun, *ended, *([made] if made is not None else [])]
    if not known:
        return "", ""
    return (min(begun) if begun else max(known)).isoformat(), max(known).isoformat()


def _known(texts: Iterable[str]) -> list[datetime]:
    return [parsed for text in texts if (parsed := moment(text)) is not None]
