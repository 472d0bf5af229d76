"""How many days each noun is kept: what the operator demands, and what a tenant shortens it to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.access.security_policy import Retention

# The clauses of `retention` in security.yaml that this room enforces. `retention.audit` is not
# among them: the log is append-only for the platform itself, so nothing here could.
CLAUSES = (
    "findings", "observations", "runs", "imports", "events", "reports", "jobs", "deliveries",
    "sessions",
)  # fmt: skip
ENFORCED = frozenset(f"retention.{clause}" for clause in CLAUSES)
# A typing error must not empty a tenant overnight.
SHORTEST = 7  # days that a tenant may ask for


@dataclass(frozen=True, slots=True)
class Limit:
    """How many days a clause keeps its nouns, None for ever. `by` says who decided: "operator",
    "tenant", or "nobody" when it is for ever."""

    days: int | None
    by: str

    def before(self, now: datetime) -> datetime | None:
        """What ended before this goes."""
        return None if self.days is None else now - timedelta(days=self.days)


def limits(policy: Retention, wanted: Mapping[str, int | None]) -> dict[str, Limit]:
    """The limit of each clause. `wanted` is what the tenant asks for; it shortens, and never
    lengthens: the operator answers for how long data lie about."""
    found = {}
    for clause in CLAUSES:
        most: int | None = getattr(policy, clause)
        own = wanted.get(clause)
        if own is not None and (most is None or own < most):
            found[clause] = Limit(own, "tenant")
        else:
            found[clause] = Limit(most, "nobody" if most is None else "operator")
    return found


def check_wanted(policy: Retention, wanted: Mapping[str, int | None]) -> None:
    """Raises UserError for a clause that there is none of, or days out of bounds."""
    for clause, days in wanted.items():
        if clause not in CLAUSES:
            raise UserError(
                T("nothing called {name} has a time to be kept", name=clause[:100]),
                T("Choose from: {names}", names=CLAUSES),
            )
        most: int | None = getattr(policy, clause)
        if days is None:
            continue
        if days < SHORTEST or days > (most or 36_525):
            raise UserError(
                T("{name} may be kept from {least} to {most} days, not {days}",
                  name=clause, least=SHORTEST, most=most or 36_525, days=days),
                T("The operator's security policy says how long at most."),
            )  # fmt: skip
