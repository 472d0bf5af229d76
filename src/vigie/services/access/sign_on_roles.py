"""Which role the groups of a person at their sign-on provider give them here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.model.text import T

# Whoever holds several groups gets the role that stands first.
_HIGHEST_FIRST = (Role.OWNER, Role.ADMIN, Role.ANALYST, Role.VIEWER)


def role_of_groups(
    groups: Iterable[str], mapping: Mapping[str, Role], default: Role | None
) -> Role | None:
    """The highest role that one of the groups gives, else `default`; None lets nobody in.

    Names are compared exactly: what two groups of one provider differ in may be a capital letter.
    """
    given = {mapping[group] for group in groups if group in mapping}
    return next((role for role in _HIGHEST_FIRST if role in given), default)


def require_mapping(mapping: Mapping[str, str], default: str = "") -> dict[str, Role]:
    """Group → role as people wrote it. Raises UserError for a role that sign-on may not give:
    whoever runs a tenant's provider must not become the whole platform's administrator."""
    for role in (*mapping.values(), *([default] if default else [])):
        if role not in {each.value for each in _HIGHEST_FIRST}:
            raise UserError(
                T("sign-on cannot give the role {role}", role=role),
                T("Use one of: {names}", names=[each.value for each in _HIGHEST_FIRST]),
            )
    return {group: Role(role) for group, role in mapping.items()}
