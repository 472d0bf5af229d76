"""Signing in, staying signed in, and signing out."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server import cookies
from vigie.faces.server.authentication import visit_of
from vigie.faces.server.callers import ThePlatform, needs, public
from vigie.faces.server.limits import Door
from vigie.faces.server.revisions import answer
from vigie.model.access import NotSignedIn, Permission
from vigie.model.text import T
from vigie.services.access import own, own_passkeys, people, sessions, signing_in
from vigie.services.access.sessions import SignedIn
from vigie.services.access.signing_in import SecondFactorAsked
from vigie.services.platform import Caller, Platform

ROUTER = APIRouter(prefix="/auth", tags=["auth"])
_WHY = "Whoever comes in is not known yet; what they show is checked, counted and limited."
_TOKEN = "eyJhbGciOiJFZDI1NTE5Iiwi…"


class SignIn(BaseModel):
    """A password. `tenant` (id or slug) is where to begin; `cookies` is for browsers: the tokens
    come as cookies that no script can read."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=320, examples=["ada@example.org"])
    password: str = Field(max_length=1024, examples=["correct horse battery staple"])
    tenant: str = Field(default="", max_length=200, examples=["home"])
    cookies: bool = False


class SecondFactor(BaseModel):
    """A code of the app or a recovery code, with the challenge that asked for it."""

    model_config = ConfigDict(extra="forbid")

    challenge: str = Field(max_length=200, examples=["019aa5d0-0000-7000-8000-000000000001.5f…"])
    code: str = Field(max_length=64, examples=["123456"])
    cookies: bool = False


class Refresh(BaseModel):
    """The refresh token; left out by browsers, which send their cookie."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(default="", max_length=400, examples=["vigier_…"])


class Invitation(BaseModel):
    """The word of an invitation, and the password that you choose."""

    model_config = ConfigDict(extra="forbid")

    invitation: str = Field(max_length=200, examples=["019aa5d0-0000-7000-8000-000000000001.5f…"])
    password: str = Field(max_length=1024, examples=["four grey herons over the weir"])


class PasskeyQuestion(BaseModel):
    """`options` go to `navigator.credentials.get`; `challenge` goes back with its answer."""

    challenge: str
    options: dict[str, Any]


class PasskeyAnswer(BaseModel):
    """What the browser answered (AuthenticationResponseJSON)."""

    model_config = ConfigDict(extra="forbid")

    challenge: str = Field(max_length=200)
    credential: dict[str, Any]
    tenant: str = Field(default="", max_length=200, examples=["home"])
    cookies: bool = False


class Challenge(BaseModel):
    """A second factor is asked for."""

    challenge: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001.5f…"])
    seconds: int = Field(examples=[300])


class Tokens(BaseModel):
    """What lets in: the access token goes into `Authorization: Bearer …`, the refresh token to
    POST /auth/refresh before it ends. Both are "" where they came as cookies; the refresh token
    also when the one you have is still to be used. With cookies, `csrf_token` goes into the
    header X-CSRF-Token of every request that changes something. Instead of all that,
    `second_factor` says that a code is asked for."""

    access_token: str = Field(default="", examples=[_TOKEN])
    token_type: str = "Bearer"
    expires_in: int = Field(default=0, examples=[900])
    refresh_token: str = Field(default="", examples=["vigier_…"])
    session: str = Field(default="", examples=["019aa5d0-0000-7000-8000-000000000001"])
    tenant: str = Field(default="", examples=["019aa5d0-0000-7000-8000-000000000002"])
    csrf_token: str = ""
    second_factor: Challenge | None = None


@ROUTER.post("/sign-in", response_model=Tokens, dependencies=[public(_WHY)])
def sign_in(body: SignIn, request: Request, platform: ThePlatform, door: Door) -> Response:
    """Sign in with a password. Where a second factor is on, the answer is its challenge."""
    door.require_own_page(body.cookies)
    done = signing_in.with_password(
        platform, body.email, body.password, visit_of(request), body.tenant
    )
    if isinstance(done, SecondFactorAsked):
        asked = Challenge(challenge=done.challenge, seconds=done.seconds)
        return answer(Tokens(second_factor=asked).model_dump())
    return tokens(request, platform, done, by_cookie=body.cookies)


@ROUTER.post("/second-factor", response_model=Tokens, dependencies=[public(_WHY)])
def finish_sign_in(
    body: SecondFactor, request: Request, platform: ThePlatform, door: Door
) -> Response:
    """Finish a sign-in with a code. Five wrong ones, and the password is asked for again."""
    door.require_own_page(body.cookies)
    visit = visit_of(request)
    done = signing_in.with_second_factor(platform, body.challenge, body.code, visit)
    return tokens(request, platform, done, by_cookie=body.cookies)


@ROUTER.post("/passkey/options", response_model=PasskeyQuestion, dependencies=[public(_WHY)])
def ask_for_passkey(platform: ThePlatform, _door: Door) -> Response:
    """What the browser needs to sign in with a passkey. The same for everybody."""
    return answer(own_passkeys.ask(platform))


@ROUTER.post("/passkey", response_model=Tokens, dependencies=[public(_WHY)])
def sign_in_with_passkey(
    body: PasskeyAnswer, request: Request, platform: ThePlatform, door: Door
) -> Response:
    """Sign in with a passkey: two factors in one, so no code is asked for."""
    door.require_own_page(body.cookies)
    shown, visit = json.dumps(body.credential), visit_of(request)
    done = own_passkeys.sign_in(platform, body.challenge, shown, visit, body.tenant)
    return tokens(request, platform, done, by_cookie=body.cookies)


@ROUTER.post("/invitation", status_code=204, dependencies=[public(_WHY)])
def accept_invitation(body: Invitation, platform: ThePlatform, _door: Door) -> Response:
    """Choose the first password; then sign in with it."""
    people.accept_invitation(platform, body.invitation, body.password)
    return Response(status_code=204)


@ROUTER.post("/refresh", response_model=Tokens, dependencies=[public(_WHY)])
def refresh(body: Refresh, request: Request, platform: ThePlatform, _door: Door) -> Response:
    """New tokens for a refresh token. One that was replaced long ago ends the session: somebody
    else has it."""
    token, by_cookie = body.refresh_token, False
    if not token:
        token, by_cookie = cookies.refresh_token(request, platform), True
        if not token:
            raise NotSignedIn(T("there is no session to refresh"), T("Sign in again."))
        session = sessions.session_of_refresh_token(platform, token)
        cookies.require_own_page(request, platform, session)
    done = sessions.refresh(platform, token, visit_of(request))
    return tokens(request, platform, done, by_cookie=by_cookie)


@ROUTER.post("/sign-out", status_code=204)
def sign_out(
    request: Request, platform: ThePlatform, caller: Annotated[Caller, needs(Permission.ME_READ)]
) -> Response:
    """End this session: its tokens are of no use from now on."""
    own.sign_out(platform, caller)
    response = Response(status_code=204)
    if getattr(request.state, "by_cookie", False):
        cookies.take_away(response, request, platform)
    return response


def tokens(request: Request, platform: Platform, given: SignedIn, *, by_cookie: bool) -> Response:
    """The answer to whoever was let in."""
    said = Tokens(
        access_token="" if by_cookie else given.access_token,
        expires_in=given.access_seconds,
        refresh_token="" if by_cookie else given.refresh_token,
        session=given.session,
        tenant=given.tenant,
        csrf_token=given.csrf if by_cookie else "",
    )
    response = answer(said.model_dump())
    if by_cookie:
        cookies.give(response, request, platform, given)
    return response
