"""Who may do what: roles, permissions, the scopes of keys, and the principal that acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from vigie.model.errors import UserError
from vigie.model.text import T


class NotSignedIn(UserError):  # noqa: N818 - it is what the person is, not a failure of ours
    """Nobody is signed in, or what was shown to prove it does not hold (any more)."""


class NotAllowed(UserError):  # noqa: N818
    """Somebody is signed in, and may not do this."""


class Role(StrEnum):
    """What a person is in a tenant. `SUPER_ADMIN` is the MSP's own: it may enter every tenant.
    `AGENT` is a machine that reports and reads nothing of others."""

    SUPER_ADMIN = "super-admin"
    OWNER = "owner"
    ADMIN = "admin"
    ANALYST = "analyst"
    VIEWER = "viewer"
    AGENT = "agent"


class Permission(StrEnum):
    """One verb on one resource, within the tenant that the principal acts in.

    `me:*` is about oneself: own profile, password, second factor, own sessions. `sessions:*`
    are other people's. `views:write` keeps views of one's own, `views:share` shows them to the
    whole tenant. `secrets:read` shows names, never values. `tenants:write`, `metrics:read`
    and `platform:write` are about the whole platform and go to super-admins only.
    """

    ME_READ = "me:read"
    ME_WRITE = "me:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    ROLES_READ = "roles:read"
    ROLES_WRITE = "roles:write"
    TENANTS_READ = "tenants:read"
    TENANTS_WRITE = "tenants:write"
    API_KEYS_READ = "api-keys:read"
    API_KEYS_WRITE = "api-keys:write"
    SESSIONS_READ = "sessions:read"
    SESSIONS_REVOKE = "sessions:revoke"
    ASSETS_READ = "assets:read"
    ASSETS_WRITE = "assets:write"
    COMPONENTS_READ = "components:read"
    SCANS_READ = "scans:read"
    SCANS_WRITE = "scans:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    FINDINGS_READ = "findings:read"
    FINDINGS_COMMENT = "findings:comment"
    FINDINGS_TRIAGE = "findings:triage"
    PLANS_READ = "plans:read"
    SUPPRESSIONS_READ = "suppressions:read"
    SUPPRESSIONS_WRITE = "suppressions:write"
    POLICIES_READ = "policies:read"
    POLICIES_WRITE = "policies:write"
    GATES_READ = "gates:read"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    SCHEDULES_READ = "schedules:read"
    SCHEDULES_WRITE = "schedules:write"
    CHANNELS_READ = "channels:read"
    CHANNELS_WRITE = "channels:write"
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    DELIVERIES_READ = "deliveries:read"
    DELIVERIES_RETRY = "deliveries:retry"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    VIEWS_READ = "views:read"
    VIEWS_WRITE = "views:write"
    VIEWS_SHARE = "views:share"
    EVENTS_READ = "events:read"
    EVENTS_WRITE = "events:write"
    AUDIT_READ = "audit:read"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    SECRETS_READ = "secrets:read"
    SECRETS_WRITE = "secrets:write"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    METRICS_READ = "metrics:read"
    PLATFORM_WRITE = "platform:write"

    @property
    def resource(self) -> str:
        return self.value.partition(":")[0]

    @property
    def verb(self) -> str:
        return self.value.partition(":")[2]


_P = Permission
EVERYTHING = frozenset(Permission)
_PERMISSION_NAMES = frozenset(permission.value for permission in Permission)
PLATFORM_WIDE = frozenset({_P.TENANTS_WRITE, _P.METRICS_READ, _P.PLATFORM_WRITE})

_VIEWER = frozenset({
    _P.ME_READ, _P.ME_WRITE, _P.ASSETS_READ, _P.COMPONENTS_READ, _P.SCANS_READ, _P.IMPORTS_READ,
    _P.FINDINGS_READ, _P.PLANS_READ, _P.SUPPRESSIONS_READ, _P.POLICIES_READ, _P.GATES_READ,
    _P.REPORTS_READ, _P.SCHEDULES_READ, _P.TICKETS_READ, _P.EVENTS_READ, _P.JOBS_READ,
    _P.VIEWS_READ, _P.VIEWS_WRITE,
})  # fmt: skip
_ANALYST = _VIEWER | {
    _P.ASSETS_WRITE, _P.SCANS_WRITE, _P.IMPORTS_WRITE, _P.FINDINGS_COMMENT, _P.FINDINGS_TRIAGE,
    _P.SUPPRESSIONS_WRITE, _P.REPORTS_WRITE, _P.SCHEDULES_WRITE, _P.TICKETS_WRITE,
    _P.CHANNELS_READ, _P.RULES_READ, _P.DELIVERIES_READ, _P.JOBS_WRITE, _P.VIEWS_SHARE,
}  # fmt: skip
_ADMIN = EVERYTHING - PLATFORM_WIDE - {_P.ROLES_WRITE, _P.EVENTS_WRITE}
_OWNER = EVERYTHING - PLATFORM_WIDE - {_P.EVENTS_WRITE}
# It reports what it saw; it cannot even read back what others reported.
_AGENT = frozenset({_P.ME_READ, _P.IMPORTS_WRITE, _P.EVENTS_WRITE})

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType({
    Role.SUPER_ADMIN: EVERYTHING,
    Role.OWNER: _OWNER,
    Role.ADMIN: _ADMIN,
    Role.ANALYST: _ANALYST,
    Role.VIEWER: _VIEWER,
    Role.AGENT: _AGENT,
})  # fmt: skip

# Roles that each may give, take away, and whose holders it may change or sign out.
_MANAGES: Mapping[Role, frozenset[Role]] = MappingProxyType({
    Role.SUPER_ADMIN: frozenset(Role),
    Role.OWNER: frozenset(Role) - {Role.SUPER_ADMIN},
    Role.ADMIN: frozenset({Role.ADMIN, Role.ANALYST, Role.VIEWER, Role.AGENT}),
})  # fmt: skip


def manages(actor: Role | None, other: Role) -> bool:
    """Whether one may give that role, or change a person who has it: nobody lifts anybody
    (nor themselves) above their own role."""
    return actor is not None and other in _MANAGES.get(actor, frozenset())


# A key lies in a file of a build machine, has no second factor and no person behind it: it
# must not be able to make itself a second way in, or a person.
NEVER_FOR_KEYS = frozenset({
    _P.ME_WRITE, _P.USERS_WRITE, _P.ROLES_WRITE, _P.API_KEYS_WRITE, _P.SESSIONS_REVOKE,
    _P.SECRETS_WRITE, _P.SETTINGS_WRITE, _P.PLATFORM_WRITE,
})  # fmt: skip

SCOPES: Mapping[str, frozenset[Permission]] = MappingProxyType({
    "ci": frozenset({
        _P.ME_READ, _P.IMPORTS_WRITE, _P.IMPORTS_READ, _P.SCANS_WRITE, _P.SCANS_READ,
        _P.GATES_READ, _P.POLICIES_READ, _P.JOBS_READ,
    }),
    "read": _VIEWER - NEVER_FOR_KEYS,
    "triage": _ANALYST - NEVER_FOR_KEYS,
    "agent": _AGENT,
    "siem": frozenset({_P.ME_READ, _P.EVENTS_READ, _P.AUDIT_READ, _P.FINDINGS_READ}),
    "metrics": frozenset({_P.METRICS_READ}),
})  # fmt: skip


def scope_permissions(scopes: Iterable[str]) -> frozenset[Permission]:
    """What the scopes of a key allow: names of `SCOPES`, or single permissions.

    Raises UserError for a scope that does not exist or that no key may have.
    """
    allowed: set[Permission] = set()
    for scope in scopes:
        if scope in SCOPES:
            allowed |= SCOPES[scope]
            continue
        if scope not in _PERMISSION_NAMES:
            raise UserError(
                T("there is no scope {scope}", scope=scope),
                T("Use one of these, or a single permission: {names}", names=sorted(SCOPES)),
            )
        if Permission(scope) in NEVER_FOR_KEYS:
            raise UserError(
                T("no key may have the permission {scope}", scope=scope),
                T("Whoever finds a key could make another way in with it: sign in for that."),
            )
        allowed.add(Permission(scope))
    return frozenset(allowed)


class PrincipalKind(StrEnum):
    USER = "user"
    KEY = "key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, and in which tenant. `role` is None for keys and the system itself.

    `session` is the id of the signed-in session ("" for keys and the system); `amr` says how
    the person proved who they are (RFC 8176: pwd, otp, hwk, mfa …); `name` is for people.
    """

    kind: PrincipalKind
    id: str
    tenant: str
    role: Role | None = None
    permissions: frozenset[Permission] = frozenset()
    session: str = ""
    amr: tuple[str, ...] = ()
    name: str = ""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed when the principal may not do this."""
        if permission not in self.permissions:
            raise NotAllowed(
                T("you may not do this: it takes the permission {permission}",
                  permission=str(permission)),
                T("Ask an owner or administrator of your tenant for a role that has it."),
            )  # fmt: skip

    @property
    def everywhere(self) -> bool:
        """Whether it may enter tenants that it was not made in."""
        return self.role is Role.SUPER_ADMIN or self.kind is PrincipalKind.SYSTEM

    @property
    def actor(self) -> str:
        """How the audit log names it: `user:0190…`, `key:0190…`, `system:scheduler`."""
        return f"{self.kind}:{self.id}"


def system_principal(name: str, tenant: str) -> Principal:
    """The platform itself at work: a worker, the scheduler, the command line on its own host."""
    return Principal(PrincipalKind.SYSTEM, name, tenant, permissions=EVERYTHING, name=name)
