"""What is told together: a gist of what happened, which grows and stays small.

A gist is plain values, as the outbox keeps it: exact counts, and of thousands of findings only
the first few that weigh most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from vigie.model.severity import Severity

MOST_ITEMS = 10
MOST_ASSETS = 20
MOST_NOTES = 10
NEW, BACK, CLOSED = "finding.new", "finding.reopened", "finding.closed"
DECIDED = "finding.triaged"

Gist = Mapping[str, Any]


def gist_of(
    event: str,
    severities: Iterable[Severity],
    *,
    items: Iterable[Mapping[str, Any]] = (),
    assets: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Of findings to which the same happened. `items` are plain and have `id` and `weight`,
    `assets` are names by id."""
    counted = Counter(severity.value for severity in severities)
    return _bounded({
        "events": {event: sum(counted.values())},
        "severities": {event: dict(counted)},
        "items": [{**item, "event": event} for item in items],
        "assets": dict(assets or {}),
        "more_assets": False,
        "notes": [],
    })  # fmt: skip


def note_of(
    event: str, severity: Severity, subject: tuple[str, str], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Of one thing that happened to something else than findings. `facts` are small and plain."""
    note = {"event": event, "severity": severity.value, "subject": list(subject),
            "facts": dict(facts)}  # fmt: skip
    return {"events": {event: 1}, "severities": {}, "items": [], "assets": {},
            "more_assets": False, "notes": [note]}  # fmt: skip


def merged(one: Gist, other: Gist) -> dict[str, Any]:
    """Both as one. Whatever the order and the grouping, it comes to the same counts."""
    events: Counter[str] = Counter(one["events"]) + Counter(other["events"])
    severities = {
        event: dict(
            Counter(one["severities"].get(event, {})) + Counter(other["severities"].get(event, {}))
        )
        for event in sorted({*one["severities"], *other["severities"]})
    }
    return _bounded({
        "events": dict(events),
        "severities": severities,
        "items": [*one["items"], *other["items"]],
        "assets": {**one["assets"], **other["assets"]},
        "more_assets": one["more_assets"] or other["more_assets"],
        "notes": [*one["notes"], *other["notes"]],
    })  # fmt: skip


def _bounded(gist: dict[str, Any]) -> dict[str, Any]:
    """What stays is what matters: open before closed, then the heavier."""
    items = {(item["id"], item["event"]): item for item in gist["items"]}.values()
    ranked = sorted(items, key=lambda i: (i["event"] == CLOSED, -i["weight"], i["id"], i["event"]))
    names = sorted(gist["assets"].items())
    notes = sorted(gist["notes"], key=lambda n: (-Severity(n["severity"]).rank, n["event"]))
    return {
        **gist,
        "items": ranked[:MOST_ITEMS],
        "assets": dict(names[:MOST_ASSETS]),
        "more_assets": gist["more_assets"] or len(names) > MOST_ASSETS,
        "notes": notes[:MOST_NOTES],
    }


def count_of(gist: Gist, *events: str) -> int:
    """How often these happened."""
    return sum(int(gist["events"].get(event, 0)) for event in events)


def is_over(gist: Gist) -> bool:
    """Whether all it tells of is that findings closed."""
    return set(gist["events"]) == {CLOSED}


def counts_of(gist: Gist) -> dict[Severity, int]:
    """Findings by severity, the worst first: of those that are open now, or, when it only tells
    of closed ones, of these."""
    counted: Counter[str] = Counter()
    for event, severities in gist["severities"].items():
        if event != CLOSED or is_over(gist):
            counted.update(severities)
    known = {severity: counted[severity.value] for severity in Severity}
    return {severity: number for severity, number in known.items() if number}


def worst_of(gist: Gist) -> Severity:
    """The highest severity of all it tells of; unknown when nobody said any."""
    noted = (Severity(note["severity"]) for note in gist["notes"])
    return max((*counts_of(gist), *noted), key=lambda s: s.rank, default=Severity.UNKNOWN)
