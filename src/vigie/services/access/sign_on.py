"""Sign-on through a tenant's own provider: its settings, and people who come in by it.

Whoever runs a tenant's provider decides who comes into that tenant, and into no other: a session
that it began is good there alone (a super-admin's excepted, whom the operator chose). People are
known by issuer and subject; an address in a token makes nobody the person who has it here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from vigie.model.access import NotAllowed, NotSignedIn, Role, manages
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.services import records, tenant_settings
from vigie.services.access import challenges, oidc, sessions
from vigie.services.access.oidc import Begun, Client, Person
from vigie.services.access.sessions import Proof, SignedIn
from vigie.services.access.sign_on_roles import require_mapping, role_of_groups
from vigie.services.access.visits import Visit, require_network
from vigie.services.failures import NotFound
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.services.secrets import needs_reference
from vigie.stores.relational import access, people, sign_ons
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, DOCUMENT, FLAG, ID, TIME, Field
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import SIGN_ON

SIGN_ON_NOUN = Noun("sign-on", SIGN_ON)
CALLBACK = "/api/v1/auth/sign-on/callback"
_KIND = "sign-on"
# What a provider may say of how it knew somebody (RFC 8176); other words mean nothing here.
_METHODS = frozenset({"pwd", "otp", "hwk", "swk", "mfa", "sc", "fpt", "face", "pin", "user"})
_PORTS = {"http": 80, "https": 443}
_LOOK_UP_SECONDS = 2.0  # a name server that does not answer must not hold up the API
Row = Mapping[str, Any]

LISTING = Listing(
    "sign-on",
    SIGN_ON,
    {
        "id": Field(SIGN_ON.c.id, ID),
        "name": Field(SIGN_ON.c.name, sort=True),
        "issuer": Field(SIGN_ON.c.issuer),
        "client_id": Field(SIGN_ON.c.client_id),
        "client_secret": Field(SIGN_ON.c.client_secret),
        "document": Field(SIGN_ON.c.document, DOCUMENT),
        "enabled": Field(SIGN_ON.c.enabled, FLAG, facet=True),
        "created_at": Field(SIGN_ON.c.created_at, TIME),
        "revision": Field(SIGN_ON.c.revision, COUNT),
    },
    sort="name",
)


@dataclass(frozen=True, slots=True)
class Began:
    """Send the browser to `url`, and have it keep `word` until it comes back."""

    url: str
    word: str = field(repr=False)


def create(work: Work, platform: Platform, caller: Caller, wanted: Mapping[str, Any]) -> Row:
    """A provider of this tenant. Raises UserError for what cannot be one or may not be called,
    NotAllowed for a mapping to roles that the caller may not give."""
    values = _checked(caller, {}, wanted)
    return records.add(work, caller, SIGN_ON_NOUN, {**values, "created_at": platform.clock()})


def change(
    platform: Platform, caller: Caller, row_id: str, wanted: Mapping[str, Any],
    expected: int | None,
) -> Row:  # fmt: skip
    """Change a provider. Whoever may not give a role that it gives may change nothing of it."""
    with platform.database.begin(caller.scope) as work:
        before = records.find(work, SIGN_ON_NOUN, row_id)
        _require_manages(caller, before["document"])
        values = _checked(caller, before, wanted)
        return records.change(work, caller, SIGN_ON_NOUN, row_id, values, expected)


def remove(platform: Platform, caller: Caller, row_id: str, expected: int | None) -> None:
    """Nobody signs on through it any more; sessions that live go on."""
    with platform.database.begin(caller.scope) as work:
        _require_manages(caller, records.find(work, SIGN_ON_NOUN, row_id)["document"])
        records.remove(work, caller, SIGN_ON_NOUN, row_id, expected)


def offered(platform: Platform, tenant: str) -> list[Row]:
    """The providers of a tenant (id or slug) that are switched on: `id` and `name`. Nothing for
    a tenant that there is not."""
    with platform.database.read(SYSTEM) as work:
        return sign_ons.enabled(work, tenant)


def begin(platform: Platform, row_id: str, visit: Visit) -> Began:
    """Start a sign-on. Raises NotFound, SourceError when the provider cannot be asked."""
    require_network(platform, visit.address)
    with platform.database.read(SYSTEM) as work:
        row = sign_ons.one(work, row_id)
    if row is None:
        raise NotFound(T("there is no such way to sign on"))
    client = _client(platform, row)
    with platform.outbound.client() as http:
        provider = oidc.discover(http, client.issuer)
    begun = oidc.begin(client, provider)
    told = json.dumps([begun.state, begun.nonce, begun.verifier])
    question = new_id()
    record = {
        "sign_on": row_id, "place": question,
        "sealed": platform.sealing.seal(told, f"sign-on/{question}"),
    }  # fmt: skip
    with platform.database.begin(SYSTEM) as work:
        word = challenges.ask(work, platform, _KIND, record, oidc.SECONDS)
    return Began(begun.url, word)


def complete(platform: Platform, word: str, answer: Mapping[str, str], visit: Visit) -> SignedIn:
    """Let somebody in whom the provider vouches for. `word` is what their browser kept.

    Raises NotSignedIn when the answer does not hold or none of their groups has a role here,
    SourceError when the provider cannot be asked.
    """
    require_network(platform, visit.address)
    with platform.database.begin(SYSTEM) as work:
        question = challenges.find(work, platform, _KIND, word)
        challenges.end(work, question)  # one answer each, whatever comes of it
        row = sign_ons.one(work, question.record["sign_on"])
    if row is None:
        raise NotFound(T("there is no such way to sign on"))
    place = f"sign-on/{question.record['place']}"
    begun = Begun("", *json.loads(platform.sealing.open(question.record["sealed"], place)))
    client = _client(platform, row)
    try:
        with platform.outbound.client() as http:
            provider = oidc.discover(http, client.issuer)
            person = oidc.complete(http, client, provider, begun, answer, platform.clock())
    except (NotSignedIn, SourceError) as error:
        with platform.database.begin(of_tenant(row["tenant_id"])) as work:
            work.audit(visit.entry("sign-in", outcome="refused", why="sign-on", via=row["name"]))
        raise error from error.__cause__
    return _let_in(platform, row, person, visit)


def _let_in(platform: Platform, row: Row, person: Person, visit: Visit) -> SignedIn:
    document = row["document"] or {}
    mapping = require_mapping(document.get("roles", {}), document.get("default_role", ""))
    default = Role(document["default_role"]) if document.get("default_role") else None
    role = role_of_groups(person.groups, mapping, default)
    with platform.database.begin(SYSTEM) as work:
        opened, refused = None, None
        try:
            with work.within(SYSTEM):  # undone whole when somebody is not let in
                known = _taken_in(work, platform, row, person, role)
                amr = ("sso", *(m for m in person.amr if m in _METHODS))
                proof = Proof(amr, row["tenant_id"], sign_on=row["id"])
                opened = sessions.begin(work, platform, known, proof, visit)
        except NotSignedIn as error:
            refused = error
            _put_out(work, platform, row, person, role)
            with work.within(of_tenant(row["tenant_id"])):
                work.audit(
                    visit.entry("sign-in", outcome="refused", why="sign-on", via=row["name"],
                                subject=person.subject[:255])
                )  # fmt: skip
    if opened is None:
        raise refused or NotSignedIn(T("the sign-on could not be finished"))
    return sessions.hand_out(platform, opened)


def _taken_in(
    work: Work, platform: Platform, row: Row, person: Person, role: Role | None
) -> Row:  # fmt: skip
    """The person's row, made when they come for the first time; in the tenant with this role."""
    if role is None:
        raise NotSignedIn(
            T("your provider knows you, and none of your groups may come in here"),
            T("Ask an owner of your tenant to give one of your groups a role."),
        )
    known = access.person_by_subject(work, person.issuer, person.subject)
    if known is None:
        known = _new_person(work, platform, row["tenant_id"], person)
    if known["disabled_at"]:
        raise NotSignedIn(T("your account is disabled"), T("Ask an administrator."))
    tenant, origin = row["tenant_id"], str(row["id"])
    if not people.add_membership(work, tenant, known["id"], str(role), platform.clock(), origin):
        here = people.member(work, tenant, known["id"])
        if here is not None and here["origin"] == origin and here["role"] != role:
            people.set_role(work, tenant, known["id"], str(role))
            _audit_role(work, row, known, str(role))
    else:
        _audit_role(work, row, known, str(role))
    return known


def _new_person(work: Work, platform: Platform, tenant: str, person: Person) -> Row:
    email = person.email or f"{new_id()}@sign-on.invalid"
    if access.person_by_email(work, email) is not None:
        raise NotSignedIn(
            T("somebody else here has your e-mail address"),
            T("If that is you, sign in with your password, or have an administrator change the "
              "address there."),
        )  # fmt: skip
    with work.within(of_tenant(tenant)):
        language = tenant_settings.language_of(work, None)
    row: dict[str, Any] = {
        "id": new_id(), "email": email, "name": person.name[:200], "issuer": person.issuer,
        "subject": person.subject, "language": language, "created_at": platform.clock(),
    }  # fmt: skip
    people.add(work, row)
    made = access.person(work, row["id"])
    if made is None:
        raise NotSignedIn(T("the sign-on could not be finished"))
    return made


def _put_out(
    work: Work, platform: Platform, row: Row, person: Person, role: Role | None
) -> None:  # fmt: skip
    """Whoever has no group left that may come in is out: the provider's word took them in."""
    known = access.person_by_subject(work, person.issuer, person.subject)
    if role is not None or known is None:
        return
    here = people.member(work, row["tenant_id"], known["id"])
    if here is not None and here["origin"] == row["id"]:
        people.remove_membership(work, row["tenant_id"], known["id"])
        people.end_sessions_in(work, row["tenant_id"], known["id"], platform.clock())
        with work.within(of_tenant(row["tenant_id"])):
            work.audit(people.entry("user.remove", known, via=row["name"]))


def _audit_role(work: Work, row: Row, known: Row, role: str) -> None:
    with work.within(of_tenant(row["tenant_id"])):
        work.audit(people.entry("user.change-role", known, role=role, via=row["name"]))


def _client(platform: Platform, row: Row) -> Client:
    if not platform.address:
        raise UserError(
            T("nobody has said at which address people open this platform"),
            T("Set VIGIE_ADDRESS, such as https://vigie.example.org."),
        )
    secret = None
    if row["client_secret"]:
        secret = platform.secrets.resolve(row["client_secret"], row["tenant_id"])
    document = row["document"] or {}
    scopes = tuple(dict.fromkeys((*oidc.SCOPES, *document.get("scopes", ()))))
    return Client(
        row["issuer"], row["client_id"], platform.address + CALLBACK, secret, scopes,
        document.get("groups_claim") or "groups",
    )  # fmt: skip


def refuse_inside(platform: Platform, issuer: str) -> None:
    """Raises UserError, which names the setting, for an issuer whose address may not be called.
    One that cannot be looked up now is found out about at the first sign-on. Asks the resolver,
    so outside of transactions."""
    oidc.require_issuer(issuer)
    parts = urlsplit(issuer)
    with suppress(SourceError):
        port = parts.port or _PORTS[parts.scheme]
        platform.outbound.allows(parts.hostname or "", port, _LOOK_UP_SECONDS)


def _checked(caller: Caller, before: Row, wanted: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("name", "issuer", "client_id", "client_secret", "enabled")
    values = {name: wanted[name] for name in plain if name in wanted}
    document = dict(before.get("document") or {})
    for name in ("scopes", "groups_claim", "roles", "default_role"):
        if name in wanted:
            document[name] = wanted[name]
    require_mapping(document.get("roles", {}), document.get("default_role", ""))
    _require_manages(caller, document)
    if values.get("client_secret"):
        needs_reference("client_secret", values["client_secret"])
    if "issuer" in values:
        oidc.require_issuer(values["issuer"])
    return {**values, "document": document}


def _require_manages(caller: Caller, document: Row) -> None:
    """Else an administrator could make themselves an owner by a group of their own provider."""
    given = {*(document or {}).get("roles", {}).values(), (document or {}).get("default_role", "")}
    for role in sorted(given - {""}):
        if not manages(caller.principal.role, Role(role)):
            raise NotAllowed(
                T("you may not give the role {role}, or change somebody who has it", role=role),
                T("Ask somebody whose own role is above it."),
            )
