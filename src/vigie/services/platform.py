"""What every use-case of the platform is given: its stores and plugs, and who is calling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vigie.model.access import Permission, Principal, system_principal
from vigie.model.text import Language, Words
from vigie.ports.caches import Cache
from vigie.ports.queues import Queue
from vigie.services.sealing import UNOPENED, Sealing
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.scopes import Scope, of_tenant

if TYPE_CHECKING:
    from vigie.services.access.security_policy import SecurityPolicy
    from vigie.services.outbound import Outbound
    from vigie.services.secrets import Secrets
    from vigie.stores.relational.database import Database


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Plugged:
    """The plugs of each kind, by name; imported when they are used."""

    parsers: Mapping[str, Any]
    scanners: Mapping[str, Any]
    outlets: Mapping[str, Any]
    notifiers: Mapping[str, Any]
    trackers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Platform:
    """One running platform. `folder` is its own on this machine; `clock` gives aware UTC times;
    `words` the words of a language; `address` is where people reach it ("" when unknown)."""

    database: Database
    queue: Queue
    cache: Cache
    secrets: Secrets
    outbound: Outbound
    policy: SecurityPolicy
    plugs: Plugged
    folder: Path
    words: Callable[[Language], Words]
    address: str = ""
    clock: Callable[[], datetime] = field(default=now)
    sealing: Sealing = UNOPENED


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a use-case runs: for its permission, its scope and its audit entry."""

    principal: Principal
    request_id: str = ""
    address: str = ""
    language: Language = "en"

    @property
    def tenant(self) -> str:
        """The tenant acted in."""
        return self.principal.tenant

    @property
    def scope(self) -> Scope:
        """The rows that may be seen."""
        return of_tenant(self.principal.tenant)

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed when the caller may not do this."""
        self.principal.require(permission)

    def entry(
        self, action: str, subject_kind: str = "", subject_id: str = "", **detail: Any
    ) -> Entry:
        """The audit entry of something this caller does ("finding.triage", "user.create")."""
        principal = self.principal
        return Entry(
            action,
            actor_kind=str(principal.kind),
            actor_id=principal.id,
            actor=principal.name,
            subject_kind=subject_kind,
            subject_id=subject_id,
            detail=detail,
            request_id=self.request_id,
            address=self.address,
        )


def system_caller(name: str, tenant: str) -> Caller:
    """The platform itself at work in a tenant: "worker", "scheduler", "import"."""
    return Caller(system_principal(name, tenant))
