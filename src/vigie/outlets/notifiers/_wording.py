"""What every message says, whoever receives it: its look, its counts, its items, its rest.

All of it is one line each and holds nothing that steers: `line` of the phrases took control and
direction characters out. What a receiver's own markup would make of it is the notifier's work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vigie.model.findings import Decision
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.notifiers._fields import split
from vigie.outlets.phrases.figures import line, middle, moment, number, sentence
from vigie.outlets.phrases.labels import COLOURS, DECISION, SEVERITY, SHAPES
from vigie.ports.notifiers import Item, Matter, Message

MOST_ITEMS = 5
MOST_FACTS = 6
_LONGEST_URL = 1000

MATTER: Mapping[Matter, Text] = {
    Matter.OPENED: T("new"),
    Matter.CHANGED: T("changed"),
    Matter.RESOLVED: T("resolved"),
    Matter.DIGEST: T("digest"),
    Matter.TEST: T("test message"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A severity for the eye: never the colour alone. `colour` is "#rrggbb"."""

    shape: str
    word: str
    colour: str


def look_of(severity: Severity, words: Words) -> Look:
    return Look(SHAPES[severity], words(SEVERITY[severity]), COLOURS[severity])


def look(message: Message, words: Words) -> Look:
    """The whole message's: what is over is calm, and a test is no alarm."""
    if message.matter is Matter.RESOLVED:
        return Look(SHAPES[Severity.NONE], words(MATTER[message.matter]), COLOURS[Severity.NONE])
    if message.matter is Matter.TEST:
        return Look(SHAPES[Severity.LOW], words(MATTER[message.matter]), COLOURS[Severity.LOW])
    return look_of(message.severity, words)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in words. `decision`, `place` and `fix` are "" when there is nothing to say."""

    look: Look
    title: str
    decision: str
    place: str
    fix: str
    url: str
    facts: tuple[str, ...]

    @property
    def head(self) -> str:
        """ "◆ critical · act now"."""
        return " · ".join(filter(None, (f"{self.look.shape} {self.look.word}", self.decision)))

    @property
    def tail(self) -> str:
        """ "shop/api · openssl 3.0.11 · fixed in 3.0.13"."""
        return " · ".join(filter(None, (self.place, self.fix)))


@dataclass(frozen=True, slots=True)
class Said:
    """The message in one language. Every text is one line; "" where there is nothing to say.

    `headline` is look and title in one; `counts` "critical: 2 · high: 14"; `tally` is the same in
    pieces; `rest` "and 3,995 more".
    `identity` is the same for the same message however often it is sent, `thread` the same for
    all messages about one matter.
    """

    look: Look
    matter: str
    title: str
    summary: str
    counts: str
    tally: tuple[tuple[Look, str], ...]
    entries: tuple[Entry, ...]
    rest: str
    url: str
    open: str
    tenant: str
    sent: str
    identity: str
    thread: str

    @property
    def headline(self) -> str:
        return f"{self.look.shape} {self.look.word} · {self.title}"


def say(message: Message, words: Words, most: int = MOST_ITEMS) -> Said:
    """Put the message into words. At most `most` items are shown; the rest is a number."""
    shown = message.items[:most]
    left = max(message.total, len(message.items)) - len(shown)
    return Said(
        look=look(message, words),
        matter=words(MATTER[message.matter]),
        title=sentence(words(message.title), 250) or words(MATTER[message.matter]),
        summary=sentence(words(message.summary), 600) if message.summary else "",
        counts=_counts(message, words),
        tally=tuple(
            (look_of(severity, words), number(count, words.lang))
            for severity, count in message.counts
            if count
        ),
        entries=tuple(_entry(item, words) for item in shown),
        rest=words(T("and {count} more", count=left)) if shown and left > 0 else "",
        url=address(message.url),
        open=words(T("Open in Vigie")),
        tenant=line(message.tenant, 100),
        sent=line(message.sent, 40),
        identity=_digest(message.key, message.matter, _utc(message.sent)),
        thread=_digest(message.key),
    )


def fitted(
    message: Message,
    words: Words,
    render: Callable[[Said], dict[str, Any]],
    fits: Callable[[dict[str, Any]], bool],
) -> dict[str, Any]:
    """The body with as many items as the receiver takes; the rest of them is counted."""
    for most in (MOST_ITEMS, 3, 2, 1):
        body = render(say(message, words, most))
        if fits(body):
            return body
    return render(say(message, words, 0))


def address(url: str) -> str:
    """The address if it is one that a person may be sent to, else ""."""
    parts = split(url)
    plain = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\|`{}^')
    if parts is None or not plain or len(url) > _LONGEST_URL:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def _entry(item: Item, words: Words) -> Entry:
    component = middle(item.component, 120)
    return Entry(
        look=look_of(item.severity, words),
        title=sentence(item.title, 200) or words(T("without a title")),
        decision=_decision(item.decision, words),
        place=" · ".join(filter(None, (middle(item.asset, 120), component))),
        fix=words(T("fixed in {version}", version=middle(item.fix, 60))) if item.fix else "",
        url=address(item.url),
        facts=tuple(
            words(T("{name}: {value}", name=sentence(words(name), 60), value=_fact(value, words)))
            for name, value in item.facts[:MOST_FACTS]
        ),
    )


def _fact(value: Text | str, words: Words) -> str:
    return sentence(words(value) if isinstance(value, Text) else value, 200)


def _decision(said: str, words: Words) -> str:
    try:
        return words(DECISION[Decision(said)])
    except ValueError:
        return line(said, 40)


def _counts(message: Message, words: Words) -> str:
    """ "critical: 2 · high: 14"; what nobody counted is not there, never zero."""
    parts = [
        words(T("{severity}: {count}", severity=SEVERITY[severity], count=count))
        for severity, count in message.counts
        if count
    ]
    return " · ".join(parts)


def _utc(text: str) -> str:
    """Told by another clock it is still the same message."""
    parsed = moment(text)
    return text if parsed is None else parsed.isoformat()


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:40]
