"""Who knocks, before anybody knows who it is: where from, with what, and whether that may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vigie.model.access import NotAllowed
from vigie.model.text import T
from vigie.services.access.api_keys import is_allowed_from
from vigie.services.platform import Platform
from vigie.stores.relational.audit_chain import Entry

_AGENT = 300  # characters of what a browser calls itself


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who wants in. `device` is the device cookie, "" without one."""

    address: str = ""
    agent: str = ""
    request_id: str = ""
    device: str = field(default="", repr=False)

    def entry(self, action: str, *, outcome: str = "done", **detail: Any) -> Entry:
        """The audit entry of somebody who is not known (yet)."""
        return Entry(
            action, actor_kind="user", detail=detail, request_id=self.request_id,
            address=self.address, outcome=outcome,
        )  # fmt: skip

    def entry_of(
        self, action: str, user_id: str, name: str, *, outcome: str = "done", session: str = "",
        **detail: Any,
    ) -> Entry:  # fmt: skip
        """The audit entry of what this person did, or what was tried in their name."""
        return Entry(
            action, actor_kind="user", actor_id=user_id, actor=name,
            subject_kind="session" if session else "user", subject_id=session or user_id,
            detail=detail, request_id=self.request_id, address=self.address, outcome=outcome,
        )  # fmt: skip


def said_agent(text: str) -> str:
    """What a browser calls itself, as it is kept."""
    return "".join(letter for letter in text[:_AGENT] if letter.isprintable())


def require_network(platform: Platform, address: str) -> None:
    """Raises NotAllowed for an address outside `networks.allowed` of the security policy."""
    if not is_allowed_from(address, platform.policy.networks.allowed):
        raise NotAllowed(
            T("this platform is not open to where you come from"),
            T("Use the network that your operator names in networks.allowed."),
        )
