"""Tickets: one for each finding or upgrade, never twice, and what becomes of it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import tracker_servers
from tests.store_fixtures import Store
from tests.tracker_servers.serving import Answer, Call, Fault, TrackerServer
from tests.unit.services.recording.readings_made import CODE, flaw, secret
from tests.unit.services.telling.telling_made import Desk, desk, flaws

from vigie.model.errors import UserError
from vigie.model.severity import Severity
from vigie.services.telling import duties, tickets
from vigie.services.telling.courier import Courier
from vigie.services.telling.opening import MOST_OPENED

PATIENCE = 60.0


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    return desk(store, tmp_path)


@pytest.fixture(params=["github", "gitlab", "jira-cloud", "jira-server"])
def there(request: pytest.FixtureRequest) -> Iterator[tuple[str, TrackerServer]]:
    with tracker_servers.run(request.param) as server:
        yield request.param, server


@pytest.fixture
def github() -> Iterator[TrackerServer]:
    with tracker_servers.run("github") as server:
        yield server


def channel(at: Desk, kind: str, server: TrackerServer) -> str:
    at.secrets.values[at.tenant, "token"] = server.token
    return at.channel(kind, token="secret://token", **server.settings)


def opened(at: Desk, channel: str, finding: str) -> dict[str, Any]:
    asked = {"channel_id": channel, "finding_id": finding}
    with at.platform.database.begin(at.admin.scope) as work:
        return tickets.open_ticket(work, at.platform, at.admin, asked)[0]


def upgrade(at: Desk, channel: str, package: tuple[str, str] = ("npm", "left-pad")) -> None:
    asset = at.rows("assets")[0]["id"]
    asked = {"channel_id": channel, "asset_id": asset, "package": package}
    with at.platform.database.begin(at.admin.scope) as work:
        tickets.open_ticket(work, at.platform, at.admin, asked)


def ticket(at: Desk) -> dict[str, Any]:
    [row] = at.rows("tickets")
    return row


def test_a_finding_has_one_ticket_that_lives_as_it_does(
    at: Desk, there: tuple[str, TrackerServer]
) -> None:
    kind, server = there
    place = channel(at, kind, server)
    at.record(*flaws(1))
    finding = at.rows("findings")[0]["id"]
    for _ in range(3):
        opened(at, place, finding)
    at.deliver()
    opened(at, place, finding)
    at.deliver()
    assert len(server.tickets()) == len(at.rows("tickets")) == 1
    assert (ticket(at)["state"], ticket(at)["error"]) == ("open", None)
    at.record()
    at.deliver()
    assert ticket(at)["state"] == "closed"
    assert "All its findings are closed." in str(server.texts())
    at.record(*flaws(1))
    at.deliver()
    assert ticket(at)["state"] == "open"
    assert "A finding of it is back." in str(server.texts())
    assert len(server.tickets()) == 1


def test_an_upgrade_gathers_the_findings_of_its_package(at: Desk, github: TrackerServer) -> None:
    place = channel(at, "github", github)
    at.record(flaw("grype", "CVE-1", fixed="1.2"), flaw("grype", "CVE-2", fixed="1.3"),
              flaw("grype", "CVE-3", "other", fixed="9"))  # fmt: skip
    upgrade(at, place)
    at.deliver()
    [issue] = github.tickets()
    assert issue["title"].startswith("Upgrade left-pad from 1.0 to 1.3")
    assert issue["body"].count("- [ ]") == 2
    at.record(flaw("grype", "CVE-2", fixed="1.3"), flaw("grype", "CVE-4", fixed="1.4"),
              flaw("grype", "CVE-3", "other", fixed="9"))  # fmt: skip
    at.deliver()
    [issue] = github.tickets()
    assert issue["title"].startswith("Upgrade left-pad from 1.0 to 1.4")
    assert (issue["body"].count("- [ ]"), issue["body"].count("- [x]")) == (2, 1)
    assert issue["state"] == "open"
    at.record(flaw("grype", "CVE-3", "other", fixed="9"))
    at.deliver()
    assert github.tickets()[0]["state"] == "closed"


def test_a_rule_opens_tickets_by_itself_once_for_each_package(
    at: Desk, github: TrackerServer
) -> None:
    place = channel(at, "github", github)
    at.rule(place, {"events": ["finding.new", "finding.closed"], "severity": "high",
                    "group": "upgrade"})  # fmt: skip
    said = [*flaws(5), flaw("grype", "CVE-9", "zlib"), secret("grype", "a.py", 3),
            flaw("grype", "CVE-low", "tiny", severity=Severity.LOW)]  # fmt: skip
    for _ in range(2):
        at.record(*said, import_id="one")
        at.deliver()
    assert sorted(row["subject_kind"] for row in at.rows("tickets")) == ["upgrade"] * 2
    assert len(github.tickets()) == 2


def test_a_rule_opens_no_more_than_it_may_at_once(at: Desk, github: TrackerServer) -> None:
    at.rule(channel(at, "github", github), {"events": ["finding.new"], "group": "finding"})
    at.record(*flaws(MOST_OPENED + 20))
    assert len(at.rows("tickets")) == MOST_OPENED


def test_an_answer_that_is_lost_makes_no_second_ticket(
    at: Desk, there: tuple[str, TrackerServer]
) -> None:
    kind, server = there
    place = channel(at, kind, server)
    at.record(*flaws(1))
    server.faults.append(Fault("POST", server.makes, lose=True))
    opened(at, place, at.rows("findings")[0]["id"])
    at.deliver()
    [delivery] = at.rows("deliveries")
    assert delivery["state"] == "retry"
    # The index of a ticket system may be behind: nobody asks it at once.
    assert (delivery["due_at"] - at.clock()).total_seconds() >= 60
    assert ticket(at)["error"]["message"]["template"]
    assert (ticket(at)["remote_id"], len(server.tickets())) == ("", 1)
    at.clock.move(minutes=2)
    at.deliver()
    assert len(server.tickets()) == 1
    assert (ticket(at)["state"], ticket(at)["error"]) == ("open", None)


def test_what_goes_wrong_is_kept_and_tried_again(at: Desk, github: TrackerServer) -> None:
    place = channel(at, "github", github)
    at.record(*flaws(1))
    github.faults.append(Fault(answer=Answer(401, {"message": f"bad {github.token}"}), times=1))
    opened(at, place, at.rows("findings")[0]["id"])
    at.deliver()
    error = ticket(at)["error"]
    assert error["message"]["template"] == "{system} does not accept the token"
    assert github.token not in str(at.rows("tickets")) + str(at.rows("deliveries"))
    at.clock.move(minutes=1)
    at.deliver()
    assert (ticket(at)["error"], ticket(at)["state"]) == (None, "open")


def test_the_state_over_there_is_read_now_and_then(at: Desk, github: TrackerServer) -> None:
    place = channel(at, "github", github)
    at.record(*flaws(1))
    opened(at, place, at.rows("findings")[0]["id"])
    at.deliver()
    github.tickets()[0]["state"] = "closed"  # somebody closes it over there
    assert duties.poll_tickets(at.platform) == 0
    at.clock.move(minutes=16)
    assert duties.poll_tickets(at.platform) == 1
    at.deliver()
    assert ticket(at)["state"] == "closed"
    # What is closed by a person stays closed, though its text is kept up to date.
    at.record(flaw("grype", "CVE-2026-00000", severity=Severity.CRITICAL))
    at.clock.move(minutes=16)
    duties.poll_tickets(at.platform)
    at.deliver()
    assert github.tickets()[0]["state"] == "closed"
    assert "critical" in github.tickets()[0]["body"]


def test_a_ticket_that_was_deleted_is_gone_until_it_is_asked_for(
    at: Desk, github: TrackerServer
) -> None:
    place = channel(at, "github", github)
    at.record(*flaws(1))
    finding = at.rows("findings")[0]["id"]
    opened(at, place, finding)
    at.deliver()
    github.remove(ticket(at)["remote_id"])
    at.clock.move(minutes=16)
    duties.poll_tickets(at.platform)
    at.deliver()
    assert (ticket(at)["state"], github.tickets()) == ("gone", [])
    at.clock.move(minutes=16)
    assert duties.poll_tickets(at.platform) == 0
    opened(at, place, finding)
    at.deliver()
    assert (ticket(at)["state"], len(github.tickets())) == ("open", 1)


def test_nothing_that_a_report_says_acts_in_a_ticket(at: Desk, github: TrackerServer) -> None:
    place = channel(at, "github", github)
    at.record(flaw("grype", "CVE-1", "@admin/[x](javascript:1)<img src=x>"))
    opened(at, place, at.rows("findings")[0]["id"])
    at.deliver()
    [issue] = github.tickets()
    body = issue["body"]
    shown = re.sub(r"`[^`]*`", "", body)  # in code nothing acts
    assert "javascript" in body
    for acting in ("<img", "@admin", "](javascript"):
        assert acting not in shown
    assert "https://vigie.example/findings/" in body
    assert "Why" in body


def test_what_is_over_needs_no_ticket(at: Desk, github: TrackerServer) -> None:
    place = channel(at, "github", github)
    at.record(*flaws(1))
    finding = at.rows("findings")[0]["id"]
    opened(at, place, finding)
    at.record()
    at.deliver()
    assert (ticket(at)["state"], github.tickets()) == ("closed", [])


def test_a_ticket_needs_a_ticket_system_and_something_to_do(
    at: Desk, github: TrackerServer
) -> None:
    at.record(*flaws(1))
    finding = at.rows("findings")[0]["id"]
    with pytest.raises(UserError, match="no ticket system"):
        opened(at, at.channel(), finding)
    place = channel(at, "github", github)
    with pytest.raises(UserError, match="nothing is to be done"):
        upgrade(at, place, ("npm", "absent"))


def test_no_tenant_opens_a_ticket_of_anothers_finding(
    store: Store, at: Desk, tmp_path: Path, github: TrackerServer
) -> None:
    other = desk(store, tmp_path, "other")
    place = channel(other, "github", github)
    at.record(*flaws(1), asset=CODE)
    with pytest.raises(UserError, match="there is no finding"):
        opened(other, place, at.rows("findings")[0]["id"])
    with pytest.raises(UserError, match="there is no channel"):
        opened(at, place, at.rows("findings")[0]["id"])
    assert at.rows("tickets") == other.rows("tickets") == []


def test_two_at_once_open_one(at: Desk, github: TrackerServer) -> None:
    place = channel(at, "github", github)
    at.record(*flaws(1))
    finding = at.rows("findings")[0]["id"]
    threads = [threading.Thread(target=opened, args=(at, place, finding)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    couriers = [threading.Thread(target=Courier(at.platform).run_until_idle) for _ in range(2)]
    for thread in couriers:
        thread.start()
    for thread in couriers:
        thread.join(PATIENCE)
    assert len(at.rows("tickets")) == len(github.tickets()) == 1


@pytest.mark.slow
def test_killed_while_a_ticket_is_made_there_is_one(
    store: Store, at: Desk, tmp_path: Path, github: TrackerServer
) -> None:
    place = channel(at, "github", github)
    at.record(*flaws(1))
    opened(at, place, at.rows("findings")[0]["id"])
    # It is made, and the answer never comes.
    made, over, answer = threading.Event(), threading.Event(), github.answer

    def never_said(call: Call) -> Answer:
        given = answer(call)
        if call.method == "POST" and call.path.endswith(github.makes):
            made.set()
            over.wait(PATIENCE)
        return given

    github.answer = never_said  # type: ignore[method-assign]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.services.telling.killed_courier", store.url,
         str(tmp_path / "killed"), at.tenant, "", "", github.token],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert made.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
        over.set()
    assert len(github.tickets()) == 1
    assert (at.states(), ticket(at)["remote_id"]) == (["sending"], "")
    at.clock.move(minutes=5)
    at.deliver()
    assert len(github.tickets()) == 1
    assert ticket(at)["state"] == "open"
