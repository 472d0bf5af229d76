"""Signing in with a password and, where it is on, a second factor.

Whoever guesses learns nothing: a name that does not exist takes the same work, is counted and
refused with the same words, and waits as long as one that does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from vigie.model.access import NotSignedIn
from vigie.model.text import T
from vigie.services.access import challenges, guessing, second_factor, sessions
from vigie.services.access.guessing import Try
from vigie.services.access.lockout import account_key, new_device
from vigie.services.access.passwords import Passwords
from vigie.services.access.sessions import Proof, SignedIn
from vigie.services.access.visits import Visit, require_network
from vigie.services.failures import TooMany
from vigie.services.platform import Platform
from vigie.stores.relational import access
from vigie.stores.relational.database import Work
from vigie.stores.relational.scopes import SYSTEM, of_tenant

SECONDS = 300  # how long a second factor is waited for
TRIES = 5  # codes for one password
_KIND = "second-factor"
_NOBODY = str(UUID(int=0))  # no person's id


@dataclass(frozen=True, slots=True)
class SecondFactorAsked:
    """The password was right; `challenge` comes back with the code."""

    challenge: str = field(repr=False)
    seconds: int = SECONDS


@cache
def passwords() -> Passwords:
    """The one of this process: it bounds the memory of all checks together."""
    return Passwords()


def with_password(
    platform: Platform, email: str, password: str, visit: Visit, tenant: str = ""
) -> SignedIn | SecondFactorAsked:
    """Let somebody in by their password. Raises NotSignedIn when it is not right, TooMany while
    an account or address has to wait, NotAllowed from a network that may not."""
    require_network(platform, visit.address)
    name = email[:320].strip().lower()
    tried = guessing.try_of(platform, name, visit)
    person = _begin_try(platform, tried, name, visit)
    check = passwords().check(person["password_hash"] if person else "", password)
    if person is None or not check.holds or person["disabled_at"]:
        _refused(platform, person, name, visit, "password")
        raise _wrong()
    with platform.database.begin(SYSTEM) as work:
        now = access.person(work, person["id"])
        if now is None or now["disabled_at"] or now["password_hash"] != person["password_hash"]:
            raise _wrong()  # changed while it was looked at
        if check.renewed:
            access.renew_hash(work, person["id"], person["password_hash"], check.renewed)
        if person["totp_secret"]:
            guessing.take_back(work, platform, tried)
            proved = _print(check.renewed or person["password_hash"])
            record = {
                "user": person["id"], "tenant": tenant, "tries": TRIES, "password": proved
            }  # fmt: skip
            return SecondFactorAsked(challenges.ask(work, platform, _KIND, record, SECONDS))
        guessing.forgive(work, platform, tried)
        opened = sessions.begin(work, platform, person, Proof(("pwd",), tenant), visit)
    return _with_device(platform, sessions.hand_out(platform, opened), name)


def with_second_factor(platform: Platform, challenge: str, code: str, visit: Visit) -> SignedIn:
    """Finish with a code of the app, or a recovery code, each of which works once. Raises
    NotSignedIn and TooMany as the password does."""
    require_network(platform, visit.address)
    with platform.database.begin(SYSTEM) as work:
        done = _second_factor(work, platform, challenge, code, visit)
    # What was refused is written down all the same, so nothing is raised before.
    if isinstance(done, (NotSignedIn, TooMany)):
        raise done
    opened, name = done
    return _with_device(platform, sessions.hand_out(platform, opened), name)


def _second_factor(
    work: Work, platform: Platform, challenge: str, code: str, visit: Visit
) -> tuple[sessions.Opened, str] | NotSignedIn | TooMany:
    question = challenges.find(work, platform, _KIND, challenge)
    person = access.person(work, question.record["user"], lock=True)
    # A password that was changed meanwhile proves nothing any more.
    changed = person is None or question.record.get("password") != _print(person["password_hash"])
    if person is None or changed or person["disabled_at"] or not person["totp_secret"]:
        challenges.end(work, question)
        return NotSignedIn(T("your session has ended"), T("Sign in again."))
    tried = guessing.try_of(platform, person["email"], visit)
    seconds = guessing.count(work, platform, tried)
    if seconds:
        _write_refused(work, person, person["email"], visit, "waiting")
        return guessing.too_many(seconds)
    if not code_holds(work, platform, person, code):
        left = question.record["tries"] - 1
        if left > 0:
            challenges.keep(work, question, {**question.record, "tries": left})
        else:
            challenges.end(work, question)
        _write_refused(work, person, person["email"], visit, "second-factor")
        return NotSignedIn(
            T("the code is not right, or was used before"),
            T("Wait for the next code of your app, or use a recovery code."),
        )
    challenges.end(work, question)
    guessing.forgive(work, platform, tried)
    proof = Proof(("pwd", "otp", "mfa"), question.record["tenant"])
    return sessions.begin(work, platform, person, proof, visit), person["email"]


def code_holds(work: Work, platform: Platform, person: Mapping[str, Any], code: str) -> bool:
    """Whether the code is one of the person's app or a recovery code; it is spent then. The
    person's row is locked by the caller."""
    secret = platform.sealing.open(person["totp_secret"], totp_place(person["id"]))
    step = second_factor.accepted_step(secret, code, platform.clock(), person["totp_step"])
    if step is not None:
        return access.spend_totp_step(work, person["id"], step)
    left = second_factor.spend_recovery_code(person["recovery_codes"] or (), code)
    if left is None:
        return False
    access.set_recovery_codes(work, person["id"], list(left))
    return True


def _wrong() -> NotSignedIn:
    return NotSignedIn(
        T("the e-mail address or the password is not right"),
        T("Check both. Whoever forgot a password asks an administrator for a new one."),
    )


def _print(password_hash: str) -> str:
    """Tells one password of somebody from their next."""
    return hashlib.sha256(password_hash.encode()).hexdigest()


def totp_place(user_id: str) -> str:
    """Where a person's second factor is sealed for."""
    return f"user/{user_id}/totp"


def _begin_try(platform: Platform, tried: Try, name: str, visit: Visit) -> Mapping[str, Any] | None:
    with platform.database.begin(SYSTEM) as work:
        person = access.person_by_email(work, name)
        seconds = guessing.count(work, platform, tried)
        if seconds:
            _write_refused(work, person, name, visit, "waiting")
    if seconds:
        raise guessing.too_many(seconds)
    return person


def _refused(
    platform: Platform, person: Mapping[str, Any] | None, name: str, visit: Visit, why: str
) -> None:
    with platform.database.begin(SYSTEM) as work:
        _write_refused(work, person, name, visit, why)


def _write_refused(
    work: Work, person: Mapping[str, Any] | None, name: str, visit: Visit, why: str
) -> None:
    """In the log of the person's first tenant; in the platform's when there is nobody like that."""
    # Asked for nobody as well: it takes as long.
    homes = access.tenants_of(work, person["id"] if person is not None else _NOBODY)
    entry = _entry(visit, person, name, why)
    if not homes:
        work.audit(entry)
        return
    with work.within(of_tenant(homes[0]["id"])):
        work.audit(entry)


def _entry(visit: Visit, person: Mapping[str, Any] | None, name: str, why: str) -> Any:
    if person is None:
        # What is typed there may be a password, typed into the wrong field.
        return visit.entry("sign-in", outcome="refused", why=why, account=account_hash(name))
    return visit.entry_of("sign-in", person["id"], person["email"], outcome="refused", why=why)


def account_hash(name: str) -> str:
    """Tells tries at one unknown name from tries at many, and does not tell the name."""
    return account_key(name).partition(":")[2][:12]


def _with_device(platform: Platform, given: SignedIn, name: str) -> SignedIn:
    return sessions.with_device(given, new_device(guessing.device_key(platform), name))
