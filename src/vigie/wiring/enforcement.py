"""Which part of this build enforces each clause of the security policy.

A clause that is in force and stands in nobody's list is an error at start: a rule that only
stands in a file is worse than none.
"""

from __future__ import annotations

from collections.abc import Mapping

from vigie.services.access.security_policy import SecurityPolicy, every_clause, require_enforced
from vigie.services.retention.limits import ENFORCED as BY_RETENTION

# Each section, and the file that holds to all of its clauses.
ENFORCERS: Mapping[str, str] = {
    "lockout": "services/access/guessing.py",
    "second_factor": "services/access/authentication.py",
    "password": "services/access/own.py",
    "sessions": "services/access/sessions.py",
    "networks": "services/access/visits.py",
    "outbound": "wiring/platform.py",
    "tls": "faces/server/start.py",
}


def enforced() -> frozenset[str]:
    """Every clause that something here enforces."""
    named = {clause for clause in every_clause() if clause.partition(".")[0] in ENFORCERS}
    return BY_RETENTION | named


def check_policy(policy: SecurityPolicy) -> None:
    """Raises UserError when a clause in force is enforced by nothing here."""
    require_enforced(policy, enforced())
