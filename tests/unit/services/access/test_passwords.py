"""Passwords are checked in constant work, renewed when they should be, and refused when weak."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import UserError
from vigie.services.access.passwords import Passwords, first_password, require_good, strength

GOOD = "marmot umbrella eleven quarry"
FAST = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
OWN = ("Élise Martin", "elise.martin@example.org", "Boulangerie Dupont")


def test_the_right_password_holds_and_no_other() -> None:
    stored = FAST.hash(GOOD)
    assert FAST.check(stored, GOOD).holds
    assert FAST.check(stored, GOOD).renewed == ""
    assert not FAST.check(stored, GOOD + " ").holds
    assert GOOD not in stored


def test_one_password_has_many_hashes() -> None:
    assert FAST.hash(GOOD) != FAST.hash(GOOD)


def test_what_is_stored_by_default_is_argon2id_as_rfc_9106_says() -> None:
    got = extract_parameters(Passwords().hash(GOOD))
    assert got == RFC_9106_LOW_MEMORY
    assert (got.memory_cost, got.time_cost) == (64 * 1024, 3)


def test_weaker_hashes_are_renewed_once_the_password_is_known() -> None:
    weak = FAST.hash(GOOD)
    now = Passwords(PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    got = now.check(weak, GOOD)
    assert got.holds
    assert extract_parameters(got.renewed).time_cost == 2
    assert now.check(got.renewed, GOOD).renewed == ""
    assert now.check(weak, "something else entirely").renewed == ""


def test_a_person_who_is_unknown_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords = Passwords(hasher)
    tried = []

    def verify(self: PasswordHasher, stored: str, password: str) -> bool:
        tried.append(stored)
        return True

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    assert not passwords.check("", GOOD).holds
    assert extract_parameters(tried[0]) == extract_parameters(hasher.hash("x"))


@pytest.mark.parametrize("stored", ["x", "$argon2id$v=19$m=8,t=1,p=1$", "$2b$12$abcdefghijklmnop"])
def test_a_stored_hash_that_is_none_lets_nobody_in(stored: str) -> None:
    assert not FAST.check(stored, GOOD).holds


@pytest.mark.parametrize("odd", ["x" * 1025, "é" * 600, "\ud800" * 20, "ﷺ" * 300])
def test_what_is_too_long_or_no_text_is_refused_and_never_holds(odd: str) -> None:
    assert not FAST.check(FAST.hash(GOOD), odd).holds
    with pytest.raises(UserError):
        FAST.hash(odd)
    with pytest.raises(UserError):
        require_good(odd)


def test_1024_bytes_are_not_too_long() -> None:
    longest = (GOOD * 50)[:1024]
    assert FAST.check(FAST.hash(longest), longest).holds


def test_what_looks_the_same_is_the_same() -> None:
    stored = FAST.hash("café marmot umbrella")
    assert FAST.check(stored, "cafe\u0301 marmot umbrella").holds


def test_only_so_many_are_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(PasswordHasher(1, 64, 1), at_once=2)
    inside, most, lock = 0, 0, threading.Lock()
    two = threading.Barrier(2)

    def verify(self: PasswordHasher, stored: str, password: str) -> bool:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        two.wait(20)
        with lock:
            inside -= 1
        return False

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    threads = [threading.Thread(target=passwords.check, args=("", GOOD)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 2


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short words", "too short"),
        ("", "too short"),
        ("passwordpassword", "tried first"),
        ("123456789012", "tried first"),
        ("qwertyuiopasdf", "tried first"),
        ("aaaaaaaaaaaaaaaaaaaa", "tried first"),
        ("!!princess2024", "tried first"),
        ("Password1234!", "tried first"),
        ("elisemartin1984", "made of"),
        ("Élise-Martin-84", "made of"),
        ("elise.martin@example.org", "made of"),
        ("vigie-vigie-vigie", "made of"),
        ("boulangerieD1", "made of"),
    ],
)
def test_what_is_tried_first_is_refused(password: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        require_good(password, OWN)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "elise likes purple bicycles",
        "all small letters without digits",
        "密码 marmotte 岩石 x",
    ],
)
def test_a_good_one_needs_no_special_characters(password: str) -> None:
    require_good(password, OWN)


def test_the_minimum_counts_characters_and_can_be_raised() -> None:
    require_good("x7kq9zw2pmvd")
    with pytest.raises(UserError, match="at least 16"):
        require_good("x7kq9zw2pmvd", minimum=16)


def test_strength_knows_the_persons_own_words_and_forgets_them() -> None:
    rare = "zwqxkvj"
    before = strength(rare)
    assert strength(rare, [rare]) < before
    assert strength(rare) == before
    assert strength(GOOD) == 4


def test_the_first_password_is_good_readable_and_new_each_time() -> None:
    many = {first_password() for _ in range(50)}
    assert len(many) == 50
    for each in many:
        require_good(each)
        letters = each.replace("-", "")
        assert len(letters) * 5 >= 100
        assert not set(letters) & set("ilou")


@given(st.text(max_size=1100))
def test_any_text_is_taken_or_refused_in_words(password: str) -> None:
    try:
        require_good(password, OWN)
    except UserError as error:
        assert password not in str(error) or len(password) < 3
