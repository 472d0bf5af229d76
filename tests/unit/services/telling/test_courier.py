"""The courier: at least once, whatever happens, and nobody waits for somebody else's receiver."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.mail_receiver import mail_receiver
from tests.receiver import Receiver, receiver
from tests.store_fixtures import Store
from tests.unit.services.telling.telling_made import SIGNING, Desk, Ear, desk, flaws

from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.ports.notifiers import Attempt, Channel, Delivered, Message, Post
from vigie.services.telling.courier import (
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    Courier,
    wait_after,
)
from vigie.services.telling.outbox import put
from vigie.stores.relational.ids import new_id
from vigie.watch.grouping import note_of

PATIENCE = 60.0


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    return desk(store, tmp_path)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as stand:
        yield stand


def webhook(at: Desk, to: Receiver, name: str = "hook") -> str:
    at.secrets.values[at.tenant, name] = f"{to.address}/{name}"
    at.secrets.values[at.tenant, "signing"] = SIGNING
    return at.channel("webhook", name, url=f"secret://{name}", signing_secret="secret://signing")


def post(at: Desk, channel: str, key: str = "") -> str:
    """Something to tell over this channel."""
    gist = note_of("scan.failed", Severity.HIGH, ("scan", "1"), {"error": "it broke"})
    message = {"gist": gist, "import": "", "asset": ""}
    with at.platform.database.begin(at.admin.scope) as work:
        return put(work, channel, key or new_id(), "changed", message, at.clock())


def test_a_refusal_is_tried_again_later_and_later(at: Desk) -> None:
    channel = at.channel()
    post(at, channel)
    at.ear.answers = [Attempt(Delivered.RETRY, T("the receiver answered {status}", status=503),
                              status=503) for _ in range(3)]  # fmt: skip
    waits = []
    for _ in range(4):
        at.deliver()
        [row] = at.rows("deliveries")
        waits.append((row["due_at"] - at.clock()).total_seconds())
        at.clock.now = row["due_at"]
    assert (row["state"], row["attempts"], row["reference"]) == ("done", 4, "1")
    for number, wait in enumerate(waits[:3]):
        assert 0.75 * 10 * 2**number <= wait <= 1.25 * 10 * 2**number
    assert [one["status"] for one in row["log"]["attempts"]] == [503, 503, 503, None]
    assert len({m.sent for m in at.ear.heard}) == 1  # the same message each time


def test_a_receiver_may_ask_for_more_time(at: Desk) -> None:
    post(at, at.channel())
    at.ear.answers = [Attempt(Delivered.RETRY, after=900.0)]
    at.deliver()
    [row] = at.rows("deliveries")
    assert (row["due_at"] - at.clock()).total_seconds() == 900
    at.clock.move(seconds=899)
    assert at.deliver() == 0
    at.clock.move(seconds=1)
    assert at.deliver() == 1


def test_waits_are_bounded_and_scattered() -> None:
    waits = {wait_after(number, None) for number in range(1, 100)}
    assert len(waits) == 99
    assert max(waits) <= 1.25 * LONGEST_WAIT


def test_after_a_day_a_delivery_is_dead(at: Desk) -> None:
    post(at, at.channel())
    at.ear.answers = [Attempt(Delivered.RETRY)] * 100
    began = at.clock()
    while at.rows("deliveries")[0]["state"] != "dead":
        at.clock.now = at.rows("deliveries")[0]["due_at"]
        at.deliver()
    [row] = at.rows("deliveries")
    assert 20 < len(at.ear.heard) <= MOST_ATTEMPTS
    assert (row["ended_at"] - began).total_seconds() <= 24 * 3600
    assert len(row["log"]["attempts"]) == 20
    at.clock.move(days=3)
    assert at.deliver() == 0


def test_what_no_further_attempt_can_help_is_dead_at_once(at: Desk) -> None:
    post(at, at.channel())
    at.ear.answers = [Attempt(Delivered.REJECTED, T("the receiver answered {status}", status=404))]
    at.deliver()
    assert at.states() == ["dead"]


def test_a_secret_that_is_not_there_yet_is_waited_for(at: Desk, hook: Receiver) -> None:
    channel = webhook(at, hook)
    del at.secrets.values[at.tenant, "hook"]
    post(at, channel)
    at.deliver()
    [row] = at.rows("deliveries")
    assert row["state"] == "retry"
    assert row["log"]["attempts"][0]["detail"]["template"] == "there is no secret {name}"
    at.secrets.values[at.tenant, "hook"] = hook.address
    at.clock.now = row["due_at"]
    at.deliver()
    assert at.states() == ["done"]


def test_a_channel_that_was_switched_off_is_not_called(at: Desk) -> None:
    from vigie.services.telling import channels  # noqa: PLC0415

    channel = at.channel()
    post(at, channel)
    with at.platform.database.begin(at.admin.scope) as work:
        channels.change(work, at.platform, at.admin, channel, {"enabled": False}, None)
    at.deliver()
    assert (at.ear.heard, at.states()) == ([], ["dead"])


class Broken(Ear):
    """A third party's plug with a mistake in it."""

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        raise ZeroDivisionError(channel.value("token"))


def test_a_broken_plug_stops_nobody_and_tells_nothing(at: Desk) -> None:
    at.platform.plugs.notifiers["broken"] = Broken(name="broken")  # type: ignore[index]
    at.secrets.values[at.tenant, "t"] = "very-secret"
    post(at, at.channel("broken", token="secret://t"))
    post(at, at.channel())
    at.deliver()
    assert at.states() == ["done", "retry"]
    log = json.dumps([row["log"] for row in at.rows("deliveries")])
    assert "ZeroDivisionError" in log
    assert "very-secret" not in log


@dataclass
class Stuck(Ear):
    """Hangs until it is let go, whatever time it is given."""

    let_go: threading.Event = field(default_factory=threading.Event)
    inside: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        self.inside.release()
        self.let_go.wait(PATIENCE)
        return Attempt(Delivered.DONE)


def test_a_receiver_that_hangs_holds_up_nobody(at: Desk) -> None:
    stuck = Stuck(name="stuck")
    at.platform.plugs.notifiers["stuck"] = stuck  # type: ignore[index]
    slow, quick = at.channel("stuck"), at.channel()
    for _ in range(20):
        post(at, slow)
    for _ in range(30):
        post(at, quick)
    courier = Courier(at.platform, slots=4, per_channel=2, timeout=0.0, hard=1000.0)
    running = threading.Thread(target=courier.run)
    running.start()
    try:
        for _ in range(int(PATIENCE * 20)):
            if len(at.ear.heard) == 30:
                break
            threading.Event().wait(0.05)
        assert len(at.ear.heard) == 30
        assert stuck.inside.acquire(timeout=PATIENCE)
        assert stuck.inside.acquire(timeout=PATIENCE)
        assert not stuck.inside.acquire(timeout=0.2)  # and no third thread hangs there
    finally:
        stuck.let_go.set()
        courier.stop()
        running.join(PATIENCE)
    assert not running.is_alive()


def test_an_attempt_over_its_time_is_given_up_and_its_late_answer_ignored(at: Desk) -> None:
    stuck = Stuck(name="stuck")
    at.platform.plugs.notifiers["stuck"] = stuck  # type: ignore[index]
    post(at, at.channel("stuck"))
    courier = Courier(at.platform, per_channel=1, timeout=0.0, hard=0.0)
    try:
        assert courier.step() == 1
        assert stuck.inside.acquire(timeout=PATIENCE)
        courier.step()
        [row] = at.rows("deliveries")
        assert (row["state"], (row["due_at"] - at.clock()).total_seconds()) == ("retry", 60)
        at.clock.now = row["due_at"]
        assert courier.step() == 0  # its thread still has the channel's only place
    finally:
        stuck.let_go.set()
    threads = [t for t in threading.enumerate() if t.name == f"deliver-{row['id']}"]
    for thread in threads:
        thread.join(PATIENCE)
    assert at.states() == ["retry"]
    courier.timeout = PATIENCE  # without any, it would give up whatever is not there at once
    assert courier.run_until_idle() == 1
    assert at.states() == ["done"]


def test_what_concerns_one_matter_goes_out_in_its_order(at: Desk) -> None:
    channel = at.channel()
    first, other, second = (post(at, channel, key) for key in ("a", "b", "a"))
    at.ear.answers = [Attempt(Delivered.RETRY)]
    Courier(at.platform, per_channel=1).run_until_idle()
    states = {row["id"]: row["state"] for row in at.rows("deliveries")}
    assert states == {first: "retry", other: "done", second: "waiting"}
    at.clock.move(minutes=1)
    at.deliver()
    assert [m.key for m in at.ear.heard] == ["a", "b", "a", "a"]


def test_two_couriers_send_nothing_twice(at: Desk) -> None:
    channels = [at.channel(name=f"c{n}") for n in range(4)]
    for n in range(40):
        post(at, channels[n % 4])
    couriers = [Courier(at.platform) for _ in range(2)]
    threads = [threading.Thread(target=c.run_until_idle) for c in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert at.states() == ["done"] * 40
    assert len({m.key for m in at.ear.heard}) == len(at.ear.heard) == 40


def test_the_courier_of_a_tenant_that_is_off_waits(store: Store, at: Desk) -> None:
    import sqlalchemy as sa  # noqa: PLC0415

    from vigie.stores.relational.scopes import SYSTEM  # noqa: PLC0415
    from vigie.stores.relational.tables.access import TENANTS  # noqa: PLC0415

    post(at, at.channel())
    with store.database.begin(SYSTEM) as work:
        work.run(sa.update(TENANTS).where(TENANTS.c.id == at.tenant).values(
            disabled_at=at.clock()))  # fmt: skip
    assert (at.deliver(), at.states()) == (0, ["waiting"])


@pytest.mark.slow
def test_killed_in_the_middle_of_sending_it_is_sent_again(
    store: Store, at: Desk, hook: Receiver, tmp_path: Path
) -> None:
    channel = webhook(at, hook)
    sent = [post(at, channel) for _ in range(6)]
    hook.manner = "hang"
    url = f"{hook.address}/hook"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.services.telling.killed_courier", store.url,
         str(tmp_path / "killed"), at.tenant, url, SIGNING],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(int(PATIENCE * 20)):
            if len(hook.requests) >= 2 or process.poll() is not None:
                break
            threading.Event().wait(0.05)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
    assert len(hook.requests) == 2
    assert at.states() == ["sending"] * 2 + ["waiting"] * 4
    hook.manner = ""
    at.deliver()
    assert at.states() == ["done"] * 4 + ["sending"] * 2  # nobody takes what is in others' hands
    at.clock.move(minutes=5)
    at.deliver()
    assert at.states() == ["done"] * 6
    told = [json.loads(one.body)["data"]["key"] for one in hook.requests]
    keys = {row["key"] for row in at.rows("deliveries") if row["id"] in sent}
    assert (set(told), len(told)) == (keys, 8)
    # A receiver that was told twice can tell that it was.
    assert len({one.headers["webhook-id"] for one in hook.requests}) == 6


def test_a_letter_goes_out_with_its_findings(at: Desk) -> None:
    with mail_receiver() as mail:
        channel = at.channel("email", host="127.0.0.1", port=str(mail.port), security="none",
                             to="ops@acme.example", **{"from": "vigie@acme.example"})  # fmt: skip
        at.rule(channel, {"events": ["finding.new"]})
        at.record(*flaws(2))
        at.deliver()
        assert at.states() == ["done"], at.rows("deliveries")
        [letter] = mail.letters
    content: Any = letter.content
    assert b"2 new findings" in content


def test_an_inside_address_is_not_called_unless_it_is_allowed(store: Store, tmp_path: Path,
                                                             hook: Receiver) -> None:  # fmt: skip
    from vigie.services.outbound import Outbound  # noqa: PLC0415

    at = desk(store, tmp_path, outbound=Outbound())
    post(at, webhook(at, hook))
    at.deliver()
    assert hook.requests == []
    assert at.states() == ["dead"]
