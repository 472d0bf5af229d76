"""The policies of a tenant: YAML that people write, checked before it is kept, and the ready-made
ones. One of them is the default of the gate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.policy import Policy
from vigie.model.text import T
from vigie.services import policy_versions, records
from vigie.services.decisions import policy_of, ready_made, ready_made_text
from vigie.services.failures import Conflict, NotFound
from vigie.services.platform import Caller, Platform
from vigie.services.recording import events
from vigie.services.strict_files import parse_strictly
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, FLAG, ID, TIME, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.governance import POLICIES

POLICY = policy_versions.POLICY
DEFAULT = "balanced"  # of a tenant that has chosen none
_LONGEST = 256 * 1024  # characters

LISTING = Listing(
    "policies",
    POLICIES,
    {
        "id": Field(POLICIES.c.id, ID),
        "name": Field(POLICIES.c.name, sort=True),
        "description": Field(POLICIES.c.description),
        "is_default": Field(POLICIES.c.is_default, FLAG),
        "updated_at": Field(POLICIES.c.updated_at, TIME, sort=True),
        "version": Field(POLICIES.c.version, COUNT),
        "revision": Field(POLICIES.c.revision, COUNT),
    },
    sort="name",
    search=(POLICIES.c.name, POLICIES.c.description),
)


def create(work: Work, platform: Platform, caller: Caller, source: str, *, default: bool) -> Any:
    """Keep a policy under the name that stands in it. Raises UserError for one that is not
    right, Conflict for a name that is taken or a ready-made one's."""
    values = _checked(source)
    now = platform.clock()
    if default:
        _no_default(work)
    row = {**values, "is_default": default, "created_at": now, "updated_at": now}
    made = records.add(work, caller, POLICY, row)
    policy_versions.keep(work, caller, made)
    _announce(work, platform, made, "created")
    return made


def change(
    work: Work,
    platform: Platform,
    caller: Caller,
    policy_id: str,
    changes: Mapping[str, Any],
    expected: int | None,
) -> dict[str, Any]:
    """Change `source`, `is_default` or both. A new text is a new version. Raises as `create` does,
    NotFound and Outdated."""
    values: dict[str, Any] = {"updated_at": platform.clock()}
    before = policy_versions.locked(work, policy_id)
    if changes.get("source") is not None:
        values |= _checked(changes["source"])
        if values["source"] != before["source"]:
            values["version"] = before["version"] + 1
    if changes.get("is_default") is not None:
        if changes["is_default"]:
            _no_default(work)
        values["is_default"] = changes["is_default"]
    after = records.change(work, caller, POLICY, policy_id, values, expected)
    if "version" in values:
        policy_versions.keep(work, caller, after, restored=changes.get("restored"))
    _announce(work, platform, after, "changed")
    return after


def restore(
    work: Work, platform: Platform, caller: Caller, policy_id: str, version: int,
    expected: int | None,
) -> dict[str, Any]:  # fmt: skip
    """Let it say again what it said in this version, as a new version. Raises as `change`, and
    Conflict for a version that says what holds already."""
    before = policy_versions.locked(work, policy_id)
    wanted = policy_versions.find(work, policy_id, version)
    if wanted["source"] == before["source"]:
        raise Conflict(T("this is what the policy says now"), T("There is nothing to bring back."))
    changes = {"source": wanted["source"], "restored": version}
    return change(work, platform, caller, policy_id, changes, expected)


def remove(
    work: Work, platform: Platform, caller: Caller, policy_id: str, expected: int | None
) -> None:
    """Take it away; a default that goes leaves the ready-made one. Raises NotFound, Outdated."""
    before = records.find(work, POLICY, policy_id)
    records.remove(work, caller, POLICY, policy_id, expected)
    _announce(work, platform, before, "removed")


def chosen(work: Work, name: str = "") -> Policy:
    """The tenant's policy of this name, else the ready-made one; without a name the tenant's
    default. Raises NotFound: a gate never falls back to another policy than was meant."""
    return chosen_version(work, name)[0]


def chosen_version(work: Work, name: str = "") -> tuple[Policy, int | None]:
    """The same, and which version of it holds; None for a ready-made one, which has none."""
    table = POLICIES
    which = table.c.name == name if name else table.c.is_default.is_(True)
    columns = (table.c.name, table.c.source, table.c.version)
    row = work.run(sa.select(*columns).where(work.mine(table), which)).first()
    if row is not None:
        return policy_of(row.source, row.name), row.version
    wanted = name or DEFAULT
    if wanted in ready_made():
        return policy_of(ready_made_text(wanted), wanted), None
    raise NotFound(
        T("there is no policy {name}", name=wanted[:100]),
        T("Give a file, or one of: {names}", names=ready_made()),
    )


def tried(source: str) -> Policy:
    """The policy that this YAML says, which need not be kept. Raises UserError."""
    _check_length(source)
    return policy_of(source, "source")


def _announce(work: Work, platform: Platform, row: Mapping[str, Any], change: str) -> None:
    """Tell whoever looks at the policies, and whom rules name: a gate may judge otherwise now."""
    told = {"change": change, **{name: row[name] for name in ("name", "version", "is_default")}}
    events.emit(work, "policy.changed", (POLICY.name, row["id"]), told, platform.clock())


def _no_default(work: Work) -> None:
    work.run(sa.update(POLICIES).where(work.mine(POLICIES)).values(is_default=False))


def _check_length(source: str) -> None:
    if len(source) > _LONGEST:
        raise UserError(T("{name} is too large for a file that people write", name="source"))


def _checked(source: str) -> dict[str, Any]:
    policy = tried(source)
    if policy.name in ready_made():
        raise Conflict(
            T("{name} is the name of a ready-made policy", name=policy.name),
            T("Choose another name."),
        )
    return {"name": policy.name, "description": _description(source), "source": source}


def _description(source: str) -> str:
    parsed = parse_strictly(source, "source")
    return str(parsed.get("description", ""))[:1000] if isinstance(parsed, dict) else ""
