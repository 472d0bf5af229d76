"""Saved views of lists: how somebody likes to see a room, under a name.

A view is its owner's alone until they share it with the tenant. Then everybody in it sees it; who
changes it must still be allowed to share, and an administrator may take it away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.access import NotAllowed, Permission, PrincipalKind
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services import records
from vigie.services.failures import Conflict, NotFound
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.governance import VIEWS

VIEW = Noun("view", VIEWS)
MOST_OWN = 100  # of a person in a tenant, in all rooms
MOST_SHARED = 200  # of a tenant, in all rooms
LONGEST_NAME = 60
LONGEST_QUERY = 4000
_ROOM = re.compile(r"[a-z][a-z-]{0,39}")
Row = dict[str, Any]


def seen_by(platform: Platform, caller: Caller, room: str = "") -> list[Row]:
    """The caller's own views and the tenant's shared ones, of a room or of all, by their names."""
    wanted = [VIEWS.c.room == room] if room else []
    with platform.database.read(caller.scope) as work:
        found = sa.select(VIEWS).where(work.mine(VIEWS), _visible(caller), *wanted)
        rows = work.run(found.order_by(VIEWS.c.name, VIEWS.c.id)).mappings()
        return [dict(row) for row in rows]


def find(work: Work, caller: Caller, view_id: str) -> Row:
    """A view that the caller sees. Raises NotFound, also for somebody else's own."""
    row = records.find(work, VIEW, view_id)
    if not row["shared"] and not is_own(caller, row):
        raise NotFound(T("there is no {noun} {id}", noun=T(VIEW.name), id=view_id[:100]))
    return row


def is_own(caller: Caller, row: Mapping[str, Any]) -> bool:
    """Whether the caller made it."""
    return bool(row["user_id"] == caller.principal.id)


def create(work: Work, platform: Platform, caller: Caller, wanted: Mapping[str, Any]) -> Row:
    """Keep a view (`room`, `name`, `query`, `shared`). Raises UserError for one that is not right,
    Conflict for a name that the caller has in this room already or when there are too many,
    NotAllowed when it is shared by who may not, and for a key."""
    if caller.principal.kind is not PrincipalKind.USER:
        raise Conflict(
            T("a view belongs to a person, and a key is none"), T("Sign in to keep views.")
        )
    if wanted.get("shared"):
        caller.require(Permission.VIEWS_SHARE)
    _require_room_left(work, caller, shared=bool(wanted.get("shared")), own=True)
    now = platform.clock()
    row = {
        **_checked(wanted), "shared": bool(wanted.get("shared")), "user_id": caller.principal.id,
        "owner": caller.principal.name, "created_at": now, "updated_at": now,
    }  # fmt: skip
    return records.add(work, caller, VIEW, row)


def change(
    work: Work, platform: Platform, caller: Caller, view_id: str, wanted: Mapping[str, Any],
    expected: int | None,
) -> Row:  # fmt: skip
    """Change its `name`, `query` or whether it is `shared`. Its owner may; of a shared one an
    administrator may end the sharing. Raises as `create`, NotFound, NotAllowed and Outdated."""
    before = find(work, caller, view_id)
    shared = before["shared"] if wanted.get("shared") is None else wanted["shared"]
    ends = before["shared"] and not shared and set(_said(wanted)) == {"shared"}
    if not is_own(caller, before) and not (ends and _administers(caller)):
        raise _not_yours(before)
    if shared:  # who was allowed to share once, and no longer is, may still end it
        caller.require(Permission.VIEWS_SHARE)
    if shared and not before["shared"]:
        _require_room_left(work, caller, shared=True, own=False)
    values = {**_checked(_said(wanted)), "shared": shared, "updated_at": platform.clock()}
    return records.change(work, caller, VIEW, view_id, values, expected)


def remove(work: Work, caller: Caller, view_id: str, expected: int | None) -> None:
    """Take it away: one's own, and as an administrator a shared one. Raises NotFound, NotAllowed
    and Outdated."""
    before = find(work, caller, view_id)
    if not is_own(caller, before) and not _administers(caller):
        raise _not_yours(before)
    records.remove(work, caller, VIEW, view_id, expected)


def forget_person(work: Work, user_id: str) -> None:
    """What nobody would see any more once this person has left the tenant; what they shared
    stays."""
    theirs = sa.and_(VIEWS.c.user_id == user_id, VIEWS.c.shared.is_(False))
    work.run(sa.delete(VIEWS).where(work.mine(VIEWS), theirs))


def _visible(caller: Caller) -> sa.ColumnElement[bool]:
    return sa.or_(VIEWS.c.shared.is_(True), VIEWS.c.user_id == caller.principal.id)


def _administers(caller: Caller) -> bool:
    return caller.principal.may(Permission.SETTINGS_WRITE)


def _said(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _not_yours(row: Mapping[str, Any]) -> NotAllowed:
    return NotAllowed(
        T("the view {name} is {owner}'s", name=row["name"], owner=row["owner"] or "?"),
        T("Save it as a view of your own, and change that."),
    )


def _require_room_left(work: Work, caller: Caller, *, shared: bool, own: bool) -> None:
    if own and _count(work, VIEWS.c.user_id == caller.principal.id) >= MOST_OWN:
        raise Conflict(
            T("you have {most} views, and more are not kept", most=MOST_OWN),
            T("Delete one that you no longer use."),
        )
    if shared and _count(work, VIEWS.c.shared.is_(True)) >= MOST_SHARED:
        raise Conflict(
            T("the tenant shares {most} views, and more are not kept", most=MOST_SHARED),
            T("Delete one that you no longer use."),
        )


def _count(work: Work, which: sa.ColumnElement[bool]) -> int:
    number = sa.select(sa.func.count()).select_from(VIEWS).where(work.mine(VIEWS), which)
    found: int = work.run(number).scalar_one()
    return found


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `room`, `name` and `query` that are given, checked."""
    values: dict[str, Any] = {}
    if "room" in wanted:
        if not _ROOM.fullmatch(wanted["room"]):
            raise UserError(
                T("{room!r} is no room", room=wanted["room"][:40]),
                T("It is the word of a list's address, as findings or assets."),
            )
        values["room"] = wanted["room"]
    if "name" in wanted:
        values["name"] = wanted["name"].strip()
        if not (0 < len(values["name"]) <= LONGEST_NAME and values["name"].isprintable()):
            raise UserError(T("the name of a view has 1 to {most} characters", most=LONGEST_NAME))
    if "query" in wanted:
        values["query"] = wanted["query"].removeprefix("?")
        if len(values["query"]) > LONGEST_QUERY or not values["query"].isprintable():
            raise UserError(
                T("a view holds the address of a list, of at most {most} characters",
                  most=LONGEST_QUERY)
            )  # fmt: skip
    return values
