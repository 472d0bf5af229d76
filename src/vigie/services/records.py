"""The nouns that people edit (channels, rules, schedules, policies…) are kept one way: checked,
written with its audit entry, changed only by who read the latest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from vigie.model.queries import Page, Query
from vigie.model.text import T
from vigie.services.failures import Conflict, NotFound, Outdated
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import records
from vigie.stores.relational.database import Work
from vigie.stores.relational.listing import Listing, page_of


@dataclass(frozen=True, slots=True)
class Noun:
    """One such noun: its `name` in audit entries ("channel") and its table."""

    name: str
    table: sa.Table


def list_of(platform: Platform, caller: Caller, listing: Listing, query: Query) -> Page:
    """One page of the tenant's. Raises UserError for a question the list does not know."""
    with platform.database.read(caller.scope) as work:
        return page_of(work, listing, query)


def find(work: Work, noun: Noun, row_id: str) -> dict[str, Any]:
    """The tenant's row. Raises NotFound, also for another tenant's: the two look the same."""
    row = records.get(work, noun.table, row_id)
    if row is None:
        raise NotFound(T("there is no {noun} {id}", noun=T(noun.name), id=row_id[:100]))
    return dict(row)


def read(platform: Platform, caller: Caller, noun: Noun, row_id: str) -> dict[str, Any]:
    """The tenant's row, read now. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        return find(work, noun, row_id)


def add(work: Work, caller: Caller, noun: Noun, values: Mapping[str, Any]) -> dict[str, Any]:
    """A new one, and its audit entry. Raises Conflict when its name is taken."""
    try:
        row_id = records.add(work, noun.table, values)
    except records.TakenError:
        raise _taken(noun, values) from None
    work.audit(caller.entry(f"{noun.name}.create", noun.name, row_id, **_told(values)))
    return find(work, noun, row_id)


def change(
    work: Work,
    caller: Caller,
    noun: Noun,
    row_id: str,
    values: Mapping[str, Any],
    expected: int | None = None,
) -> dict[str, Any]:
    """Set these columns. Raises NotFound, Outdated when `expected` is not its revision, and
    Conflict when the new name is taken."""
    before = find(work, noun, row_id)
    try:
        records.change(work, noun.table, row_id, values, expected)
    except records.StaleError:
        raise _outdated(noun) from None
    except records.TakenError:
        raise _taken(noun, values) from None
    changed = {k: v for k, v in values.items() if before.get(k) != v}
    work.audit(caller.entry(f"{noun.name}.change", noun.name, row_id, **_told(changed)))
    return find(work, noun, row_id)


def remove(
    work: Work, caller: Caller, noun: Noun, row_id: str, expected: int | None = None
) -> None:
    """Take it away. Raises NotFound and Outdated."""
    before = find(work, noun, row_id)
    try:
        records.remove(work, noun.table, row_id, expected)
    except records.StaleError:
        raise _outdated(noun) from None
    work.audit(caller.entry(f"{noun.name}.remove", noun.name, row_id, name=before.get("name", "")))


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit log keeps of values: no hashes, no sealed texts."""
    hidden = ("hash", "password_hash", "totp_secret", "recovery_codes", "private_key")
    plain = (str, int, float, bool, list, dict, type(None))
    return {
        name: value if isinstance(value, plain) else str(value)
        for name, value in values.items()
        if name not in hidden and name != "id"
    }


def _taken(noun: Noun, values: Mapping[str, Any]) -> Conflict:
    return Conflict(
        T("there is a {noun} {name} already", noun=T(noun.name), name=str(values.get("name", ""))),
        T("Choose another name."),
    )


def _outdated(noun: Noun) -> Outdated:
    return Outdated(
        T("this {noun} has been changed since you read it", noun=T(noun.name)),
        T("Read it again, then change it with its new ETag."),
    )
