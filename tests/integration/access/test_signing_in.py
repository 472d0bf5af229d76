"""People sign in with a password and a second factor, and whoever guesses does not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from tests.access_made import PASSWORD, TOTP, Door, headers, opened_door
from tests.store_fixtures import Store

from vigie.model.access import Role
from vigie.services.access import second_factor
from vigie.stores.relational import access
from vigie.stores.relational.ids import PLATFORM
from vigie.stores.relational.scopes import SYSTEM

SIGN_IN, SECOND = "/api/v1/auth/sign-in", "/api/v1/auth/second-factor"


def test_a_password_lets_in_until_somebody_signs_out(door: Door) -> None:
    tokens = door.session(door.person(Role.OWNER))
    assert tokens["refresh_token"].startswith("vigier_")
    shown = headers(tokens["access_token"])
    assert door.client.get("/api/v1/policies", headers=shown).status_code == 200
    assert door.client.post("/api/v1/auth/sign-out", headers=shown).status_code == 204
    refused = door.client.get("/api/v1/policies", headers=shown)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    again = door.client.post(
        "/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}
    )
    assert again.status_code == 401
    assert door.actions() == ["session.begin", "session.end"]


def test_nobody_learns_whether_an_account_exists(door: Door) -> None:
    ada = door.email_of(door.person(Role.OWNER))
    gone = door.email_of(door.person(Role.OWNER, disabled_at=door.clock.now))
    single = door.email_of(door.person(Role.OWNER, password_hash=""))
    answers = [
        door.client.post(SIGN_IN, json={"email": email, "password": password})
        for email, password in (
            (ada, "wrong"), ("nobody@example.org", "wrong"), (gone, PASSWORD), (gone, "wrong"),
            (single, ""), ("", ""), (ada, "x" * 1024),
        )
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {401}
    said = {(a.json()["detail"], a.json()["hint"], a.json()["title"]) for a in answers}
    assert len(said) == 1


def test_an_unknown_name_takes_the_same_work(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the time is the one check of a hash; counted, because clocks prove nothing."""
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str | bytes, password: str | bytes) -> bool:
        checked.append(str(stored).split("$")[1])
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    ada = door.email_of(door.person(Role.OWNER))
    for email in (ada, "nobody@example.org"):
        door.client.post(SIGN_IN, json={"email": email, "password": "wrong"})
    assert checked == ["argon2id", "argon2id"]


def test_whoever_guesses_waits_longer_and_longer(door: Door) -> None:
    ada = door.person(Role.OWNER)
    known = door.email_of(ada)
    for email in (known, "nobody@example.org"):
        statuses = [
            door.client.post(SIGN_IN, json={"email": email, "password": "wrong"}).status_code
            for _ in range(7)
        ]
        assert statuses == [401] * 5 + [429] * 2, email
    waiting = door.sign_in(ada)
    assert waiting.status_code == 429, "not even the right password is looked at"
    assert int(waiting.headers["retry-after"]) >= 1
    door.clock.move(seconds=3)
    assert door.sign_in(ada, "wrong").status_code == 401
    door.clock.move(seconds=3)
    assert door.sign_in(ada).status_code == 429, "the wait has doubled"
    door.clock.move(seconds=3)
    assert door.sign_in(ada).status_code == 200
    assert door.sign_in(ada, "wrong").status_code == 401, "counted anew"
    refused = [row for row in door.audit(PLATFORM) if row.outcome == "refused"]
    assert refused, "tries at nobody stand in the platform's log"
    assert all("nobody" not in str(row.detail) for row in refused)
    mine = [row for row in door.audit() if row.outcome == "refused"]
    assert {row.actor_id for row in mine} == {ada}


def test_guesses_at_once_are_counted_one_by_one(door: Door) -> None:
    email = door.email_of(door.person(Role.OWNER))
    body = {"email": email, "password": "wrong"}
    with ThreadPoolExecutor(30) as pool:
        got = list(pool.map(lambda _: door.client.post(SIGN_IN, json=body).status_code, range(30)))
    assert got.count(401) == 5
    assert got.count(429) == 25


def test_many_names_from_one_address_wait_too(door: Door) -> None:
    statuses = [
        door.client.post(SIGN_IN, json={"email": f"a{n}@example.org", "password": "x"}).status_code
        for n in range(23)
    ]
    assert statuses == [401] * 21 + [429] * 2


def test_the_browser_that_signed_in_before_does_not_wait_for_a_guesser(door: Door) -> None:
    ada = door.person(Role.OWNER)
    assert door.sign_in(ada, cookies=True).status_code == 200
    mine = door.client.cookies["vigie-development-device"]
    door.client.cookies.clear()
    for _ in range(8):
        door.sign_in(ada, "wrong")
    assert door.sign_in(ada).status_code == 429
    door.client.cookies.set("vigie-development-device", mine)
    assert door.sign_in(ada).status_code == 200
    other = door.person(Role.OWNER)
    for _ in range(8):
        door.sign_in(other, "wrong")
    assert door.sign_in(other).status_code == 429, "somebody else's cookie helps nobody"


def test_a_code_is_asked_for_and_works_once(door: Door) -> None:
    ada = door.with_totp()
    asked = door.sign_in(ada).json()
    assert asked["access_token"] == "" and asked["refresh_token"] == ""
    challenge = asked["second_factor"]["challenge"]
    code = door.code()
    done = door.client.post(SECOND, json={"challenge": challenge, "code": code})
    assert done.status_code == 200, done.text
    me = door.client.get("/api/v1/me", headers=headers(done.json()["access_token"])).json()
    assert me["methods"] == ["pwd", "otp", "mfa"]
    same = door.client.post(SECOND, json={"challenge": challenge, "code": code})
    assert same.status_code == 401, "the challenge is spent"
    again = door.sign_in(ada).json()["second_factor"]["challenge"]
    replayed = door.client.post(SECOND, json={"challenge": again, "code": code})
    assert replayed.status_code == 401, "so is the code"
    door.clock.move(seconds=30)
    fresh = door.client.post(SECOND, json={"challenge": again, "code": door.code()})
    assert fresh.status_code == 200


def test_codes_are_not_guessed(door: Door) -> None:
    ada = door.with_totp()
    challenge = door.sign_in(ada).json()["second_factor"]["challenge"]
    wrong = "000000" if door.code() != "000000" else "000001"
    for _ in range(5):
        got = door.client.post(SECOND, json={"challenge": challenge, "code": wrong})
        assert got.status_code in (401, 429)
    last = door.client.post(SECOND, json={"challenge": challenge, "code": door.code()})
    assert last.status_code in (401, 429), "five wrong codes end it"
    assert "sign-in refused" in door.actions()


def test_a_challenge_ends_with_its_time(door: Door) -> None:
    challenge = door.sign_in(door.with_totp()).json()["second_factor"]["challenge"]
    door.clock.move(seconds=301)
    got = door.client.post(SECOND, json={"challenge": challenge, "code": door.code()})
    assert got.status_code == 401


@pytest.mark.parametrize("word", ["", "x", "a.b", "019aa5d0-0000-7000-8000-000000000001.00"])
def test_a_made_up_challenge_is_refused(door: Door, word: str) -> None:
    got = door.client.post(SECOND, json={"challenge": word, "code": "123456"})
    assert got.status_code == 401


def test_a_recovery_code_works_once(door: Door) -> None:
    codes = second_factor.new_recovery_codes()
    hashes = [second_factor.recovery_hash(code) for code in codes]
    ada = door.with_totp(recovery_codes=hashes)
    for status in (200, 401):
        challenge = door.sign_in(ada).json()["second_factor"]["challenge"]
        body = {"challenge": challenge, "code": codes[3].upper()}
        assert door.client.post(SECOND, json=body).status_code == status


def test_the_second_factor_is_switched_on_and_off(door: Door) -> None:
    ada = door.person(Role.ANALYST)
    other = door.session(ada)["access_token"]
    wrong = door.ask("POST", "/me/second-factor", ada, json={"password": "wrong"})
    assert wrong.status_code == 422
    offer = door.ask("POST", "/me/second-factor", ada, json={"password": PASSWORD}).json()
    assert offer["uri"].startswith("otpauth://totp/") and "<svg" in offer["svg"]
    assert door.sign_in(ada).json()["second_factor"] is None, "nothing is on before a code"
    code = pyotp.TOTP(offer["secret"]).at(door.clock.now)
    confirm = {"challenge": offer["challenge"], "code": code}
    on = door.ask("POST", "/me/second-factor/confirm", ada, json=confirm)
    assert len(on.json()["recovery_codes"]) == 10
    assert door.client.get("/api/v1/me", headers=headers(other)).status_code == 401
    me = door.ask("GET", "/me", ada).json()
    assert me["second_factor"] and "otp" in me["methods"] and me["recovery_codes_left"] == 10
    assert door.sign_in(ada).json()["second_factor"] is not None
    refused = door.ask("POST", "/me/second-factor/off", ada, json={"code": code})
    assert refused.status_code == 422, "the code was used"
    recovery = on.json()["recovery_codes"][0]
    assert door.ask("POST", "/me/second-factor/off", ada, json={"code": recovery}).is_success
    assert door.sign_in(ada).json()["second_factor"] is None


def test_the_secret_of_a_second_factor_lies_sealed(door: Door) -> None:
    ada = door.with_totp()
    with door.store.database.read(SYSTEM) as work:
        row = access.person(work, ada)
    assert row is not None and row["totp_secret"] and TOTP not in str(dict(row))


def test_a_new_password_ends_every_other_session(door: Door) -> None:
    ada = door.person(Role.VIEWER)
    other = door.session(ada)["access_token"]
    new = "four bitter almonds in a drawer"
    for body, status in (
        ({"old": "wrong", "new": new}, 422), ({"old": PASSWORD, "new": "password1234"}, 422),
        ({"old": PASSWORD, "new": "short"}, 422), ({"old": PASSWORD, "new": PASSWORD}, 422),
        ({"old": PASSWORD, "new": new}, 204),
    ):  # fmt: skip
        assert door.ask("POST", "/me/password", ada, json=body).status_code == status, body
    assert door.client.get("/api/v1/me", headers=headers(other)).status_code == 401
    assert door.ask("GET", "/me", ada).status_code == 200
    assert door.sign_in(ada).status_code == 401
    assert door.sign_in(ada, new).status_code == 200
    assert "user.change-password" in door.actions()


def test_a_weak_hash_is_made_anew_at_sign_in(store: Store, tmp_path: Path) -> None:
    with opened_door(store, tmp_path, cheap=False) as door:
        ada = door.person(Role.VIEWER)
        door.session(ada)
        with store.database.read(SYSTEM) as work:
            row = access.person(work, ada)
        assert row is not None and "m=65536" in row["password_hash"]
        assert door.sign_in(ada).status_code == 200
        bea = door.with_totp(Role.VIEWER)  # between the password and the code
        waiting = door.sign_in(bea).json()["second_factor"]["challenge"]
        body = {"challenge": waiting, "code": door.code()}
        assert door.client.post("/api/v1/auth/second-factor", json=body).status_code == 200
