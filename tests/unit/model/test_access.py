"""Roles hold what they should and no more, and nobody can lift themselves."""

from __future__ import annotations

from itertools import pairwise

import pytest

from vigie.model.access import (
    EVERYTHING,
    NEVER_FOR_KEYS,
    PLATFORM_WIDE,
    ROLE_PERMISSIONS,
    SCOPES,
    NotAllowed,
    Permission,
    Principal,
    PrincipalKind,
    Role,
    manages,
    scope_permissions,
    system_principal,
)
from vigie.model.errors import UserError

LADDER = (Role.SUPER_ADMIN, Role.OWNER, Role.ADMIN, Role.ANALYST, Role.VIEWER)


def test_every_permission_is_a_resource_and_a_verb() -> None:
    for permission in Permission:
        assert permission == f"{permission.resource}:{permission.verb}"
        assert permission.resource
        assert permission.verb


def test_each_step_of_the_ladder_holds_strictly_more_than_the_next() -> None:
    for above, below in pairwise(LADDER):
        assert ROLE_PERMISSIONS[above] > ROLE_PERMISSIONS[below]
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_the_platform_is_the_super_admins_alone() -> None:
    for role in set(Role) - {Role.SUPER_ADMIN}:
        assert not ROLE_PERMISSIONS[role] & PLATFORM_WIDE
    assert ROLE_PERMISSIONS[Role.SUPER_ADMIN] == EVERYTHING


def test_a_viewer_changes_nothing_but_themselves() -> None:
    changing = {p for p in ROLE_PERMISSIONS[Role.VIEWER] if p.verb != "read"}
    assert changing == {Permission.ME_WRITE, Permission.VIEWS_WRITE}  # views of their own


def test_an_analyst_sees_neither_people_nor_secrets_nor_the_audit_log() -> None:
    resources = {p.resource for p in ROLE_PERMISSIONS[Role.ANALYST]}
    assert not resources & {"users", "roles", "sessions", "secrets", "audit", "settings"}


def test_an_agent_reads_nothing_of_others() -> None:
    reading = {p for p in ROLE_PERMISSIONS[Role.AGENT] if p.verb == "read"}
    assert reading == {Permission.ME_READ}


@pytest.mark.parametrize("actor", list(Role))
def test_nobody_manages_a_role_that_holds_more(actor: Role) -> None:
    for other in Role:
        if manages(actor, other) and other is not Role.AGENT:
            assert ROLE_PERMISSIONS[other] <= ROLE_PERMISSIONS[actor]


def test_who_manages_whom() -> None:
    assert manages(Role.OWNER, Role.OWNER)
    assert not manages(Role.ADMIN, Role.OWNER)
    assert not manages(Role.OWNER, Role.SUPER_ADMIN)
    assert not manages(Role.ANALYST, Role.VIEWER)
    assert not manages(None, Role.VIEWER)


def test_no_scope_lets_a_key_make_another_way_in() -> None:
    for allowed in SCOPES.values():
        assert allowed
        assert not allowed & NEVER_FOR_KEYS


def test_scopes_add_up() -> None:
    got = scope_permissions(["metrics", "findings:read"])
    assert got == {Permission.METRICS_READ, Permission.FINDINGS_READ}
    assert scope_permissions(["ci"]) >= {
        Permission.IMPORTS_WRITE,
        Permission.GATES_READ,
        Permission.SCANS_WRITE,
    }
    assert scope_permissions([]) == frozenset()


@pytest.mark.parametrize("scope", ["", "everything", "*", "findings:*", "FINDINGS:READ"])
def test_a_scope_that_does_not_exist_is_refused(scope: str) -> None:
    with pytest.raises(UserError, match="there is no scope"):
        scope_permissions(["ci", scope])


@pytest.mark.parametrize("scope", sorted(NEVER_FOR_KEYS))
def test_what_no_key_may_do_is_refused(scope: str) -> None:
    with pytest.raises(UserError, match="no key may have"):
        scope_permissions([scope])


def test_a_principal_may_what_it_holds_and_nothing_else() -> None:
    ann = Principal(PrincipalKind.USER, "u1", "t1", Role.VIEWER, ROLE_PERMISSIONS[Role.VIEWER])
    ann.require(Permission.FINDINGS_READ)
    assert not ann.may(Permission.FINDINGS_TRIAGE)
    with pytest.raises(NotAllowed, match="findings:triage"):
        ann.require(Permission.FINDINGS_TRIAGE)
    assert ann.actor == "user:u1"


def test_only_super_admins_and_the_system_reach_every_tenant() -> None:
    for role in Role:
        person = Principal(PrincipalKind.USER, "u", "t", role)
        assert person.everywhere is (role is Role.SUPER_ADMIN)
    assert not Principal(PrincipalKind.KEY, "k", "t").everywhere
    worker = system_principal("scheduler", "t1")
    assert worker.everywhere
    assert worker.actor == "system:scheduler"
    assert worker.permissions == EVERYTHING
