"""What people do about themselves: their password, their second factor, their passkeys, sessions.

Whoever came upon an open session must not be able to keep others out with it, so what guards the
door is only changed by who shows the password or the second factor again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vigie.model.access import NotSignedIn, PrincipalKind
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.access import challenges, guessing, second_factor, sessions
from vigie.services.access.guessing import Try
from vigie.services.access.passwords import require_good
from vigie.services.access.signing_in import code_holds, passwords, totp_place
from vigie.services.access.visits import Visit
from vigie.services.cron import zone_of
from vigie.services.failures import Conflict, NotFound, Outdated
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import access
from vigie.stores.relational.database import Work
from vigie.stores.relational.scopes import SYSTEM, of_tenant

_SETTING_UP = "totp"
_SECONDS = 900
Person = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SecondFactorOffered:
    """What an authenticator app is shown. All of it holds the secret: shown once, kept nowhere
    until a code of the app confirms it."""

    challenge: str = field(repr=False)
    secret: str = field(repr=False)
    uri: str = field(repr=False)
    svg: str = field(repr=False)


def profile(platform: Platform, caller: Caller) -> tuple[Person, list[Person]]:
    """The caller's own row and the tenants that they belong to. Raises NotFound for a key."""
    with platform.database.read(SYSTEM) as work:
        return me_of(work, caller), access.tenants_of(work, caller.principal.id)


def change_profile(
    platform: Platform, caller: Caller, values: Mapping[str, Any], expected: int | None
) -> Person:
    """Change one's `name`, `language` and `time_zone` (each "" for the browser's). Raises
    Outdated, and UserError for a zone that the IANA database does not know."""
    if values.get("time_zone"):
        zone_of(values["time_zone"])
    with platform.database.begin(SYSTEM) as work:
        me = me_of(work, caller, lock=True)
        _require_revision(me, expected)
        access.set_person(work, me["id"], values)
        audit_own(work, caller, "user.change", **values)
        return me_of(work, caller)


def change_password(platform: Platform, caller: Caller, old: str, new: str, visit: Visit) -> None:
    """A new password; every other session ends. Raises UserError for one that is easily guessed,
    NotSignedIn when the old one is not right, TooMany after too many of those."""
    me = confirm(platform, caller, old, visit)
    if old == new:
        raise UserError(T("this is the password that you have"), T("Choose another."))
    require_good(new, (me["email"], me["name"]), minimum=platform.policy.password.minimum_length)
    hashed = passwords().hash(new)
    with platform.database.begin(SYSTEM) as work:
        _require_revision(me_of(work, caller, lock=True), me["revision"])
        access.set_person(work, me["id"], {"password_hash": hashed, "must_change": False})
        ended = access.end_sessions(
            work, me["id"], platform.clock(), "password changed", but=caller.principal.session
        )
        audit_own(work, caller, "user.change-password", sessions_ended=ended)


def confirm(platform: Platform, caller: Caller, password: str, visit: Visit) -> Person:
    """The caller's row, once they have shown their password again. Counted like a sign-in."""
    with platform.database.begin(SYSTEM) as work:
        me = me_of(work, caller)
        tried = guessing.try_of(platform, me["email"], visit)
        seconds = guessing.count(work, platform, tried)
    if seconds:
        raise guessing.too_many(seconds)
    if not me["password_hash"]:
        _taken_back(platform, tried)
        raise Conflict(
            T("you have no password here"), T("You sign in through your company's provider.")
        )
    if not passwords().check(me["password_hash"], password).holds:
        with platform.database.begin(SYSTEM) as work:
            audit_own(work, caller, "user.confirm", outcome="refused")
        raise UserError(T("the password is not right"), T("Show the one that you sign in with."))
    _taken_back(platform, tried)
    return me


def offer_second_factor(
    platform: Platform, caller: Caller, password: str, visit: Visit
) -> SecondFactorOffered:
    """A new secret for the app. Nothing changes before `switch_on` gets a code of it."""
    me = confirmed(platform, caller, password, visit)
    if me["totp_secret"]:
        raise Conflict(T("your second factor is on already"), T("Switch it off first."))
    secret = second_factor.new_secret()
    sealed = platform.sealing.seal(secret, totp_place(me["id"]))
    record = {"user": me["id"], "secret": sealed}
    with platform.database.begin(SYSTEM) as work:
        challenge = challenges.ask(work, platform, _SETTING_UP, record, _SECONDS)
    uri = second_factor.otpauth_uri(secret, me["email"])
    return SecondFactorOffered(challenge, secret, uri, second_factor.qr_svg(uri))


def switch_on(platform: Platform, caller: Caller, challenge: str, code: str) -> tuple[str, ...]:
    """Switch the second factor on with a code of the app; the recovery codes, shown once. This
    session counts as proved by it, every other one ends. Raises UserError for a wrong code."""
    codes = second_factor.new_recovery_codes()
    with platform.database.begin(SYSTEM) as work:
        question = challenges.find(work, platform, _SETTING_UP, challenge)
        me = me_of(work, caller, lock=True)
        if question.record["user"] != me["id"]:
            raise NotFound(T("there is no such set-up"), T("Begin it anew."))
        sealed = question.record["secret"]
        secret = platform.sealing.open(sealed, totp_place(me["id"]))
        step = second_factor.accepted_step(secret, code, platform.clock(), None)
        if step is None:
            raise UserError(T("the code is not right"), T("Is the clock of your device right?"))
        challenges.end(work, question)
        hashes = [second_factor.recovery_hash(each) for each in codes]
        values = {"totp_secret": sealed, "totp_step": step, "recovery_codes": hashes}
        access.set_person(work, me["id"], values)
        _prove(work, caller, ("otp", "mfa"))
        access.end_sessions(
            work, me["id"], platform.clock(), "second factor on", but=caller.principal.session
        )
        audit_own(work, caller, "user.second-factor-on")
    return codes


def switch_off(platform: Platform, caller: Caller, code: str, visit: Visit) -> None:
    """Switch it off, with a last code or a recovery code. Raises UserError when that is wrong,
    TooMany after too many of those."""

    def change(work: Work, me: Person) -> None:
        values = {"totp_secret": "", "totp_step": 0, "recovery_codes": None}
        access.set_person(work, me["id"], values)
        audit_own(work, caller, "user.second-factor-off")

    _by_code(platform, caller, code, visit, change)


def new_recovery_codes(
    platform: Platform, caller: Caller, code: str, visit: Visit
) -> tuple[str, ...]:
    """Ten new recovery codes in place of those that are left. Raises as `switch_off`."""
    codes = second_factor.new_recovery_codes()

    def change(work: Work, me: Person) -> None:
        hashes = [second_factor.recovery_hash(each) for each in codes]
        access.set_recovery_codes(work, me["id"], hashes)
        audit_own(work, caller, "user.recovery-codes")

    _by_code(platform, caller, code, visit, change)
    return codes


def sign_out(platform: Platform, caller: Caller) -> None:
    """End the session that this request came with. Raises Conflict for a key, which has none."""
    if not caller.principal.session:
        raise Conflict(T("an API key has no session"), T("Revoke the key to end its use."))
    end_own_session(platform, caller, caller.principal.session, "signed out")


def end_own_session(platform: Platform, caller: Caller, session: str, why: str) -> None:
    """End one of the caller's sessions. Raises NotFound for one that is not theirs or is over."""
    with platform.database.begin(SYSTEM) as work:
        row = access.session(work, session, lock=True)
        if row is None or row["user_id"] != caller.principal.id or row["revoked_at"]:
            raise NotFound(T("you have no session {id}", id=session[:100]))
        sessions.end(work, platform, row, why)
        with work.within(of_tenant(row["tenant_id"])):
            work.audit(caller.entry("session.end", "session", session, why=why))


def end_other_sessions(platform: Platform, caller: Caller) -> int:
    """End all of the caller's sessions but this one; how many there were."""
    with platform.database.begin(SYSTEM) as work:
        me, own = me_of(work, caller), caller.principal.session
        ended = access.end_sessions(work, me["id"], platform.clock(), "signed out", but=own)
        audit_own(work, caller, "user.end-sessions", sessions_ended=ended)
    return ended


def _by_code(
    platform: Platform, caller: Caller, code: str, visit: Visit,
    change: Callable[[Work, Person], None],
) -> None:  # fmt: skip
    with platform.database.begin(SYSTEM) as work:
        me = me_of(work, caller, lock=True)
        if not me["totp_secret"]:
            raise Conflict(T("your second factor is not on"))
        tried = guessing.try_of(platform, me["email"], visit)
        seconds = guessing.count(work, platform, tried)
        right = not seconds and code_holds(work, platform, me, code)
        if right:
            guessing.take_back(work, platform, tried)
            change(work, me)
        else:
            audit_own(work, caller, "user.confirm", outcome="refused")
    if seconds:
        raise guessing.too_many(seconds)
    if not right:
        raise UserError(
            T("the code is not right, or was used before"),
            T("Wait for the next code of your app, or use a recovery code."),
        )


def confirmed(platform: Platform, caller: Caller, password: str, visit: Visit) -> Person:
    """As `confirm`; whoever only comes through a provider has nothing to show."""
    with platform.database.read(SYSTEM) as work:
        me = me_of(work, caller)
    return confirm(platform, caller, password, visit) if me["password_hash"] else me


def _taken_back(platform: Platform, tried: Try) -> None:
    with platform.database.begin(SYSTEM) as work:
        guessing.take_back(work, platform, tried)


def me_of(work: Work, caller: Caller, *, lock: bool = False) -> Person:
    """The caller's own row. Raises Conflict for an API key."""
    principal = caller.principal
    me = None
    if principal.kind is PrincipalKind.USER:
        me = access.person(work, principal.id, lock=lock)
    if me is None:
        raise Conflict(T("an API key is nobody"), T("Sign in to see yourself."))
    return me


def _prove(work: Work, caller: Caller, methods: tuple[str, ...]) -> None:
    """The caller's session counts as proved in these ways too."""
    row = access.session(work, caller.principal.session, lock=True)
    if row is None or row["revoked_at"]:
        raise NotSignedIn(T("your session has ended"), T("Sign in again."))
    amr = list(dict.fromkeys((*row["methods"]["amr"], *methods)))
    access.set_session(work, row["id"], {"methods": {**row["methods"], "amr": amr}})


def audit_own(
    work: Work, caller: Caller, action: str, *, outcome: str = "done", **detail: Any
) -> None:
    """What people do about themselves stands in the log of the tenant that they do it in."""
    entry = replace(caller.entry(action, "user", caller.principal.id, **detail), outcome=outcome)
    with work.within(caller.scope):
        work.audit(entry)


def _require_revision(row: Person, expected: int | None) -> None:
    if expected is not None and row["revision"] != expected:
        raise Outdated(
            T("you have changed this elsewhere since you read it"),
            T("Read it again, then change it."),
        )
