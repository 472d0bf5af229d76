"""Sign-on through a company's own provider: OpenID Connect, authorization code with PKCE.

JumpCloud, Entra, Okta, Keycloak and the others all speak this. The `httpx.Client` that comes in
decides what may be called (it must be one that refuses internal addresses) and for how long.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

from vigie.model.access import NotSignedIn
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.ports.secrets import SecretValue
from vigie.services.access.id_tokens import Expected, verified_claims

SCOPES = ("openid", "profile", "email")
SECONDS = 600  # how long a sign-on that was begun may take
_MOST = 1024**2
_MOST_GROUPS = 2000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Client:
    """What this platform is at the provider. `secret` is None for a public client."""

    issuer: str
    client_id: str
    redirect_uri: str
    secret: SecretValue | None = None
    scopes: tuple[str, ...] = SCOPES
    groups_claim: str = "groups"


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    secret_in_body: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-on on its way. Send the browser to `url`; keep the rest for one answer, bound to
    that browser by a cookie (else somebody could be signed in as somebody else)."""

    url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed on. They are known by `issuer` and `subject`; an e-mail address is only what
    the provider says, and is nobody's proof of being the person who has it here."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()


def discover(http: httpx.Client, issuer: str) -> Provider:
    """Read `/.well-known/openid-configuration`. Raises UserError when the issuer is none,
    SourceError when it cannot be reached."""
    require_issuer(issuer)
    said = _json(http, "GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise UserError(
            T("the sign-on provider calls itself {said}, not {issuer}",
              said=str(said.get("issuer"))[:200], issuer=issuer),
            T("Write the issuer exactly as the provider does, the last slash included."),
        )  # fmt: skip
    places = {
        name: _endpoint(said, name)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    }
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Provider(
        issuer,
        **places,
        userinfo_endpoint=_endpoint(said, "userinfo_endpoint", optional=True),
        secret_in_body="client_secret_basic" not in methods,
    )


def begin(client: Client, provider: Provider) -> Begun:
    """Start a sign-on, with state, nonce and PKCE (RFC 7636, S256) of 256 bits each."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    url = prepare_grant_uri(
        provider.authorization_endpoint,
        client.client_id,
        "code",
        redirect_uri=client.redirect_uri,
        scope=" ".join(client.scopes),
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return Begun(str(url), state, nonce, verifier)


def complete(
    http: httpx.Client,
    client: Client,
    provider: Provider,
    begun: Begun,
    answer: Mapping[str, str],
    now: datetime,
) -> Person:
    """Who signed on. `answer` are the parameters with which the browser came back.

    Raises NotSignedIn when the answer or a token does not hold, SourceError when the provider
    cannot be asked.
    """
    code = _code(answer, begun, provider)
    tokens = _tokens(http, client, provider, begun, code)
    keys = _json(http, "GET", provider.jwks_uri)
    expected = Expected(provider.issuer, client.client_id, begun.nonce)
    access_token = str(tokens.get("access_token", ""))
    claims = verified_claims(str(tokens.get("id_token", "")), keys, expected, access_token, now)
    if provider.userinfo_endpoint and access_token:
        headers = {"authorization": f"Bearer {access_token}"}
        more = _json(http, "GET", provider.userinfo_endpoint, headers=headers)
        if more.get("sub") != claims["sub"]:  # 5.3.2: it may be about somebody else
            raise _not_accepted()
        claims = {**more, **claims}
    return _person(claims, client, provider)


def _code(answer: Mapping[str, str], begun: Begun, provider: Provider) -> str:
    state = answer.get("state", "")
    if not hmac.compare_digest(state.encode(errors="replace"), begun.state.encode()):
        raise _not_accepted()
    # RFC 9207: an answer of another provider that was mixed in.
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise _not_accepted()
    if answer.get("error"):
        raise NotSignedIn(
            T("the sign-on provider did not let you in: {error}", error=answer["error"][:80]),
            T("Ask whoever looks after it whether you may use this platform."),
        )
    code = answer.get("code", "")
    if not 0 < len(code) <= 4096:
        raise _not_accepted()
    return code


def _tokens(
    http: httpx.Client, client: Client, provider: Provider, begun: Begun, code: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": client.redirect_uri,
        "code_verifier": begun.verifier, "client_id": client.client_id,
    }  # fmt: skip
    headers = {}
    if client.secret is not None and provider.secret_in_body:
        form["client_secret"] = client.secret.reveal()
    elif client.secret is not None:
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret.reveal(), safe='')}"
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return _json(http, "POST", provider.token_endpoint, headers=headers, form=form)


def _person(claims: Mapping[str, Any], client: Client, provider: Provider) -> Person:
    return Person(
        provider.issuer,
        str(claims["sub"]),
        _text(claims.get("email")).lower(),
        claims.get("email_verified") is True,
        _text(claims.get("name")) or _text(claims.get("preferred_username")),
        _names(claims.get(client.groups_claim)),
        _names(claims.get("amr")),
    )


def _text(said: object) -> str:
    return said.strip()[:320] if isinstance(said, str) else ""


def _names(said: object) -> tuple[str, ...]:
    names = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return tuple(str(each)[:320] for each in names[:_MOST_GROUPS] if isinstance(each, str))


def _json(
    http: httpx.Client,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A JSON object of the provider, of at most a mebibyte; redirects are not followed."""
    data = b""
    try:
        with http.stream(
            method, url, headers={"accept": "application/json", **(headers or {})}, data=form,
            follow_redirects=False,
        ) as got:  # fmt: skip
            for chunk in got.iter_bytes():
                data += chunk
                if len(data) > _MOST:
                    raise _strange(url)
            status = got.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceError(
            T("the sign-on provider at {host} cannot be reached", host=_host(url)),
            T("Try again shortly, or sign in with a password."),
            retryable=True,
        ) from error
    if status in {400, 401, 403} and form is not None:
        raise _not_accepted()
    if status != 200:
        raise _strange(url, retryable=status == 429 or status >= 500)
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _strange(url) from error


def _endpoint(said: Mapping[str, Any], name: str, *, optional: bool = False) -> str:
    place = said.get(name)
    if place is None and optional:
        return ""
    if not isinstance(place, str):
        raise UserError(
            T("the sign-on provider does not say its {name}", name=name),
            T("See whether the issuer is right: it must be an OpenID Connect provider."),
        )
    require_issuer(place)
    return place


def require_issuer(url: str) -> None:
    """Plain HTTP only on this very machine: keys that came over it prove nothing."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises for one that is none
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        raise UserError(
            T("{url} is no address for sign-on", url=url[:200]),
            T("It must begin with https:// and name a host."),
        )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _strange(url: str, *, retryable: bool = False) -> SourceError:
    return SourceError(
        T("the sign-on provider at {host} gave a strange answer", host=_host(url)),
        T("See whether the issuer is right and the provider is well."),
        retryable=retryable,
    )


def _not_accepted() -> NotSignedIn:
    return NotSignedIn(
        T("the sign-on could not be finished"), T("Start it anew, in one browser window.")
    )
