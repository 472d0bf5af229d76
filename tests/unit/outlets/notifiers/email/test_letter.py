"""The letter: headers that nobody can add to, and two parts that say the same."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugs.test_notifiers import MESSAGE, NOW

from vigie.model.text import ENGLISH, T, Words
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.email.letter import Sealed, letter
from vigie.ports.notifiers import Item, Matter, Message, Post
from vigie.wiring.words import words

ENVELOPE = Sealed(Address("Vigie", addr_spec="vigie@example.org"),
                  (Address("", addr_spec="a@example.org"),))  # fmt: skip
HEADERS = {"from", "to", "subject", "date", "message-id", "in-reply-to", "references",
           "auto-submitted", "x-auto-response-suppress", "importance", "mime-version",
           "content-type"}  # fmt: skip


def written(message: Message, spoken: Words = ENGLISH) -> EmailMessage:
    """The letter as its reader's program sees it."""
    with httpx.Client() as client:
        post = Post(client, spoken, 5, NOW, lambda host, port: None)
        mail = letter(message, say(message, spoken), ENVELOPE, post)
    return message_from_bytes(mail.as_bytes(), policy=default)


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return str(text.get_content()), str(html.get_content())


@given(st.text(alphabet=st.characters(), max_size=200), st.text(max_size=50))
def test_no_title_adds_a_header(title: str, key: str) -> None:
    mail = written(replace(MESSAGE, key=key, title=T("{x}", x=f"a\r\nBcc: b@c.d\r\n\r\n{title}")))
    assert {name.lower() for name in mail} == HEADERS
    assert mail["To"] == "a@example.org"
    assert not set(str(mail["Subject"])) & set("\r\n")


def test_a_letter_that_is_tried_twice_is_one_and_a_matter_is_one_thread() -> None:
    first, again = written(MESSAGE), written(MESSAGE)
    over = written(replace(MESSAGE, matter=Matter.RESOLVED, sent="2026-01-02T00:00:00Z"))
    other = written(replace(MESSAGE, key="finding:2"))
    assert first["Message-ID"] == again["Message-ID"]
    assert len({str(one["Message-ID"]) for one in (first, over, other)}) == 3
    assert first["References"] == first["In-Reply-To"] == over["References"]
    assert first["References"] != other["References"]
    assert str(first["Message-ID"]).endswith("@example.org>")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_both_parts_say_the_same(lang: str) -> None:
    text, html = parts(written(MESSAGE, words("fr" if lang == "fr" else "en")))
    assert f'<html lang="{lang}">' in html
    for said in say(MESSAGE, words("fr" if lang == "fr" else "en")).entries:
        for line in filter(None, (said.title, said.place, said.fix, *said.facts, said.url)):
            assert line in text
            assert line in html


class Seen(HTMLParser):
    """Every element of a page and what it would fetch or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.acting: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.links.add(value or "")
            elif name.startswith("on") or name in ("src", "srcset", "background", "action"):
                self.acting.append(name)


NASTY = '"><script>alert(1)</script><img src=x onerror=alert(1)><a href="https://evil.example">x'


def test_hostile_text_is_shown_and_does_nothing() -> None:
    item = Item(NASTY, asset=NASTY, component=NASTY, fix=NASTY, decision=NASTY,
                url="https://vigie.example.org/1", facts=((T("x"), NASTY),))  # fmt: skip
    message = replace(MESSAGE, title=T("{x}", x=NASTY), summary=T("{x}", x=NASTY), tenant=NASTY,
                      items=(item,), sent=NASTY)  # fmt: skip
    text, html = parts(written(message))
    seen = Seen(html)
    assert seen.acting == []
    assert seen.links == {"https://vigie.example.org/1", MESSAGE.url}
    assert not seen.tags & {"script", "img", "iframe", "form", "link", "style", "object", "base"}
    assert NASTY in text


def test_a_colour_never_stands_alone() -> None:
    _, html = parts(written(MESSAGE))
    assert '<span style="color:#B3123C">◆</span> critical' in html


def test_only_what_is_new_and_critical_is_marked_urgent() -> None:
    assert written(MESSAGE)["Importance"] == "high"
    assert written(replace(MESSAGE, matter=Matter.RESOLVED))["Importance"] is None
    assert written(replace(MESSAGE, matter=Matter.TEST))["Importance"] is None
