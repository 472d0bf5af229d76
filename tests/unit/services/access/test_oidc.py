"""Sign-on against a provider that really runs, and against providers that mean harm."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import (  # type: ignore[import-untyped]
    User,
    run_server_in_thread,
)

from vigie.model.access import NotSignedIn
from vigie.model.errors import SourceError, UserError
from vigie.ports.secrets import SecretValue
from vigie.services.access.oidc import Begun, Client, Person, Provider, begin, complete, discover

# The provider is built on parts of authlib that authlib itself has replaced.
OLD_PARTS = pytest.mark.filterwarnings("ignore::DeprecationWarning")
BACK = "https://vigie.example.org/api/v1/auth/oidc/callback"
ISSUER = "https://id.example.org"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECRET = "s3cret:with/odd signs"
CLIENT = Client(ISSUER, "vigie", BACK, SecretValue(SECRET))
KEY = RSAKey.generate_key(2048, parameters={"kid": "k1"})
PROVIDER = Provider(
    ISSUER, f"{ISSUER}/authorize", f"{ISSUER}/token", f"{ISSUER}/keys", f"{ISSUER}/me"
)
ANN = User(
    sub="ann",
    claims={"email": "Ann@Example.org", "email_verified": True, "name": "Ann", "groups": ["it"]},
)


@pytest.fixture
def running() -> Iterator[str]:
    with run_server_in_thread(user_claims=[ANN], require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def query_of(url: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}


def sign_in_at(http: httpx.Client, url: str, form: dict[str, str]) -> dict[str, str]:
    """What the browser brings back."""
    got = http.post(url, data=form)
    assert got.status_code == 302, got.text
    return query_of(got.headers["location"])


@OLD_PARTS
def test_a_person_signs_on(running: str, http: httpx.Client) -> None:
    provider = discover(http, running)
    client = replace(CLIENT, issuer=running)
    begun = begin(client, provider)
    answer = sign_in_at(http, begun.url, {"sub": "ann"})
    got = complete(http, client, provider, begun, answer, datetime.now(UTC))
    assert got == Person(running, "ann", "ann@example.org", True, "Ann", ("it",))
    with pytest.raises(NotSignedIn):  # a code works once
        complete(http, client, provider, begun, answer, datetime.now(UTC))


@OLD_PARTS
def test_somebody_who_is_refused_there_is_told_so(running: str, http: httpx.Client) -> None:
    provider = discover(http, running)
    client = replace(CLIENT, issuer=running)
    begun = begin(client, provider)
    answer = {"state": begun.state, "error": "access_denied"}
    with pytest.raises(NotSignedIn, match="access_denied"):
        complete(http, client, provider, begun, answer, datetime.now(UTC))


@OLD_PARTS
def test_an_answer_to_anothers_sign_on_is_refused(running: str, http: httpx.Client) -> None:
    """Somebody is led to finish a sign-on that the attacker began."""
    provider = discover(http, running)
    client = replace(CLIENT, issuer=running)
    attackers = begin(client, provider)
    answer = sign_in_at(http, attackers.url, {"sub": "mallory"})
    mine = begin(client, provider)
    with pytest.raises(NotSignedIn):
        complete(http, client, provider, mine, answer, datetime.now(UTC))
    # Nor does it help to know the state: the nonce in the token is the attacker's.
    with pytest.raises(NotSignedIn, match="this sign-on"):
        complete(http, client, provider, mine, {**answer, "state": mine.state}, datetime.now(UTC))


def test_the_address_asks_for_a_code_bound_to_this_sign_on() -> None:
    one, two = begin(CLIENT, PROVIDER), begin(CLIENT, PROVIDER)
    query = query_of(one.url)
    digest = hashlib.sha256(one.verifier.encode()).digest()
    assert query["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert (query["code_challenge_method"], query["response_type"]) == ("S256", "code")
    assert (query["state"], query["nonce"]) == (one.state, one.nonce)
    assert (query["client_id"], query["redirect_uri"]) == ("vigie", BACK)
    assert query["scope"] == "openid profile email"
    assert one.verifier not in one.url
    assert not {one.state, one.nonce, one.verifier} & {two.state, two.nonce, two.verifier}
    assert one.verifier not in repr(one)


Answer = Callable[[httpx.Request], httpx.Response]


def stand_in(**answers: Answer) -> tuple[httpx.Client, list[httpx.Request]]:
    """A provider whose places answer as they are told: token, keys, me."""
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        request.read()
        seen.append(request)
        return answers[request.url.path.strip("/")](request)

    return httpx.Client(transport=httpx.MockTransport(handle)), seen


def says(body: object, status: int = 200) -> Answer:
    return lambda _: httpx.Response(status, json=body)


def token_for(begun: Begun, **change: Any) -> Answer:
    at = int(NOW.timestamp())
    claims = {"iss": ISSUER, "aud": "vigie", "sub": "ann", "exp": at + 300, "iat": at,
              "nonce": begun.nonce, **change}  # fmt: skip
    text = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, KEY, algorithms=["RS256"])
    return says({"access_token": "at", "id_token": text, "token_type": "Bearer"})


KEYS = says({"keys": [KEY.as_dict(private=False)]})


def finish(http: httpx.Client, begun: Begun, **change: str) -> Person:
    answer = {"state": begun.state, "code": "c0de", **change}
    with http:
        return complete(http, CLIENT, PROVIDER, begun, answer, NOW)


def test_the_code_is_redeemed_with_secret_and_verifier() -> None:
    begun = begin(CLIENT, PROVIDER)
    http, seen = stand_in(token=token_for(begun), keys=KEYS, me=says({"sub": "ann", "name": "A"}))
    assert finish(http, begun, iss=ISSUER).name == "A"
    form = {name: value for name, (value,) in parse_qs(seen[0].content.decode()).items()}
    assert form == {
        "grant_type": "authorization_code", "code": "c0de", "redirect_uri": BACK,
        "code_verifier": begun.verifier, "client_id": "vigie",
    }  # fmt: skip
    basic = base64.b64decode(seen[0].headers["authorization"].removeprefix("Basic ")).decode()
    assert basic == "vigie:s3cret%3Awith%2Fodd%20signs"
    assert seen[2].headers["authorization"] == "Bearer at"
    assert "authorization" not in seen[1].headers


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there() -> None:
    begun = begin(CLIENT, PROVIDER)
    http, seen = stand_in(token=token_for(begun), keys=KEYS)
    provider = replace(PROVIDER, secret_in_body=True, userinfo_endpoint="")
    with http:
        answer = {"state": begun.state, "code": "c"}
        complete(http, CLIENT, provider, begun, answer, NOW)
    assert parse_qs(seen[0].content.decode())["client_secret"] == [SECRET]
    assert "authorization" not in seen[0].headers


def test_what_the_token_says_counts_more_than_what_is_said_besides() -> None:
    begun = begin(CLIENT, PROVIDER)
    token = token_for(begun, groups=["staff"], amr=["pwd", "mfa"], email="ann@example.org")
    more = {"sub": "ann", "groups": ["admins"], "email": "root@example.org", "name": 7}
    http, _ = stand_in(token=token, keys=KEYS, me=says(more))
    got = finish(http, begun)
    assert got == Person(ISSUER, "ann", "ann@example.org", groups=("staff",), amr=("pwd", "mfa"))


def test_an_address_is_verified_only_when_the_provider_says_true() -> None:
    for said in ("true", 1, None, False):
        begun = begin(CLIENT, PROVIDER)
        token = token_for(begun, email="a@example.org", email_verified=said)
        http, _ = stand_in(token=token, keys=KEYS, me=says({"sub": "ann"}))
        assert finish(http, begun).email_verified is False


def test_user_info_about_somebody_else_is_refused() -> None:
    begun = begin(CLIENT, PROVIDER)
    http, _ = stand_in(token=token_for(begun), keys=KEYS, me=says({"sub": "root"}))
    with pytest.raises(NotSignedIn):
        finish(http, begun)


@pytest.mark.parametrize(
    "change", [{"state": ""}, {"state": "x"}, {"state": "\ud800"}, {"code": ""},
               {"code": "c" * 5000}, {"iss": "https://evil.example"}, {"error": "login_required"}],
    ids=str,
)  # fmt: skip
def test_an_answer_that_is_not_ours_asks_the_provider_nothing(change: dict[str, str]) -> None:
    begun = begin(CLIENT, PROVIDER)
    http, seen = stand_in()
    with pytest.raises(NotSignedIn):
        finish(http, begun, **change)
    assert seen == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says({"error": "invalid_grant"}, 400), NotSignedIn),
        (says({"error": "invalid_client"}, 401), NotSignedIn),
        (says({}, 500), SourceError),
        (says({}, 302), SourceError),
        (says([1]), SourceError),
        (says({"access_token": "at"}), NotSignedIn),
        (says({"id_token": 7}), NotSignedIn),
        (lambda _: httpx.Response(200, content=b"<html>"), SourceError),
        (lambda _: httpx.Response(200, content=b"[" * 200_000), SourceError),
        (lambda _: httpx.Response(200, content=b" " * 1024**2 + b"{}"), SourceError),
    ],
    ids=["grant", "client", "500", "302", "list", "no", "number", "html", "deep", "large"],
)
def test_odd_answers_are_told_apart(answer: Answer, error: type[Exception]) -> None:
    begun = begin(CLIENT, PROVIDER)
    http, _ = stand_in(token=answer, keys=KEYS)
    with pytest.raises(error) as caught:
        finish(http, begun)
    assert "s3cret" not in str(caught.value)


def test_a_provider_that_cannot_be_reached_may_be_asked_again() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    begun = begin(CLIENT, PROVIDER)
    http, _ = stand_in(token=broken)
    with pytest.raises(SourceError) as caught:
        finish(http, begun)
    assert caught.value.retryable


def described(**change: Any) -> httpx.Client:
    said = {
        "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t",
        "jwks_uri": f"{ISSUER}/k", "token_endpoint_auth_methods_supported": ["client_secret_post"],
        **change,
    }  # fmt: skip
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=said))
    return httpx.Client(transport=transport)


def test_a_provider_is_described() -> None:
    with described() as http:
        got = discover(http, ISSUER)
    assert got == Provider(ISSUER, f"{ISSUER}/a", f"{ISSUER}/t", f"{ISSUER}/k", "", True)


@pytest.mark.parametrize(
    "change",
    [{"issuer": "https://evil.example"}, {"issuer": ISSUER + "/"}, {"issuer": None},
     {"token_endpoint": "http://id.example.org/t"}, {"jwks_uri": "file:///etc/passwd"},
     {"jwks_uri": None}, {"authorization_endpoint": "javascript:alert(1)"},
     {"userinfo_endpoint": "http://169.254.169.254/"}, {"token_endpoint": "https://["}],
    ids=str,
)  # fmt: skip
def test_a_provider_that_describes_itself_wrongly_is_refused(change: dict[str, Any]) -> None:
    with described(**change) as http, pytest.raises(UserError):
        discover(http, ISSUER)


@pytest.mark.parametrize(
    "issuer", ["", "id.example.org", "http://id.example.org", "https://", "ftp://x"]
)
def test_an_issuer_that_is_no_https_address_is_refused(issuer: str) -> None:
    with described() as http, pytest.raises(UserError, match="no address"):
        discover(http, issuer)
