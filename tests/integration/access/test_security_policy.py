"""Each clause of security.yaml, seen from outside: what it says is what happens."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pyotp
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from tests.access_made import PASSWORD, Door, headers, opened_door
from tests.platforms import platform
from tests.servers import listening
from tests.store_fixtures import Store

from vigie.faces.server.authentication import authenticate
from vigie.faces.server.start import serving_of
from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.services.access.security_policy import (
    SecurityPolicy,
    every_clause,
    load_security_policy,
)
from vigie.services.platform import now
from vigie.wiring.enforcement import check_policy, enforced
from vigie.wiring.platform import build_platform
from vigie.wiring.platform_settings import platform_settings

SIGN_IN, REFRESH = "/api/v1/auth/sign-in", "/api/v1/auth/refresh"


@contextmanager
def under(store: Store, folder: Path, clauses: dict[str, Any]) -> Iterator[Door]:
    """The door of a platform whose security.yaml says this."""
    with opened_door(store, folder, policy=policy_of(folder, clauses)) as door:
        yield door


def policy_of(folder: Path, clauses: dict[str, Any]) -> SecurityPolicy:
    folder.mkdir(exist_ok=True)
    file = folder / "security.yaml"
    sections: dict[str, dict[str, Any]] = {}
    for name, value in clauses.items():
        section, _, key = name.partition(".")
        sections.setdefault(section, {})[key] = value
    file.write_text(yaml.safe_dump(sections), encoding="utf-8")
    return load_security_policy(file)


def wrong(door: Door, email: str) -> Any:
    return door.client.post(SIGN_IN, json={"email": email, "password": "wrong"})


def statuses(door: Door, count: int, email: str = "{}@example.org") -> list[int]:
    return [wrong(door, email.format(number)).status_code for number in range(count)]


def free_tries_of_an_account(store: Store, folder: Path) -> None:
    with under(store, folder, {"lockout.free": 1}) as door:
        assert statuses(door, 4, "ada@example.org") == [401, 401, 429, 429]


def free_tries_of_an_address(store: Store, folder: Path) -> None:
    with under(store, folder, {"lockout.address_free": 2}) as door:
        assert statuses(door, 5) == [401, 401, 401, 429, 429]


def the_first_wait(store: Store, folder: Path) -> None:
    with under(store, folder, {"lockout.free": 1, "lockout.first_seconds": 100}) as door:
        statuses(door, 2, "ada@example.org")
        assert wrong(door, "ada@example.org").headers["retry-after"] == "100"


def the_longest_wait(store: Store, folder: Path) -> None:
    clauses = {"lockout.free": 1, "lockout.first_seconds": 1000, "lockout.longest_minutes": 2}
    with under(store, folder, clauses) as door:
        statuses(door, 2, "ada@example.org")
        assert wrong(door, "ada@example.org").headers["retry-after"] == "120"


def how_soon_an_account_is_forgiven(store: Store, folder: Path) -> None:
    clauses = {"lockout.free": 1, "lockout.halves_minutes": 1, "lockout.longest_minutes": 1}
    with under(store, folder, clauses) as door:
        statuses(door, 2, "ada@example.org")
        door.clock.move(minutes=20)
        assert statuses(door, 3, "ada@example.org") == [401, 401, 429]


def how_soon_an_address_is_forgiven(store: Store, folder: Path) -> None:
    clauses = {"lockout.address_free": 1, "lockout.address_halves_minutes": 1}
    with under(store, folder, clauses) as door:
        statuses(door, 2)
        door.clock.move(minutes=20)
        assert statuses(door, 3) == [401, 401, 429]


def who_needs_a_second_factor(store: Store, folder: Path) -> None:
    with under(store, folder, {"second_factor.required_for": ["owner"]}) as door:
        viewer, owner = door.person(Role.VIEWER), door.person(Role.OWNER)
        assert door.ask("GET", "/policies", viewer).status_code == 200
        assert door.ask("GET", "/policies", owner).status_code == 403
        me = door.ask("GET", "/me", owner).json()
        assert me["must"] == ["set-up-second-factor"]
        assert me["permissions"] == ["me:read", "me:write"]
        offer = door.ask("POST", "/me/second-factor", owner, json={"password": PASSWORD}).json()
        code = pyotp.TOTP(offer["secret"]).at(door.clock.now)
        body = {"challenge": offer["challenge"], "code": code}
        assert door.ask("POST", "/me/second-factor/confirm", owner, json=body).status_code == 200
        assert door.ask("GET", "/policies", owner).status_code == 200


def how_long_a_password_is(store: Store, folder: Path) -> None:
    with under(store, folder, {"password.minimum_length": 30}) as door:
        ada = door.person(Role.VIEWER)
        for new, status in (("four grey herons again", 422),
                            ("four grey herons again over the weir", 204)):  # fmt: skip
            body = {"old": PASSWORD, "new": new}
            assert door.ask("POST", "/me/password", ada, json=body).status_code == status


def how_long_an_access_token_lives(store: Store, folder: Path) -> None:
    with under(store, folder, {"sessions.access_minutes": 2}) as door:
        tokens: Any = door.session(door.person())
        assert tokens["expires_in"] == 120
        shown = headers(tokens["access_token"])
        door.clock.move(seconds=149)
        assert door.client.get("/api/v1/me", headers=shown).status_code == 200
        door.clock.move(seconds=2)
        assert door.client.get("/api/v1/me", headers=shown).status_code == 401


def how_long_an_unused_session_lives(store: Store, folder: Path) -> None:
    with under(store, folder, {"sessions.idle_hours": 1}) as door:
        for minutes, status in ((59, 200), (61, 401)):
            body = {"refresh_token": door.session(door.person())["refresh_token"]}
            door.clock.move(minutes=minutes)
            assert door.client.post(REFRESH, json=body).status_code == status


def how_long_a_session_lives_in_any_case(store: Store, folder: Path) -> None:
    clauses = {"sessions.idle_hours": 1, "sessions.absolute_hours": 2}
    with under(store, folder, clauses) as door:
        token = door.session(door.person())["refresh_token"]
        seen = []
        for _ in range(3):
            door.clock.move(minutes=45)
            got = door.client.post(REFRESH, json={"refresh_token": token})
            seen.append(got.status_code)
            token = got.json().get("refresh_token", "") or token
        assert seen == [200, 200, 401]


def where_people_come_from(store: Store, folder: Path) -> None:
    with opened_door(store, folder) as door:
        tokens = door.session(door.person())
        made = door.ask("POST", "/api-keys", door.person(), json={"name": "k", "scopes": ["read"]})
        key, email = made.json()["key"], door.email_of(door.person())
    elsewhere = policy_of(folder, {"networks.allowed": ["192.0.2.0/24"]})
    here = policy_of(folder, {"networks.allowed": ["192.0.2.0/24", "127.0.0.0/8"]})
    for policy, status in ((elsewhere, 403), (here, 200)):
        with serving(store, folder, policy) as client:
            body = {"email": email, "password": PASSWORD}
            assert client.post(SIGN_IN, json=body).status_code == status
            refresh = {"refresh_token": tokens["refresh_token"]}
            assert client.post(REFRESH, json=refresh).status_code == status
            for shown in (tokens["access_token"], key):
                assert client.get("/api/v1/me", headers=headers(shown)).status_code == status


@contextmanager
def serving(store: Store, folder: Path, policy: SecurityPolicy) -> Iterator[Any]:
    place = platform(store.database, folder, policy=policy, clock=now)
    with listening(place, authenticate) as address, httpx.Client(base_url=address) as client:
        yield client


def what_may_be_called_inside(store: Store, folder: Path) -> None:
    for clauses, fine in (({}, False), ({"outbound.allowed": ["127.0.0.1:9"]}, True)):
        policy_of(folder, clauses)
        typed = {"data": str(folder / "data"), "security_policy": str(folder / "security.yaml")}
        built = build_platform(platform_settings({}, **typed), {})
        try:
            if fine:
                built.outbound.allows("127.0.0.1", 9)
            else:
                with pytest.raises(UserError):
                    built.outbound.allows("127.0.0.1", 9)
        finally:
            built.database.close()


def which_tls_is_spoken(store: Store, folder: Path) -> None:
    certificate(folder)
    for said, spoken in (("1.3", False), ("1.2", True)):
        place = platform(store.database, folder, policy=policy_of(folder, {"tls.minimum": said}))
        typed = {
            "data": str(folder / "data"), "tls_certificate": str(folder / "tls.pem"),
            "tls_key": str(folder / "tls.key"),
        }  # fmt: skip
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = serving_of(place, platform_settings({}, **typed), listener)
            server.start()
            try:
                assert speaks(listener.getsockname(), ssl.TLSVersion.TLSv1_3)
                assert speaks(listener.getsockname(), ssl.TLSVersion.TLSv1_2) is spoken
            finally:
                server.stop()


def speaks(where: tuple[str, int], newest: ssl.TLSVersion) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = newest
    try:
        with socket.create_connection(where, 10) as plain, context.wrap_socket(plain):
            return True
    except ssl.SSLError:
        return False


def certificate(folder: Path) -> None:
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).sign(key, SHA256())
    )  # fmt: skip
    (folder / "tls.pem").write_bytes(made.public_bytes(Encoding.PEM))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tls.key").write_bytes(plain)


CLAUSES: dict[str, Callable[[Store, Path], None]] = {
    "lockout.free": free_tries_of_an_account,
    "lockout.address_free": free_tries_of_an_address,
    "lockout.first_seconds": the_first_wait,
    "lockout.longest_minutes": the_longest_wait,
    "lockout.halves_minutes": how_soon_an_account_is_forgiven,
    "lockout.address_halves_minutes": how_soon_an_address_is_forgiven,
    "second_factor.required_for": who_needs_a_second_factor,
    "password.minimum_length": how_long_a_password_is,
    "sessions.access_minutes": how_long_an_access_token_lives,
    "sessions.idle_hours": how_long_an_unused_session_lives,
    "sessions.absolute_hours": how_long_a_session_lives_in_any_case,
    "networks.allowed": where_people_come_from,
    "outbound.allowed": what_may_be_called_inside,
    "tls.minimum": which_tls_is_spoken,
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_what_the_clause_says_is_what_happens(clause: str, store: Store, tmp_path: Path) -> None:
    CLAUSES[clause](store, tmp_path)


def test_every_clause_is_tried() -> None:
    """Those of retention have tests of their own (tests/unit/services/retention)."""
    others = {clause for clause in every_clause() if not clause.startswith("retention.")}
    assert set(CLAUSES) == others
    assert others <= enforced()


def test_a_clause_that_nobody_enforces_is_an_error_at_start(tmp_path: Path) -> None:
    left = every_clause() - enforced()
    assert left == {"retention.audit"}
    check_policy(SecurityPolicy())
    with pytest.raises(UserError, match=r"retention\.audit"):
        check_policy(policy_of(tmp_path, {"retention.audit": 365}))


def test_defaults_are_what_the_file_may_say() -> None:
    said = msgspec.to_builtins(SecurityPolicy())
    assert msgspec.convert(said, SecurityPolicy) == SecurityPolicy()
