"""Oneself: profile, password, second factor, passkeys, sessions."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.authentication import visit_of
from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission, PrincipalKind
from vigie.services.access import own, own_passkeys, sessions
from vigie.services.platform import Caller

ROUTER = APIRouter(prefix="/me", tags=["me"])
Reading = Annotated[Caller, needs(Permission.ME_READ)]
Writing = Annotated[Caller, needs(Permission.ME_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"
_CODE = Field(max_length=64, examples=["123456"])
_PASSWORD = Field(default="", max_length=1024, examples=["correct horse battery staple"])


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OwnTenant(BaseModel):
    """A tenant that the person belongs to, and what they are there."""

    id: str = Field(examples=[_ID])
    name: str = Field(examples=["Acme"])
    slug: str = Field(examples=["acme"])
    role: str = Field(examples=["owner"])


class Me(BaseModel):
    """Who acts, and what they may do in the tenant of this request. `must` names what has to be
    done before anything else may be: change-password, set-up-second-factor."""

    kind: str = Field(examples=["user"])
    id: str = Field(examples=[_ID])
    email: str = Field(default="", examples=["ada@example.org"])
    name: str = Field(default="", examples=["Ada"])
    language: str = Field(
        default="", description='"" for what the browser asks for.', examples=["en"]
    )
    time_zone: str = Field(
        default="",
        examples=["Europe/Paris"],
        description="Of the IANA database; empty for the browser's.",
    )
    tenant: str = Field(examples=[_ID])
    role: str | None = Field(default=None, examples=["owner"])
    permissions: list[str] = Field(examples=[["findings:read", "me:read"]])
    must: list[str] = Field(default=[], examples=[[]])
    methods: list[str] = Field(default=[], examples=[["pwd", "otp", "mfa"]])
    super_admin: bool = False
    second_factor: bool = False
    recovery_codes_left: int = 0
    tenants: list[OwnTenant] = []
    revision: int | None = None


class ProfileChange(_Asked):
    """What to change; what is left out stays."""

    name: str = Field(default="", max_length=200, examples=["Ada Lovelace"])
    language: Literal["en", "fr", ""] = ""
    time_zone: str = Field(default="", max_length=64, examples=["Europe/Paris"])


class PasswordChange(_Asked):
    """The password that you have, and the one that you want."""

    old: str = Field(max_length=1024, examples=["correct horse battery staple"])
    new: str = Field(max_length=1024, examples=["four grey herons over the weir"])


class Confirmation(_Asked):
    """Your password again; "" for who has none here."""

    password: str = _PASSWORD


class SecondFactorOffer(BaseModel):
    """For the authenticator app; shown once. `challenge` goes back with a code of the app."""

    challenge: str
    secret: str = Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    uri: str = Field(examples=["otpauth://totp/Vigie:ada%40example.org?secret=…"])
    svg: str = Field(examples=["<svg …>"])


class SecondFactorCode(_Asked):
    """A code of the app, with the challenge of the offer."""

    challenge: str = Field(max_length=200)
    code: str = _CODE


class Code(_Asked):
    """A code of the app, or a recovery code."""

    code: str = _CODE


class RecoveryCodes(BaseModel):
    """Ten codes that each work once, when the app is lost; shown once."""

    recovery_codes: list[str] = Field(examples=[["3f7k-9m2p-xq4t-8vwz"]])


class PasskeyOffer(BaseModel):
    """`options` go to `navigator.credentials.create`; `challenge` goes back with its answer."""

    challenge: str
    options: dict[str, Any]


class NewPasskey(_Asked):
    """What the browser answered (RegistrationResponseJSON), and a name to know it by."""

    challenge: str = Field(max_length=200)
    credential: dict[str, Any]
    name: str = Field(default="", max_length=100, examples=["Laptop"])


class Passkey(BaseModel):
    """One device that may sign in for you."""

    id: str = Field(examples=[_ID])
    name: str = Field(examples=["Laptop"])
    created_at: str
    last_used_at: str | None = None


class OwnSession(BaseModel):
    """One place where you are signed in; `current` is this one."""

    id: str = Field(examples=[_ID])
    tenant: str = Field(examples=[_ID])
    address: str = Field(examples=["192.0.2.7"])
    agent: str = Field(examples=["Mozilla/5.0 …"])
    methods: list[str] = Field(examples=[["pwd", "otp", "mfa"]])
    created_at: str
    last_used_at: str
    expires_at: str
    current: bool


class Ended(BaseModel):
    """How many sessions were ended."""

    ended: int = Field(examples=[2])


@ROUTER.get("", response_model=Me)
def get_me(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """Who you are, and what you may do in this tenant."""
    principal = caller.principal
    said: dict[str, Any] = {
        "kind": str(principal.kind), "id": principal.id, "tenant": principal.tenant,
        "name": principal.name, "role": str(principal.role) if principal.role else None,
        "permissions": sorted(str(p) for p in principal.permissions),
        "must": list(getattr(request.state, "must", ())), "methods": list(principal.amr),
    }  # fmt: skip
    revision = None
    if principal.kind is PrincipalKind.USER:
        row, tenants = own.profile(platform, caller)
        revision = row["revision"]
        said |= {
            "email": row["email"], "name": row["name"], "language": row["language"],
            "time_zone": row["time_zone"],
            "super_admin": row["super_admin"], "second_factor": bool(row["totp_secret"]),
            "recovery_codes_left": len(row["recovery_codes"] or ()), "revision": revision,
            "tenants": [{k: one[k] for k in ("id", "name", "slug", "role")} for one in tenants],
        }  # fmt: skip
    return answer(Me(**said).model_dump(), revision)


@ROUTER.patch("", response_model=Me)
def change_me(
    body: ProfileChange, request: Request, platform: ThePlatform, caller: Writing,
    expected: Expected,
) -> Response:  # fmt: skip
    """Change your name, language or time zone (a name of the IANA database, "" for the
    browser's)."""
    own.change_profile(platform, caller, body.model_dump(exclude_unset=True), expected)
    return get_me(request, platform, caller)


@ROUTER.post("/password", status_code=204)
def change_password(
    body: PasswordChange, request: Request, platform: ThePlatform, caller: Writing
) -> Response:
    """Change your password. Your other sessions end."""
    own.change_password(platform, caller, body.old, body.new, visit_of(request))
    return Response(status_code=204)


@ROUTER.post("/second-factor", response_model=SecondFactorOffer)
def offer_second_factor(
    body: Confirmation, request: Request, platform: ThePlatform, caller: Writing
) -> Response:
    """A secret for your app, as text, link and QR code. Nothing changes before a code of it."""
    offer = own.offer_second_factor(platform, caller, body.password, visit_of(request))
    said = {"challenge": offer.challenge, "secret": offer.secret, "uri": offer.uri}
    return answer({**said, "svg": offer.svg})


@ROUTER.post("/second-factor/confirm", response_model=RecoveryCodes)
def switch_on_second_factor(
    body: SecondFactorCode, platform: ThePlatform, caller: Writing
) -> Response:
    """Switch the second factor on. The recovery codes are shown this once."""
    codes = own.switch_on(platform, caller, body.challenge, body.code)
    return answer({"recovery_codes": codes})


@ROUTER.post("/second-factor/off", status_code=204)
def switch_off_second_factor(
    body: Code, request: Request, platform: ThePlatform, caller: Writing
) -> Response:
    """Switch the second factor off, with a last code of it."""
    own.switch_off(platform, caller, body.code, visit_of(request))
    return Response(status_code=204)


@ROUTER.post("/recovery-codes", response_model=RecoveryCodes)
def renew_recovery_codes(
    body: Code, request: Request, platform: ThePlatform, caller: Writing
) -> Response:
    """Ten new recovery codes; the old ones are of no use any more."""
    codes = own.new_recovery_codes(platform, caller, body.code, visit_of(request))
    return answer({"recovery_codes": codes})


@ROUTER.get("/passkeys", response_model=list[Passkey])
def list_my_passkeys(platform: ThePlatform, caller: Reading) -> Response:
    """The devices that may sign in for you."""
    found = own_passkeys.of_person(platform, caller.principal.id)
    return answer([_passkey(row) for row in found])


@ROUTER.post("/passkeys/options", response_model=PasskeyOffer)
def offer_passkey(
    body: Confirmation, request: Request, platform: ThePlatform, caller: Writing
) -> Response:
    """What your browser needs to make a passkey. Show your password; without one, sign in with a
    passkey first: a sign-on through your company's provider is not enough."""
    return answer(own_passkeys.offer(platform, caller, body.password, visit_of(request)))


@ROUTER.post("/passkeys", status_code=201, response_model=Passkey)
def create_passkey(body: NewPasskey, platform: ThePlatform, caller: Writing) -> Response:
    """Keep the passkey that your browser made."""
    given = json.dumps(body.credential)
    row = own_passkeys.register(platform, caller, body.challenge, given, body.name)
    return answer(_passkey(row), status=201)


@ROUTER.delete("/passkeys/{passkey_id}", status_code=204)
def delete_passkey(passkey_id: str, platform: ThePlatform, caller: Writing) -> Response:
    """Forget a device."""
    own_passkeys.remove(platform, caller, passkey_id)
    return Response(status_code=204)


@ROUTER.get("/sessions", response_model=list[OwnSession])
def list_my_sessions(platform: ThePlatform, caller: Reading) -> Response:
    """Where you are signed in, the latest used first."""
    rows = sessions.of_person(platform, caller.principal.id)
    return answer([_session(row, caller.principal.session) for row in rows])


@ROUTER.delete("/sessions/{session_id}", status_code=204)
def end_my_session(session_id: str, platform: ThePlatform, caller: Writing) -> Response:
    """Sign out elsewhere: that session is over with its next request."""
    own.end_own_session(platform, caller, session_id, "ended from another session")
    return Response(status_code=204)


@ROUTER.post("/sessions/end-others", response_model=Ended)
def end_my_other_sessions(platform: ThePlatform, caller: Writing) -> Response:
    """Sign out everywhere but here."""
    return answer({"ended": own.end_other_sessions(platform, caller)})


def _passkey(row: Any) -> dict[str, Any]:
    return {**{k: row[k] for k in ("id", "name", "created_at")},
            "last_used_at": row.get("last_used_at")}  # fmt: skip


def _session(row: Any, current: str) -> dict[str, Any]:
    names = ("id", "address", "agent", "created_at", "last_used_at", "expires_at")
    said = {name: row[name] for name in names}
    methods = row["methods"]["amr"]
    return {**said, "tenant": row["tenant_id"], "methods": methods, "current": row["id"] == current}
