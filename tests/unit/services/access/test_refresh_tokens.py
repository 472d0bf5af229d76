"""Honest clients are never logged out by refreshing at once; a second holder always ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.access import NotSignedIn
from vigie.services.access.refresh_tokens import (
    Decision,
    Family,
    Limits,
    Outcome,
    decide,
    has_ended,
    read_refresh_token,
    start,
)

KEY = b"k" * 32
TENANT = UUID("0190a8f2-7c1e-7000-8000-00000000000a")
SESSION = UUID("0190a8f2-7c1e-7000-8000-0000000000b7")
START = datetime(2026, 5, 1, tzinfo=UTC)
LIMITS = Limits()
NEXT = 900.0  # seconds between two refreshes of a client: the life of an access token


class Server:
    """A store of one family and a clock; what is issued is remembered by generation."""

    def __init__(self) -> None:
        first = start(KEY, TENANT, SESSION, START, LIMITS)
        self.family: Family = first.family
        self.first = first.token
        self.now = START
        self.issued = {0: {first.token}}

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def show(self, token: str) -> Decision:
        got = decide(KEY, read_refresh_token(KEY, token), self.family, self.now, LIMITS)
        self.family = got.family
        if got.token:
            self.issued.setdefault(got.family.generation, set()).add(got.token)
        return got

    def refresh(self, token: str) -> str:
        """What an honest client holds afterwards."""
        got = self.show(token)
        assert got.outcome.lets_in, got.outcome
        return got.token or token


def test_a_token_is_replaced_when_it_is_used() -> None:
    server = Server()
    server.later(NEXT)
    got = server.show(server.first)
    assert got.outcome is Outcome.ROTATED
    assert got.token != server.first
    server.later(NEXT)
    assert server.show(got.token).outcome is Outcome.ROTATED


def test_fifty_at_once_all_get_the_one_successor() -> None:
    server = Server()
    server.later(NEXT)
    got = [server.show(server.first) for _ in range(50)]
    assert [each.outcome for each in got] == [Outcome.ROTATED] + [Outcome.REPEATED] * 49
    assert len({each.token for each in got}) == 1
    assert server.family.generation == 1
    server.later(NEXT)
    assert server.show(got[-1].token).outcome is Outcome.ROTATED


def test_two_servers_that_decide_from_the_same_row_hand_out_the_same_token() -> None:
    """The loser of a race for the row has told nobody anything wrong."""
    first = start(KEY, TENANT, SESSION, START, LIMITS)
    shown = read_refresh_token(KEY, first.token)
    at = START + timedelta(seconds=NEXT)
    one = decide(KEY, shown, first.family, at, LIMITS)
    two = decide(KEY, shown, first.family, at + timedelta(seconds=3), LIMITS)
    assert one.token == two.token
    assert decide(KEY, shown, one.family, at + timedelta(seconds=3), LIMITS).token == one.token


def test_a_young_token_is_kept() -> None:
    server = Server()
    server.later(59)
    got = server.show(server.first)
    assert (got.outcome, got.token) == (Outcome.KEPT, "")
    assert got.family.generation == 0


def test_a_parent_after_its_grace_ends_the_family() -> None:
    server = Server()
    server.later(NEXT)
    new = server.show(server.first).token
    server.later(30.5)
    assert server.show(server.first).outcome is Outcome.REPLAYED
    assert server.show(new).outcome is Outcome.ENDED
    assert server.family.ended == "replayed"


def test_a_grandparent_ends_the_family_however_soon() -> None:
    server = Server()
    server.later(NEXT)
    second = server.show(server.first).token
    server.later(60)
    third = server.show(second).token
    assert server.show(server.first).outcome is Outcome.REPLAYED
    assert server.show(third).outcome is Outcome.ENDED


def test_whoever_comes_second_with_a_stolen_token_is_caught() -> None:
    for thief_first in (True, False):
        server = Server()
        server.later(NEXT)
        stolen = server.refresh(server.first)
        server.later(NEXT)
        assert server.show(stolen).outcome is Outcome.ROTATED, thief_first
        server.later(31)
        assert server.show(stolen).outcome is Outcome.REPLAYED
        assert has_ended(server.family, server.now)


def test_a_session_ends_without_use_and_in_any_case() -> None:
    idle = Server()
    idle.later(7 * 86_400)
    assert idle.show(idle.first).outcome is Outcome.ENDED
    busy = Server()
    token = busy.first
    for _ in range(29):
        busy.later(86_400)
        token = busy.refresh(token)
    busy.later(86_400 - 1)
    token = busy.refresh(token)
    busy.later(1)
    assert busy.show(token).outcome is Outcome.ENDED


def test_a_revoked_family_stays_ended() -> None:
    server = Server()
    server.family = replace(server.family, ended="signed out")
    server.later(NEXT)
    got = server.show(server.first)
    assert got.outcome is Outcome.ENDED
    assert got.family.ended == "signed out"


def test_another_family_or_tenant_is_never_touched() -> None:
    server = Server()
    shown = read_refresh_token(KEY, server.first)
    for other in (replace(server.family, id=TENANT), replace(server.family, tenant=SESSION)):
        got = decide(KEY, shown, other, START + timedelta(seconds=NEXT), LIMITS)
        assert got == Decision(Outcome.ENDED, other)


def test_a_database_that_was_set_back_lets_nobody_in_and_accuses_nobody() -> None:
    server = Server()
    before = server.family
    server.later(NEXT)
    new = server.refresh(server.first)
    server.family = before
    assert server.show(new).outcome is Outcome.ENDED
    assert server.family == before


def test_a_family_whose_hash_is_another_lets_nobody_in() -> None:
    server = Server()
    server.family = replace(server.family, hash="0" * 64)
    server.later(NEXT)
    assert server.show(server.first).outcome is Outcome.ENDED


def test_a_clock_that_was_set_back_logs_nobody_out() -> None:
    server = Server()
    server.later(NEXT)
    new = server.refresh(server.first)
    server.later(-600)
    assert server.show(server.first).token == new
    assert server.show(new).outcome is Outcome.KEPT


def test_nothing_that_is_kept_or_shown_is_a_token() -> None:
    server = Server()
    shown = read_refresh_token(KEY, server.first)
    secret = server.first.split("_")[3]
    assert secret not in repr(server.family) + repr(shown) + server.family.hash
    assert server.first not in repr(start(KEY, TENANT, SESSION, START, LIMITS))
    assert len(shown.secret) == 32


def test_a_made_up_token_is_refused_before_any_family_is_read() -> None:
    text = Server().first
    for at in range(len(text)):
        for letter in "0Z":
            if text[at] in {letter, "_"}:
                continue
            with pytest.raises(NotSignedIn):
                read_refresh_token(KEY, text[:at] + letter + text[at + 1 :])
    with pytest.raises(NotSignedIn):
        read_refresh_token(b"j" * 32, text)
    for wrong in (text + "\n", " " + text, text[:-1], "", "vigier_", text * 9):
        with pytest.raises(NotSignedIn):
            read_refresh_token(KEY, wrong)


@given(st.text(max_size=300))
def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(NotSignedIn):
        read_refresh_token(KEY, text)


# An honest browser: its tabs take the cookie, ask, and each answer sets the cookie when it
# arrives, in any order, up to 25 s late. Its requests leave in bursts.
BURSTS = st.lists(
    st.tuples(
        st.floats(0, 5000),
        st.lists(st.tuples(st.floats(0, 4.9), st.floats(0.01, 25)), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=12,
)


@given(BURSTS)
def test_an_honest_browser_is_never_logged_out_whatever_the_order(
    bursts: list[tuple[float, list[tuple[float, float]]]],
) -> None:
    server, cookie, clock = Server(), "", 0.0
    cookie = server.first
    arriving: list[tuple[float, str]] = []
    asks = []
    for pause, burst in bursts:
        clock += pause
        asks += [(clock + offset, late) for offset, late in burst]
    for at, late in sorted(asks):
        for _, token in sorted(each for each in arriving if each[0] <= at):
            cookie = token
        arriving = [each for each in arriving if each[0] > at]
        server.now = START + timedelta(seconds=at)
        if has_ended(server.family, server.now):
            break
        got = server.show(cookie)
        assert got.outcome.lets_in
        if got.token:
            arriving.append((at + late, got.token))
        one_live_branch(server)


def one_live_branch(server: Server) -> None:
    for tokens in server.issued.values():
        assert len(tokens) == 1


HOLDERS = st.lists(st.tuples(st.sampled_from(["ann", "thief"]), st.floats(0, 4000)), max_size=40)


@given(HOLDERS, st.integers(0, 5))
def test_two_holders_never_go_on_apart(steps: list[tuple[str, float]], stolen_after: int) -> None:
    """Whatever the order: one live branch; and a holder who comes with a token that was replaced
    longer ago than the grace ends the family for both."""
    server = Server()
    token = server.first
    for _ in range(stolen_after):
        server.later(NEXT)
        token = server.refresh(token)
    holds = {"ann": token, "thief": token}
    for who, pause in steps:
        server.later(pause)
        generation = read_refresh_token(KEY, holds[who]).generation
        before = server.family
        got = server.show(holds[who])
        one_live_branch(server)
        if has_ended(before, server.now):
            assert got.outcome is Outcome.ENDED
            continue
        behind = before.generation - generation
        apart = behind > 1 or (behind == 1 and server.now - before.made > LIMITS.grace)
        assert (got.outcome is Outcome.REPLAYED) is apart
        assert bool(server.family.ended) is apart
        if got.token:
            holds[who] = got.token
            newest = read_refresh_token(KEY, got.token).generation
            assert newest == server.family.generation


@given(st.floats(31, 600_000), st.floats(60, 600_000))
def test_theft_is_seen_on_the_second_use_after_the_grace(wait: float, before: float) -> None:
    server = Server()
    server.later(before)
    if has_ended(server.family, server.now):
        return
    assert server.show(server.first).outcome is Outcome.ROTATED
    server.later(wait)
    if has_ended(server.family, server.now):
        return
    assert server.show(server.first).outcome is Outcome.REPLAYED
