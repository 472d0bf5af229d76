"""What a ticket system is asked, and no more than that; channels are tested without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import tracker_servers
from tests.store_fixtures import Store
from tests.tracker_servers.serving import Answer, Fault, TrackerServer
from tests.unit.services.telling.telling_made import Desk, desk, flaws
from tests.unit.services.telling.test_tickets import channel, opened

from vigie.model.errors import UserError
from vigie.model.text import ENGLISH
from vigie.ports.notifiers import Attempt, Delivered
from vigie.services.telling import attempts, deliveries, drafting, duties, following
from vigie.wiring.words import words


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    return desk(store, tmp_path)


@pytest.fixture
def github() -> Iterator[TrackerServer]:
    with tracker_servers.run("github") as server:
        yield server


def test_a_ticket_of_which_nothing_is_new_is_only_looked_at(
    at: Desk, github: TrackerServer
) -> None:
    place = channel(at, "github", github)
    at.record(*flaws(1))
    opened(at, place, at.rows("findings")[0]["id"])
    at.deliver()
    github.calls.clear()
    at.clock.now += following.POLLED * 2
    duties.poll_tickets(at.platform)
    at.deliver()
    assert {call.method for call in github.calls} == {"GET"}


def test_a_ticket_system_is_tested_without_a_ticket(at: Desk, github: TrackerServer) -> None:
    place = channel(at, "github", github)
    assert deliveries.test(at.platform, at.admin, place).outcome is Delivered.DONE
    github.faults.append(Fault(answer=Answer(401, {"message": github.token})))
    tried = deliveries.test(at.platform, at.admin, place)
    assert tried.detail is not None
    assert "does not accept the token" in ENGLISH(tried.detail)
    assert github.tickets() == []
    assert at.states() == ["dead", "done"]
    assert github.token not in str(at.rows("deliveries"))


def test_the_last_word_is_not_later() -> None:
    assert attempts.final(Attempt(Delivered.RETRY)).outcome is Delivered.REJECTED
    assert attempts.final(Attempt(Delivered.DONE)).outcome is Delivered.DONE


def test_a_draft_is_in_the_language_of_its_channel(at: Desk) -> None:
    at.record(*flaws(1, fixed="2.0"))
    at.secrets.values[at.tenant, "token"] = "t"
    place = at.channel("github", token="secret://token", repository="acme/shop")
    ticket = opened(at, place, at.rows("findings")[0]["id"])["id"]
    with at.platform.database.read(at.admin.scope) as work:
        subject = drafting.subject_of(work, ticket)
    english = drafting.draft_of(
        "k", subject, words("en"), upgrade=False, address="https://v.example"
    )
    french = drafting.draft_of(
        "k", subject, words("fr"), upgrade=False, address="https://v.example"
    )
    assert english.title == french.title == "CVE-2026-00000: A flaw in left-pad (left-pad 1.0)"
    assert "**▲ high" in english.body
    assert "**▲ élevée" in french.body
    assert "Ouvrir dans Vigie" in french.body
    assert drafting.told(english) != drafting.told(french)
    assert not english.closed


def test_what_is_under_way_is_not_sent_once_more(at: Desk) -> None:
    at.rule(at.channel())
    at.record(*flaws(1))
    [delivery, *_] = at.rows("deliveries")
    with (
        pytest.raises(UserError, match="has not ended"),
        at.platform.database.begin(at.admin.scope) as work,
    ):
        deliveries.redeliver(work, at.platform, at.admin, delivery["id"])
