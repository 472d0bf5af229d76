"""Tenants: the companies that a platform looks after. Made and closed by super-admins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vigie.model.access import NotAllowed, PrincipalKind, Role
from vigie.model.errors import UserError
from vigie.model.queries import Page, Query
from vigie.model.text import T
from vigie.services.failures import Conflict, NotFound, Outdated
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import access, tenants
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, FLAG, ID, TIME, Field
from vigie.stores.relational.ids import is_id, new_id
from vigie.stores.relational.listing import Condition, Listing, page_of
from vigie.stores.relational.scopes import SYSTEM, of_tenant

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ROWS = tenants.rows()
Row = Mapping[str, Any]
_FIELDS = {
    "id": Field(_ROWS.c.id, ID),
    "name": Field(_ROWS.c.name, sort=True),
    "slug": Field(_ROWS.c.slug, sort=True),
    "language": Field(_ROWS.c.language),
    "disabled": Field(_ROWS.c.disabled, FLAG, facet=True),
    "created_at": Field(_ROWS.c.created_at, TIME, sort=True),
    "revision": Field(_ROWS.c.revision, COUNT),
}


def listing(ids: tuple[str, ...] | None = None) -> Listing:
    """What the list of tenants can be asked; of these alone when `ids` are given."""

    def only(_work: Work) -> list[Condition]:
        return [] if ids is None else [_ROWS.c.id.in_(ids)]

    return Listing("tenants", _ROWS, _FIELDS, sort="name", search=(_ROWS.c.name, _ROWS.c.slug),
                   where=only)  # fmt: skip


def page(platform: Platform, caller: Caller, query: Query) -> Page:
    """All tenants for a super-admin; for everybody else those that they belong to."""
    with platform.database.read(SYSTEM) as work:
        return page_of(work, listing(_seen(work, caller)), query)


def read(platform: Platform, caller: Caller, tenant: str) -> Row:
    """One tenant. Raises NotFound, also for one that is not the caller's."""
    with platform.database.read(SYSTEM) as work:
        return _find(work, caller, tenant)


def create(
    work: Work, platform: Platform, caller: Caller, values: Mapping[str, Any]
) -> Row:  # fmt: skip
    """A new tenant of this `name`, `slug` and `language`, within the caller's transaction. Raises
    UserError for a slug that cannot be one, Conflict for one that is taken."""
    row = {**values, "slug": _checked(values["slug"]), "id": new_id(),
           "created_at": platform.clock()}  # fmt: skip
    with work.within(SYSTEM):
        if access.tenant_named(work, row["slug"]) is not None:
            raise _taken(row["slug"])
        tenants.add(work, row)
        work.audit(_entry(caller, "tenant.create", row["id"], name=row["name"]))
        with work.within(of_tenant(row["id"])):
            work.audit(_entry(caller, "tenant.create", row["id"], name=row["name"]))
        return _find(work, caller, row["id"])


def change(
    platform: Platform, caller: Caller, tenant: str, values: Mapping[str, Any],
    expected: int | None,
) -> Row:  # fmt: skip
    """Change `name`, `slug`, `language` or `disabled`. A tenant that is disabled lets nobody in
    but super-admins, from the next request on. Raises NotFound, Outdated, Conflict."""
    wanted = {name: value for name, value in values.items() if name != "disabled"}
    if "slug" in wanted:
        wanted["slug"] = _checked(wanted["slug"])
    if "disabled" in values:
        wanted["disabled_at"] = platform.clock() if values["disabled"] else None
    with platform.database.begin(SYSTEM) as work:
        row = _find(work, caller, tenant)
        slug: str = wanted.get("slug") or row["slug"]
        other = access.tenant_named(work, slug)
        if other is not None and other["id"] != tenant:
            raise _taken(slug)
        if not tenants.change(work, tenant, wanted, expected):
            raise Outdated(
                T("this tenant has been changed since you read it"),
                T("Read it again, then change it with its new ETag."),
            )
        work.audit(_entry(caller, "tenant.change", tenant, **values))
        with work.within(of_tenant(tenant)):
            work.audit(_entry(caller, "tenant.change", tenant, **values))
        return _find(work, caller, tenant)


def set_super_admin(platform: Platform, caller: Caller, user_id: str, *, allowed: bool) -> None:
    """Let somebody into every tenant, or no longer. Raises NotFound, and Conflict for the last
    one who may. Whoever signs on through a tenant's provider cannot be one: it would be that
    tenant's provider that decides."""
    if caller.principal.role is not Role.SUPER_ADMIN:
        raise NotAllowed(T("only a super-admin makes another"))
    with platform.database.begin(SYSTEM) as work:
        access.lock(work, "super-admins")
        person = access.person(work, user_id, lock=True)
        if person is None:
            raise NotFound(T("there is nobody {id}", id=user_id[:100]))
        if allowed and not person["password_hash"]:
            raise Conflict(
                T("this person has no password here"), T("Invite them with a password first.")
            )
        if not allowed and tenants.super_admins(work) == [user_id]:
            raise Conflict(T("this is the last super-admin"), T("Make somebody else one first."))
        access.set_person(work, user_id, {"super_admin": allowed})
        work.audit(_entry(caller, "user.super-admin", user_id, allowed=allowed))


def _seen(work: Work, caller: Caller) -> tuple[str, ...] | None:
    """The tenants that the caller may see, None for all of them."""
    principal = caller.principal
    if principal.role is Role.SUPER_ADMIN:
        return None
    if principal.kind is not PrincipalKind.USER:
        return (caller.tenant,)
    return tuple(row["id"] for row in access.tenants_of(work, principal.id))


def _find(work: Work, caller: Caller, tenant: str) -> Row:
    seen = _seen(work, caller)
    row = tenants.one(work, tenant) if is_id(tenant) else None
    if row is None or (seen is not None and tenant not in seen):
        raise NotFound(T("there is no tenant {id}", id=tenant[:100]))
    return row


def _checked(slug: str) -> str:
    # A slug that looks like an id would mean two tenants at once.
    if _SLUG.fullmatch(slug) is None or is_id(slug):
        raise UserError(
            T("{slug} cannot be a tenant's short name", slug=slug[:80]),
            T("Use small letters, digits and hyphens, at most 63 of them."),
        )
    return slug


def _taken(slug: str) -> Conflict:
    return Conflict(T("there is a tenant {slug} already", slug=slug), T("Choose another name."))


def _entry(caller: Caller, action: str, subject: str, **detail: Any) -> Any:
    return caller.entry(action, "user" if action.startswith("user") else "tenant", subject,
                        **detail)  # fmt: skip
