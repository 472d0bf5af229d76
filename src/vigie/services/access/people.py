"""The people of a tenant: made, changed, disabled and removed by who may manage their role.

A person is one, whatever tenants they serve. What is theirs alone (their password, their second
factor, whether they may come in at all) is changed from a tenant only while they are in no
other: else one tenant's administrator could become somebody of another tenant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vigie.model.access import NotAllowed, Role, manages
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services import tenant_settings, views
from vigie.services.access import challenges
from vigie.services.access.passwords import first_password, require_good
from vigie.services.access.signing_in import passwords
from vigie.services.failures import Conflict, NotFound, Outdated
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import access, people
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, FLAG, ID, TIME, Field, words_of
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.scopes import SYSTEM

INVITATION = "invitation"
_INVITED_FOR = 7 * 24 * 3600.0
_LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be made. Without a `password` they are invited: whoever has the invitation
    chooses one."""

    email: str
    role: Role
    name: str = ""
    language: str = ""  # the tenant's
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """`invitation` is shown once; "" for somebody with a password, or who was there already."""

    row: Row
    invitation: str = field(default="", repr=False)


def listing(tenant: str) -> Listing:
    """What the list of a tenant's people can be asked."""
    rows = people.of_tenant(tenant)
    return Listing(
        "users",
        rows,
        {
            "id": Field(rows.c.id, ID),
            "email": Field(rows.c.email, sort=True),
            "name": Field(rows.c.name, sort=True),
            "language": Field(rows.c.language),
            "role": Field(rows.c.role, words_of(Role), sort=True, facet=True),
            "origin": Field(rows.c.origin, facet=True),
            "second_factor": Field(rows.c.second_factor, FLAG, facet=True),
            "disabled": Field(rows.c.disabled, FLAG, facet=True),
            "last_login_at": Field(rows.c.last_login_at, TIME),
            "created_at": Field(rows.c.created_at, TIME, sort=True),
            "revision": Field(rows.c.revision, COUNT),
        },
        sort="email",
        search=(rows.c.email, rows.c.name),
    )


def read(platform: Platform, caller: Caller, user_id: str) -> Row:
    """One of the tenant's people. Raises NotFound, also for another tenant's."""
    with platform.database.read(caller.scope) as work:
        return _find(work, caller, user_id)


def create(work: Work, platform: Platform, caller: Caller, wanted: NewPerson) -> Made:
    """Make somebody. A super-administrator also takes in somebody whom another tenant has: then
    their name and password stay theirs. In a transaction of the tenant's scope.

    Raises NotAllowed for a role that the caller may not give, UserError for what is no address
    or a password that is easily guessed, Conflict for somebody who is here, or elsewhere,
    already.
    """
    _require_manages(caller, wanted.role)
    email = checked_email(wanted.email)
    wanted = replace(wanted, language=tenant_settings.language_of(work, wanted.language))
    invitation = ""
    with work.within(SYSTEM):
        person = access.person_by_email(work, email)
        if person is None:
            person = _made(platform, wanted, email)
            people.add(work, person)
            if not wanted.password:
                record = {"user": person["id"]}
                invitation = challenges.ask(work, platform, INVITATION, record, _INVITED_FOR)
        elif caller.principal.role is not Role.SUPER_ADMIN:
            # Whoever made the account chose its password: it could be the other tenant still.
            raise Conflict(
                T("{email} belongs to somebody of this platform already", email=email),
                T("A super-administrator can take them into this tenant."),
            )
        if not people.add_membership(
            work, caller.tenant, person["id"], str(wanted.role), platform.clock()
        ):
            raise Conflict(T("{email} is in this tenant already", email=email))
    _audit(work, caller, "user.create", person["id"], email=email, role=str(wanted.role))
    return Made(_find(work, caller, person["id"]), invitation)


def change(
    platform: Platform,
    caller: Caller,
    user_id: str,
    values: Mapping[str, Any],
    expected: int | None,
) -> Row:
    """Change `name`, `language`, `email` or `disabled`. Raises NotFound, Outdated, NotAllowed,
    and Conflict for the last owner or an address that is taken."""
    now = platform.clock()
    with platform.database.begin(SYSTEM) as work:
        row = _theirs(work, caller, user_id, expected)
        wanted = {name: value for name, value in values.items() if name != "disabled"}
        if "email" in wanted:
            wanted["email"] = checked_email(wanted["email"])
            other = access.person_by_email(work, wanted["email"])
            if other is not None and other["id"] != user_id:
                raise Conflict(T("this address is somebody else's"), T("Give another."))
        if "disabled" in values:
            if values["disabled"]:
                _require_other_owner(work, caller, row)
                access.end_sessions(work, user_id, now, "disabled")
            wanted["disabled_at"] = now if values["disabled"] else None
        access.set_person(work, user_id, wanted)
        with work.within(caller.scope):
            _audit(work, caller, "user.change", user_id, **values)
            return _find(work, caller, user_id)


def set_role(
    platform: Platform, caller: Caller, user_id: str, role: Role, expected: int | None
) -> Row:
    """Give somebody another role. Raises NotAllowed unless the caller manages both the old one
    and the new, Conflict for the last owner."""
    _require_manages(caller, role)
    with platform.database.begin(SYSTEM) as work:
        row = _locked(work, caller, user_id, expected)
        if role is not Role.OWNER:
            _require_other_owner(work, caller, row)
        people.set_role(work, caller.tenant, user_id, str(role))
        access.set_person(work, user_id, {})
        with work.within(caller.scope):
            _audit(work, caller, "user.change-role", user_id, before=row["role"], role=str(role))
            return _find(work, caller, user_id)


def remove(platform: Platform, caller: Caller, user_id: str, expected: int | None) -> None:
    """Take somebody out of the tenant; their sessions that began in it end. Raises as
    `set_role`."""
    with platform.database.begin(SYSTEM) as work:
        row = _locked(work, caller, user_id, expected)
        _require_other_owner(work, caller, row)
        people.remove_membership(work, caller.tenant, user_id)
        people.end_sessions_in(work, caller.tenant, user_id, platform.clock())
        with work.within(caller.scope):
            views.forget_person(work, user_id)
            _audit(work, caller, "user.remove", user_id, email=row["email"])


def reset_password(platform: Platform, caller: Caller, user_id: str, *, second_factor: bool) -> str:
    """A password for somebody who lost theirs, shown once and changed by them at once; all their
    sessions end. With `second_factor` that is switched off too, and their passkeys go."""
    if user_id == caller.principal.id:
        raise Conflict(T("this is you"), T("POST /api/v1/me/password changes your own password."))
    password = first_password()
    values: dict[str, Any] = {"password_hash": passwords().hash(password), "must_change": True}
    if second_factor:
        values |= {"totp_secret": "", "totp_step": 0, "recovery_codes": None}
    with platform.database.begin(SYSTEM) as work:
        _theirs(work, caller, user_id, None)
        access.set_person(work, user_id, values)
        if second_factor:
            access.remove_passkeys(work, user_id)
        access.end_sessions(work, user_id, platform.clock(), "password reset")
        with work.within(caller.scope):
            _audit(work, caller, "user.reset-password", user_id, second_factor=second_factor)
    return password


def accept_invitation(platform: Platform, word: str, password: str) -> None:
    """Choose the first password. Raises NotSignedIn for an invitation that was used or is over,
    UserError for a password that is easily guessed."""
    with platform.database.begin(SYSTEM) as work:
        question = challenges.find(work, platform, INVITATION, word)
        person = access.person(work, question.record["user"])
    if person is None:
        raise NotFound(T("there is no such invitation"))
    _require_good(platform, password, person)
    hashed = passwords().hash(password)
    with platform.database.begin(SYSTEM) as work:
        question = challenges.find(work, platform, INVITATION, word)
        challenges.end(work, question)
        access.set_person(work, person["id"], {"password_hash": hashed, "must_change": False})
        homes = access.tenants_of(work, person["id"])
        entry = people.entry("user.accept-invitation", person)
        people.audit_at_home(work, homes, entry)


def checked_email(text: str) -> str:
    """An address in the one way it is kept. Raises UserError for what is none."""
    email = text.strip().lower()
    name, at, host = email.rpartition("@")
    fits = name and at and host and len(email) <= _LONGEST and email.isprintable()
    if not fits or " " in email or "@" in name:
        raise UserError(T("this is no e-mail address"), T("Write it as name@example.org."))
    return email


def _made(platform: Platform, wanted: NewPerson, email: str) -> dict[str, Any]:
    person: dict[str, Any] = {
        "id": new_id(), "email": email, "name": wanted.name, "language": wanted.language,
        "password_hash": "", "must_change": bool(wanted.password), "created_at": platform.clock(),
    }  # fmt: skip
    if wanted.password:
        _require_good(platform, wanted.password, person)
        person["password_hash"] = passwords().hash(wanted.password)
    return person


def _require_good(platform: Platform, password: str, person: Row) -> None:
    least = platform.policy.password.minimum_length
    require_good(password, (person["email"], person["name"]), minimum=least)


def _find(work: Work, caller: Caller, user_id: str) -> Row:
    row = people.member(work, caller.tenant, user_id)
    if row is None:
        raise NotFound(T("there is nobody {id} in this tenant", id=user_id[:100]))
    return row


def _locked(work: Work, caller: Caller, user_id: str, expected: int | None) -> Row:
    """The person, who cannot change until the end, and whom the caller may manage."""
    access.person(work, user_id, lock=True)
    row = _find(work, caller, user_id)
    _require_manages(caller, Role(row["role"]))
    if row["super_admin"] and caller.principal.role is not Role.SUPER_ADMIN:
        raise _not_yours()
    if expected is not None and row["revision"] != expected:
        raise Outdated(
            T("this person has been changed since you read it"),
            T("Read it again, then change it with its new ETag."),
        )
    return row


def _theirs(work: Work, caller: Caller, user_id: str, expected: int | None) -> Row:
    """As `_locked`, and in no tenant but this one, unless a super-admin asks."""
    row = _locked(work, caller, user_id, expected)
    everywhere = caller.principal.role is Role.SUPER_ADMIN
    if not everywhere and people.tenant_count(work, user_id) > 1:
        raise _not_yours()
    return row


def _require_manages(caller: Caller, role: Role) -> None:
    if role is Role.SUPER_ADMIN or not manages(caller.principal.role, role):
        raise NotAllowed(
            T("you may not give the role {role}, or change somebody who has it", role=str(role)),
            T("Ask somebody whose own role is above it."),
        )


def _require_other_owner(work: Work, caller: Caller, row: Row) -> None:
    if row["role"] == Role.OWNER and not people.has_other_owner(work, caller.tenant, row["id"]):
        raise Conflict(
            T("this is the last owner of the tenant"), T("Make somebody else an owner first.")
        )


def _not_yours() -> NotAllowed:
    return NotAllowed(
        T("this person serves other tenants too, so their account is not yours to change"),
        T("Change their role here or take them out of your tenant, or ask a super-admin."),
    )


def _audit(work: Work, caller: Caller, action: str, user_id: str, **detail: Any) -> None:
    work.audit(caller.entry(action, "user", user_id, **detail))
