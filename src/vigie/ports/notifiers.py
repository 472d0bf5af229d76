"""The seam for notifiers: a message goes out to one receiver, once per call.

A notifier is thin. It renders the message in its receiver's form, sends it and says how that
went. Retrying, grouping, quiet hours and dead letters are stages of their own, before it. A
built-in one is a module or folder in `vigie/outlets/notifiers/` that holds one object named
`NOTIFIER`; a third party registers the same object under the entry point group
`vigie.notifiers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from vigie.model.severity import Severity
from vigie.model.text import Text, Words
from vigie.ports.plugs import Needs
from vigie.ports.secrets import SecretValue

if TYPE_CHECKING:
    import httpx


class Matter(StrEnum):
    """What happened to the thing the message is about. `RESOLVED` ends what `OPENED` began."""

    OPENED = "opened"
    CHANGED = "changed"
    RESOLVED = "resolved"
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a message: a finding, an alert. `url` leads to it in Vigie, "" when unknown."""

    title: str
    severity: Severity = Severity.UNKNOWN
    decision: str = ""
    asset: str = ""
    component: str = ""
    fix: str = ""
    url: str = ""
    facts: tuple[tuple[Text, Text | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell. `key` is stable for the same matter, so that a receiver can tell a repeat
    (dedup key) and close what it opened. `items` are the most important ones, `total` counts
    all of them. `counts` are by severity, the worst first. `sent` is ISO 8601
    with an offset.
    """

    key: str
    matter: Matter
    title: Text
    severity: Severity
    tenant: str = ""
    summary: Text | None = None
    items: tuple[Item, ...] = ()
    total: int = 0
    counts: tuple[tuple[Severity, int], ...] = ()
    url: str = ""
    sent: str = ""


class Delivered(StrEnum):
    """How an attempt ended. `RETRY`: try later. `REJECTED`: trying again cannot help."""

    DONE = "done"
    RETRY = "retry"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of one call. `after` is how many seconds the receiver asks us to wait, None
    when it does not say. `detail` is safe to show: no address, no token. `reference` is the
    receiver's own id of it, for later."""

    outcome: Delivered
    detail: Text | None = None
    after: float | None = None
    status: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a channel of this kind must be told: for its form, its API and its check.

    `secret` fields are given as `secret://name` only and reach the notifier resolved.
    """

    name: str
    label: Text
    secret: bool = False
    required: bool = True
    example: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where to send: plain settings and secrets, by the names of the notifier's `fields`."""

    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, SecretValue] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The setting or secret of this name, "" when it is not given."""
        hidden = self.secrets.get(name)
        return hidden.reveal() if hidden is not None else self.settings.get(name, "")


@dataclass(frozen=True, slots=True)
class Post:
    """What the platform lends a notifier for one attempt.

    `http` already refuses addresses that are not allowed and has its time-outs; `timeout` is
    in seconds for whatever else it opens. `allows` answers whether a host and port may be
    connected to (SMTP) and raises UserError if not. `now` is seconds since 1970 (signatures).
    """

    http: httpx.Client
    words: Words
    timeout: float
    now: float
    allows: Allows


class Allows(Protocol):
    """Whether this host and port may be connected to. Raises UserError if not, SourceError when
    that cannot be found out now. Where it returns addresses, only these may be connected to: a
    second look-up of the name could give another.
    """

    def __call__(self, host: str, port: int) -> Sequence[str] | None: ...


class Notifier(Protocol):
    """Sends one message to one channel. Holds no state between calls.

    `name` is the word for settings and the API, `label` its name for people.
    """

    name: str
    label: str
    needs: Needs
    fields: tuple[Field, ...]

    def check(self, channel: Channel) -> None:
        """Raises UserError when the channel cannot be right; sends nothing."""

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        """One attempt, within `post.timeout`. Never raises for what the outside does: a
        time-out, a refused connection or a bad answer is an `Attempt`."""
