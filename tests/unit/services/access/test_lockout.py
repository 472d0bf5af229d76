"""Guessing gets slower and slower; nobody is locked out for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.services.access.lockout import (
    ACCOUNT_RULE,
    ADDRESS_RULE,
    Failures,
    Rule,
    Watched,
    account_key,
    address_key,
    failed,
    is_forgotten,
    known_device,
    longest_wait,
    new_device,
    succeeded,
    wait,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
RULE = Rule(free=3, first=2.0, longest=60.0, halves=3600.0)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def guess_as_fast_as_possible(rule: Rule, seconds: float) -> tuple[int, Failures]:
    record, now, tries = Failures(), START, 0
    while now < after(seconds):
        record = failed(record, now, rule)
        tries += 1
        now += timedelta(seconds=max(wait(record, now), 0.2))
    return tries, record


def test_a_few_tries_are_free_and_then_the_wait_doubles() -> None:
    record, now, waits = Failures(), START, []
    for _ in range(9):
        record = failed(record, now, RULE)
        waits.append(round(wait(record, now)))
        now += timedelta(seconds=wait(record, now))
    assert waits[:3] == [0, 0, 0]
    assert waits[3:7] == [2, 4, 8, 16]
    assert max(waits) <= 60


def test_somebody_who_never_stops_has_some_hundred_guesses_a_day() -> None:
    tries, _ = guess_as_fast_as_possible(ACCOUNT_RULE, 86_400)
    assert 50 < tries < 150
    many, _ = guess_as_fast_as_possible(ADDRESS_RULE, 86_400)
    assert many < 1500


def test_after_a_year_of_attack_the_owner_waits_no_longer_than_the_cap() -> None:
    _, record = guess_as_fast_as_possible(ACCOUNT_RULE, 366 * 86_400)
    assert record.last is not None
    assert wait(record, record.last) <= ACCOUNT_RULE.longest
    assert wait(record, record.last + timedelta(seconds=ACCOUNT_RULE.longest)) == 0.0


def test_tries_while_waiting_do_not_make_it_longer() -> None:
    record = Failures()
    for _ in range(5):
        record = failed(record, record.until or START, RULE)
    assert record.until is not None
    middle = record.until - timedelta(seconds=1)
    assert failed(record, middle, RULE) == record


def test_peace_heals() -> None:
    record = Failures()
    for second in range(3):
        record = failed(record, after(second), RULE)
    assert not is_forgotten(record, after(10), RULE)
    assert is_forgotten(record, after(4 * 3600), RULE)
    assert wait(failed(record, after(4 * 3600), RULE), after(4 * 3600)) == 0.0


def test_the_right_password_clears_the_account_and_hardly_the_address() -> None:
    record = Failures(25.0, START)
    assert succeeded(record, Watched.ACCOUNT, after(1), ACCOUNT_RULE) == Failures()
    address = succeeded(record, Watched.ADDRESS, after(1), ADDRESS_RULE)
    assert 23.9 < address.count < 24.1


def test_an_own_account_does_not_wash_the_address_clean() -> None:
    """One failure at another's account, one success at one's own, and again: it gains little."""
    record, now, waited = Failures(20.0, START), START, 0.0
    for _ in range(40):
        for _ in range(2):
            record = failed(record, now, ADDRESS_RULE)
            waited += wait(record, now)
            now += timedelta(seconds=wait(record, now))
        record = succeeded(record, Watched.ADDRESS, now, ADDRESS_RULE)
    assert waited > 1000


def test_a_clock_that_was_set_back_does_not_lock_for_longer() -> None:
    record = Failures()
    for _ in range(6):
        record = failed(record, record.until or START, RULE)
    assert wait(record, START - timedelta(days=365)) <= RULE.longest


@given(
    st.lists(st.tuples(st.booleans(), st.floats(-1e5, 1e6)), max_size=60),
    st.sampled_from([RULE, ACCOUNT_RULE, ADDRESS_RULE]),
)
def test_no_history_makes_anybody_wait_longer_than_the_cap(
    steps: list[tuple[bool, float]], rule: Rule
) -> None:
    record, now = Failures(), START
    for right, seconds in steps:
        now += timedelta(seconds=seconds)
        if right and wait(record, now) == 0.0:
            record = succeeded(record, Watched.ADDRESS, now, rule)
        else:
            record = failed(record, now, rule)
        assert 0.0 <= wait(record, now) <= rule.longest
        assert 0.0 <= record.count <= 64.0


def test_the_longest_of_several_counts() -> None:
    long = Failures(9.0, START, after(30))
    assert longest_wait([Failures(), long], START) == 30.0
    assert longest_wait([], START) == 0.0


def test_a_browser_that_signed_in_is_counted_apart() -> None:
    key = b"k" * 32
    cookie = new_device(key, "Ann@example.org")
    device = known_device(key, "ann@example.org ", cookie)
    assert device
    assert account_key("ann@example.org", device) != account_key("ann@example.org")
    assert account_key("ann@example.org") == account_key(" ANN@example.org")


@pytest.mark.parametrize("cookie", ["", ".", "x", "a.b", "\ud800.\ud800", "x" * 9999])
def test_a_device_cookie_that_was_not_given_here_counts_for_nothing(cookie: str) -> None:
    assert known_device(b"k" * 32, "ann", cookie) == ""


def test_a_device_cookie_is_of_one_account_and_one_server() -> None:
    cookie = new_device(b"k" * 32, "ann")
    assert known_device(b"k" * 32, "bob", cookie) == ""
    assert known_device(b"j" * 32, "ann", cookie) == ""


def test_keys_do_not_show_what_was_typed() -> None:
    assert "hunter2" not in account_key("hunter2")


def test_addresses_are_counted_by_who_can_change_them() -> None:
    assert address_key("192.0.2.7") != address_key("192.0.2.8")
    assert address_key("::ffff:192.0.2.7") == address_key("192.0.2.7")
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:1")
    assert address_key("2001:db8::1") != address_key("2001:db8:0:1::1")
    assert address_key("fe80::1%eth0") == address_key("fe80::2")
    assert address_key("<script>") == "address:unknown"
