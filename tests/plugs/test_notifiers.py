"""The behaviour of the notifier port, over every notifier there is."""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.plugs.notifier_samples import Stand
from vigie.model.errors import SourceError, UserError
from vigie.model.severity import Severity
from vigie.model.text import T, Words
from vigie.ports.notifiers import (
    Attempt,
    Channel,
    Delivered,
    Item,
    Matter,
    Message,
    Notifier,
    Post,
)
from vigie.wiring.plugs import NOTIFIERS, Plugs
from vigie.wiring.words import words

PLUGS = Plugs(NOTIFIERS)
NAMES = list(PLUGS)
every_notifier = pytest.mark.parametrize("name", NAMES)
GOLDEN = ROOT / "tests" / "golden" / "notifiers"
NOW = 1_767_225_600.0

MESSAGE = Message(
    key="finding:1",
    matter=Matter.OPENED,
    title=T("{count} finding", "{count} findings", count=3),
    severity=Severity.CRITICAL,
    tenant="Acme",
    summary=T("What was not looked at is unknown, not safe."),
    items=(
        Item(
            "openssl: heap overflow in the name check",
            Severity.CRITICAL,
            "act now",
            "registry.example.org/shop/api:1.4",
            "pkg:deb/debian/openssl@3.0.11",
            "3.0.13",
            "https://vigie.example.org/findings/1",
            ((T("policy {name}", name="prod"), "CVE-2026-0001"),),
        ),
        Item("A key of the cloud stands in config.py", Severity.HIGH, "plan", "shop/web"),
        Item("nobody rated this", Severity.UNKNOWN),
    ),
    total=3,
    counts=((Severity.CRITICAL, 1), (Severity.HIGH, 1), (Severity.UNKNOWN, 1)),
    url="https://vigie.example.org/findings?new=1&tenant=acme",
    sent="2026-01-01T00:00:00+00:00",
)


def stand_of(name: str) -> AbstractContextManager[Stand]:
    module = importlib.import_module(f"tests.plugs.notifier_samples.{name.replace('-', '_')}")
    made: AbstractContextManager[Stand] = module.stand()
    return made


@pytest.fixture
def stand(name: str) -> Iterator[Stand]:
    with stand_of(name) as made:
        yield made


@pytest.fixture
def post() -> Iterator[Post]:
    with httpx.Client(trust_env=False) as client:
        yield Post(client, words("en"), 20.0, NOW, lambda host, port: None)


def sent(name: str, stand: Stand, post: Post, message: Message = MESSAGE) -> Attempt:
    notifier: Notifier = PLUGS[name]
    return notifier.send(message, stand.channel, post)


@every_notifier
def test_a_notifier_says_what_it_is(name: str, stand: Stand) -> None:
    notifier: Notifier = PLUGS[name]
    assert notifier.name == name
    assert notifier.label
    assert len({field.name for field in notifier.fields}) == len(notifier.fields)
    assert {*stand.channel.settings, *stand.channel.secrets} <= {f.name for f in notifier.fields}
    assert {f.name for f in notifier.fields if f.secret} >= set(stand.channel.secrets)
    notifier.check(stand.channel)


@every_notifier
def test_a_channel_that_cannot_be_right_is_refused_without_repeating_it(
    name: str, stand: Stand
) -> None:
    notifier: Notifier = PLUGS[name]
    whole = stand.channel
    for field in notifier.fields:
        settings = {k: v for k, v in whole.settings.items() if k != field.name}
        secrets = {k: v for k, v in whole.secrets.items() if k != field.name}
        wrong = [Channel({**settings, field.name: "no\nway"}, secrets)]
        if field.required:
            wrong.append(Channel(settings, secrets))
        if field.secret and field.name in whole.secrets:
            wrong.append(Channel({**settings, field.name: "s3cret-in-clear"}, secrets))
        if field.choices:
            wrong.append(Channel({**settings, field.name: "none of them"}, secrets))
        for channel in wrong:
            with pytest.raises(UserError) as told:
                notifier.check(channel)
            said = f"{told.value} {told.value.hint}"
            assert str(field.label) in said
            assert not any(secret in said for secret in ("s3cret", "no\nway", *stand.secrets))


@every_notifier
@pytest.mark.parametrize("matter", list(Matter))
def test_a_message_arrives(name: str, stand: Stand, post: Post, matter: Matter) -> None:
    attempt = sent(name, stand, post, replace(MESSAGE, matter=matter))
    assert attempt.outcome is Delivered.DONE, str(attempt.detail)
    assert attempt.detail is None
    assert len(stand.received()) == 1
    assert stand.too_large() == []


@every_notifier
def test_a_message_says_what_it_is_about(name: str, stand: Stand, post: Post) -> None:
    sent(name, stand, post)
    (text,) = stand.received()
    assert "3 findings" in text
    assert "critical" in text.lower()
    assert MESSAGE.url in text.replace("&amp;", "&")


@every_notifier
def test_a_message_is_french_where_french_is_read(name: str, stand: Stand, post: Post) -> None:
    sent(name, stand, replace(post, words=words("fr")))
    (text,) = stand.received()
    assert "3 constats" in text
    assert "critique" in text.lower()
    assert "findings" not in re.sub(r'https?://[^\s"<>]+', "", text)


@every_notifier
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_goes_out_is_as_it_was_reviewed(
    name: str, lang: str, stand: Stand, post: Post, update_golden: bool
) -> None:
    spoken: Words = words("fr" if lang == "fr" else "en")
    sent(name, stand, replace(post, words=spoken))
    path = GOLDEN / f"{name}.{lang}.golden"
    if update_golden:
        path.write_text(stand.golden(), encoding="utf-8")
    assert stand.golden() == path.read_text(encoding="utf-8")


@every_notifier
@pytest.mark.parametrize(
    ("manner", "outcome"),
    [
        ("busy", Delivered.RETRY),
        ("broken", Delivered.RETRY),
        ("denied", Delivered.REJECTED),
    ],
)
def test_an_answer_decides_whether_to_try_again(
    name: str, manner: str, outcome: Delivered, stand: Stand, post: Post
) -> None:
    stand.answer(manner)
    attempt = sent(name, stand, post)
    assert attempt.outcome is outcome
    assert attempt.detail is not None
    assert attempt.after is None


@every_notifier
def test_a_wait_that_is_asked_for_is_passed_on(name: str, stand: Stand, post: Post) -> None:
    if not stand.waits:
        return  # the protocol has no word for it
    stand.answer("busy for 7 seconds")
    attempt = sent(name, stand, post)
    assert (attempt.outcome, attempt.after) == (Delivered.RETRY, 7.0)


@every_notifier
@pytest.mark.parametrize("manner", ["hang", "drip"])
def test_a_receiver_that_never_ends_is_left(
    name: str, manner: str, stand: Stand, post: Post
) -> None:
    """The stand goes on for as long as this test runs: that it ends is the proof."""
    stand.answer(manner)
    attempt = sent(name, stand, replace(post, timeout=0.5))
    assert attempt.outcome is Delivered.RETRY
    assert "in time" in str(attempt.detail)


@every_notifier
def test_a_receiver_that_is_not_there_is_tried_later(name: str, post: Post) -> None:
    with stand_of(name) as stand:
        pass
    attempt = sent(name, stand, post)
    assert attempt.outcome is Delivered.RETRY
    assert attempt.detail is not None


@every_notifier
@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (UserError(T("{host} leads inside", host="10.1.2.3")), Delivered.REJECTED),
        (SourceError("no such name 10.1.2.3", retryable=True), Delivered.RETRY),
    ],
    ids=["forbidden", "not found"],
)
def test_an_address_that_is_not_allowed_is_not_called(
    name: str, error: UserError | SourceError, outcome: Delivered, stand: Stand, post: Post
) -> None:
    def allows(host: str, port: int) -> None:
        raise error

    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        attempt = sent(name, stand, replace(post, http=client, allows=allows))
    assert attempt.outcome is outcome
    assert stand.received() == []
    assert "10.1.2.3" not in str(attempt.detail)


@every_notifier
@pytest.mark.parametrize("manner", ["fine", "busy", "denied", "hang"])
def test_no_secret_and_no_address_is_shown(
    name: str, manner: str, stand: Stand, post: Post, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    stand.answer(manner)
    attempt = sent(name, stand, replace(post, timeout=0.5 if manner == "hang" else 5.0))
    out, err = capfd.readouterr()
    shown = " ".join((str(attempt.detail), repr(attempt), repr(stand.channel), out, err))
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("mail", "asyncio"))]
    for secret in (*stand.secrets, "127.0.0.1"):
        assert secret not in shown.replace("'host': '127.0.0.1'", "").replace(
            "http://127.0.0.1", ""
        ) or (secret == "127.0.0.1" and secret not in f"{attempt.detail}{attempt!r}")
        assert not any(secret in line for line in ours)


@every_notifier
def test_a_repeat_can_be_told_by_the_receiver(name: str, stand: Stand, post: Post) -> None:
    for message, now in ((MESSAGE, NOW), (MESSAGE, NOW + 600),
                         (replace(MESSAGE, key="finding:2"), NOW)):  # fmt: skip
        sent(name, stand, replace(post, now=now), message)
    first, again, other = stand.identities()
    assert first == again
    assert other != first or first == ""


def huge() -> Message:
    """A whole import in one message, with everything in it as long as nobody would write it."""
    long = "é<&*_" * 2000
    item = Item(long, Severity.CRITICAL, "act now", long, long, long,
                "https://vigie.example.org/" + "f" * 900,
                tuple((T("policy {name}", name=long), long) for _ in range(40)))  # fmt: skip
    return replace(
        MESSAGE,
        title=T("policy {name}", name=long),
        summary=T("policy {name}", name=long),
        tenant=long,
        key="k" * 4000,
        items=(item,) * 4000,
        total=4000,
        counts=tuple((severity, 1000) for severity in Severity),
    )


@every_notifier
def test_four_thousand_findings_are_one_message_that_fits(
    name: str, stand: Stand, post: Post
) -> None:
    attempt = sent(name, stand, post, huge())
    assert attempt.outcome is Delivered.DONE
    assert len(stand.received()) == 1
    assert stand.too_large() == []
    small = replace(
        huge(), items=(MESSAGE.items[1],) * 20, title=MESSAGE.title, summary=None, tenant=""
    )
    sent(name, stand, post, small)
    text = stand.received()[-1]
    assert stand.too_large() == []
    assert "1,000" in text or "1000" in text
    assert MESSAGE.url in text.replace("&amp;", "&")


HOSTILE = "x\r\nBcc: a@b.c\x00\x1b[31m\u202egnp.exe\u2066 \ud800 <!channel> @everyone"


@every_notifier
def test_nothing_that_steers_gets_out(name: str, stand: Stand, post: Post) -> None:
    item = Item(HOSTILE, Severity.HIGH, HOSTILE, HOSTILE, HOSTILE, HOSTILE,
                "javascript:alert(1)", ((T("policy {name}", name=HOSTILE), HOSTILE),))  # fmt: skip
    message = replace(MESSAGE, key=HOSTILE, title=T("policy {name}", name=HOSTILE), items=(item,),
                      tenant=HOSTILE, url="https://x.org/\"onclick='", sent=HOSTILE)  # fmt: skip
    attempt = sent(name, stand, post, message)
    assert attempt.outcome is Delivered.DONE, str(attempt.detail)
    (text,) = stand.received()
    assert not any(sign in text for sign in ("\u202e", "\u2066", "\x1b", "\x00", "\ud800"))
    assert "\\u202e" not in text
    assert "javascript:" not in text
    assert "onclick" not in text


def test_every_notifier_has_its_stand_and_its_golden_files() -> None:
    assert NAMES
    wanted = {f"{name}.{lang}.golden" for name in NAMES for lang in ("en", "fr")}
    assert {path.name for path in Path(GOLDEN).iterdir()} == wanted
