"""Whose rows a transaction may see."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.stores.relational.ids import PLATFORM, is_id


@dataclass(frozen=True, slots=True)
class Scope:
    """One tenant's rows, or (`system`) the platform's own tables and the shared ones.

    No scope sees the findings of two tenants: what serves several goes from one to the next.
    """

    tenant: str = ""
    system: bool = False

    def __post_init__(self) -> None:
        if self.system == bool(self.tenant):
            raise ValueError("a scope is one tenant's, or the system's")
        if self.tenant and not is_id(self.tenant):
            raise ValueError("a tenant is named by its id")

    @property
    def chain(self) -> str:
        """Whose audit chain is written to."""
        return self.tenant or PLATFORM


SYSTEM = Scope(system=True)


def of_tenant(tenant: str) -> Scope:
    """The scope of one tenant."""
    return Scope(tenant=tenant)
