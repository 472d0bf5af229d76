"""Passkeys: people register their devices, and sign in with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from vigie.model.access import NotSignedIn
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.access import challenges, passkeys, sessions
from vigie.services.access.guessing import device_key
from vigie.services.access.lockout import new_device
from vigie.services.access.own import audit_own, confirm, me_of
from vigie.services.access.passkeys import Passkey, RelyingParty
from vigie.services.access.sessions import Proof, SignedIn
from vigie.services.access.visits import Visit, require_network
from vigie.services.failures import Conflict, NotFound
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import access
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM

MOST = 20  # of one person
_FRESH = timedelta(minutes=10)
_NEW, _SIGN_IN = "passkey-new", "passkey"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Row = Mapping[str, Any]


def party_of(platform: Platform) -> RelyingParty:
    """This platform towards browsers. They know no addresses of numbers, so on this machine it
    is `localhost`. Raises UserError when nobody said where the platform is reached."""
    parts = urlsplit(platform.address)
    if not parts.hostname:
        raise UserError(
            T("nobody has said at which address people open this platform"),
            T("Set VIGIE_ADDRESS, such as https://vigie.example.org."),
        )
    if parts.hostname in _LOOPBACK:
        port = f":{parts.port}" if parts.port else ""
        return RelyingParty("localhost", (f"{parts.scheme}://localhost{port}",))
    return RelyingParty(parts.hostname, (f"{parts.scheme}://{parts.netloc}",))


def offer(platform: Platform, caller: Caller, password: str, visit: Visit) -> dict[str, Any]:
    """What the browser needs to make a passkey, and the word to send back with its answer. Raises
    as `confirm` where there is a password, Conflict where nothing shows who is there."""
    party = party_of(platform)
    me = _surely(platform, caller, password, visit)
    with platform.database.begin(SYSTEM) as work:
        known = [_passkey(row) for row in access.passkeys_of(work, me["id"])]
        if len(known) >= MOST:
            raise Conflict(T("you have as many passkeys as one may have"), T("Remove one first."))
        question = passkeys.registration_question(
            party, UUID(me["id"]).bytes, me["email"], me["name"], known
        )
        record = {"challenge": question.challenge, "user": me["id"]}
        word = challenges.ask(work, platform, _NEW, record, passkeys.SECONDS)
    return {"challenge": word, "options": question.options}


def _surely(platform: Platform, caller: Caller, password: str, visit: Visit) -> Row:
    """The caller's row, once it is sure that they themselves are there.

    A passkey lets in for good, into every tenant that the person serves. So the word of one
    tenant's provider is not enough to make one, nor is a session that somebody came upon.
    """
    with platform.database.read(SYSTEM) as work:
        me, session = me_of(work, caller), access.session(work, caller.principal.session)
    if me["password_hash"]:
        return confirm(platform, caller, password, visit)
    if session is None or session["methods"].get("sign_on"):
        raise Conflict(
            T("a sign-on through your company's provider sets up no passkey"),
            T("Have an administrator give you a password here, and show that one."),
        )
    if platform.clock() - session["created_at"] > _FRESH:
        raise Conflict(
            T("you signed in too long ago to set up a passkey"),
            T("Sign in again with a passkey that you have."),
        )
    return me


def register(platform: Platform, caller: Caller, challenge: str, answer: str, name: str) -> Row:
    """Keep the passkey that the browser made. Raises UserError when its answer does not hold."""
    with platform.database.begin(SYSTEM) as work:
        question = challenges.find(work, platform, _NEW, challenge)
        me = me_of(work, caller)
        if question.record["user"] != me["id"]:
            raise NotFound(T("there is no such set-up"), T("Begin it anew."))
        challenges.end(work, question)
        made = passkeys.registered(party_of(platform), question.record["challenge"], answer)
        row = {
            "id": new_id(), "user_id": me["id"], "name": name, "public_key": made.public_key,
            "credential_id": made.credential_id, "sign_count": made.sign_count,
            "created_at": platform.clock(), "document": _document(made),
        }  # fmt: skip
        if access.passkey(work, made.credential_id) is not None:
            raise Conflict(T("this passkey is registered already"))
        access.add_passkey(work, row)
        audit_own(work, caller, "passkey.create", name=name)
    return row


def remove(platform: Platform, caller: Caller, passkey_id: str) -> None:
    """Forget a passkey of one's own. Raises NotFound."""
    with platform.database.begin(SYSTEM) as work:
        me = me_of(work, caller)
        if not access.remove_passkey(work, passkey_id, me["id"]):
            raise NotFound(T("you have no passkey {id}", id=passkey_id[:100]))
        audit_own(work, caller, "passkey.remove", passkey=passkey_id)


def of_person(platform: Platform, user_id: str) -> Sequence[Row]:
    """Somebody's passkeys, the oldest first."""
    with platform.database.read(SYSTEM) as work:
        return access.passkeys_of(work, user_id)


def ask(platform: Platform) -> dict[str, Any]:
    """What the browser needs to sign in with a passkey. Says of nobody whether they exist."""
    question = passkeys.login_question(party_of(platform))
    with platform.database.begin(SYSTEM) as work:
        record = {"challenge": question.challenge}
        word = challenges.ask(work, platform, _SIGN_IN, record, passkeys.SECONDS)
    return {"challenge": word, "options": question.options}


def sign_in(
    platform: Platform, challenge: str, answer: str, visit: Visit, tenant: str = ""
) -> SignedIn:
    """Let somebody in by a passkey: it cannot be guessed, so nobody waits for it. Raises
    NotSignedIn."""
    require_network(platform, visit.address)
    party, credential = party_of(platform), passkeys.credential_of(answer)
    opened = None
    with platform.database.begin(SYSTEM) as work:
        question = challenges.find(work, platform, _SIGN_IN, challenge)
        challenges.end(work, question)  # whatever comes of it: one answer each
        row = access.passkey(work, credential)
        person = access.person(work, row["user_id"]) if row is not None else None
        refused: NotSignedIn | None = None
        try:
            if row is None or person is None or person["disabled_at"]:
                raise NotSignedIn(T("the passkey was not accepted"))
            handle = UUID(person["id"]).bytes
            asked = question.record["challenge"]
            used = passkeys.let_in(party, asked, answer, _passkey(row), handle)
            access.use_passkey(work, row["id"], used.sign_count, platform.clock())
            proof = Proof(passkeys.AMR, tenant)
            opened = sessions.begin(work, platform, person, proof, visit)
        except NotSignedIn as error:
            refused = error
            who = person["id"] if person is not None else ""
            work.audit(visit.entry("sign-in", outcome="refused", why="passkey", user=who))
    if opened is None or person is None:
        raise refused or NotSignedIn(T("the passkey was not accepted"))
    given = sessions.hand_out(platform, opened)
    return sessions.with_device(given, new_device(device_key(platform), person["email"]))


def _passkey(row: Row) -> Passkey:
    more = row["document"] or {}
    return Passkey(
        row["credential_id"], row["public_key"], row["sign_count"], more.get("aaguid", ""),
        tuple(more.get("transports", ())), bool(more.get("backed_up")),
    )  # fmt: skip


def _document(made: Passkey) -> dict[str, Any]:
    return {
        "aaguid": made.aaguid, "transports": list(made.transports), "backed_up": made.backed_up
    }  # fmt: skip
