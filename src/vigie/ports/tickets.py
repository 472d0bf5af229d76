"""The seam for ticket systems: one piece of work in somebody else's list, never twice.

A built-in one is a module or folder in `vigie/outlets/tickets/` that holds one object named
`TRACKER`; a third party registers the same object under the entry point group `vigie.tickets`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vigie.model.severity import Severity
from vigie.ports.notifiers import Channel, Field, Post
from vigie.ports.plugs import Needs


class TicketState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in progress"
    CLOSED = "closed"
    GONE = "gone"  # deleted or moved out of sight
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the ticket should say. `key` is the stable name of the work in Vigie; it is written
    into the ticket, so that a second attempt finds the first one's. `body` is Markdown."""

    key: str
    title: str
    body: str
    severity: Severity = Severity.UNKNOWN
    labels: tuple[str, ...] = ()
    closed: bool = False
    comment: str = ""  # said when it is updated or closed


@dataclass(frozen=True, slots=True)
class TicketRef:
    """A ticket as its system knows it. `state_said` is the system's own word."""

    id: str
    url: str
    state: TicketState
    state_said: str = ""


class Tracker(Protocol):
    """One ticket system. Holds no state between calls.

    Every method raises SourceError (`retryable` says whether later may help) when the system
    does not do it, and UserError when the channel is wrong; neither ever names a token.
    """

    name: str
    label: str
    needs: Needs
    fields: tuple[Field, ...]

    def check(self, channel: Channel) -> None:
        """Raises UserError when the channel cannot be right; asks nothing of the network."""

    def find(self, key: str, channel: Channel, post: Post) -> TicketRef | None:
        """The ticket that carries this key, open or closed; None when there is none."""

    def create(self, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        """A new ticket. Callers ask `find` first; `create` after a lost answer is theirs too."""

    def update(self, ref: TicketRef, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        """Make the ticket say what the draft says, and close or reopen it as `draft.closed`."""

    def state(self, ref: TicketRef, channel: Channel, post: Post) -> TicketRef:
        """What has become of it. A deleted one is `GONE`, not an error."""
