"""What every message says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.severity import Severity
from vigie.model.text import ENGLISH, T
from vigie.outlets.notifiers._wording import address, fitted, say
from vigie.ports.notifiers import Item, Matter, Message
from vigie.wiring.words import words

ITEM = Item("one", Severity.HIGH, "act now", "shop", "openssl", "3.0.13")
MESSAGE = Message("k", Matter.OPENED, T("{count} finding", "{count} findings", count=4000),
                  Severity.CRITICAL, items=(ITEM,) * 9, total=4000,
                  counts=((Severity.CRITICAL, 12), (Severity.HIGH, 3988), (Severity.LOW, 0)),
                  sent="2026-01-01T00:00:00Z")  # fmt: skip


def test_many_findings_are_counts_a_few_items_and_a_rest() -> None:
    said = say(MESSAGE, ENGLISH)
    assert said.headline == "◆ critical · 4,000 findings"
    assert said.counts == "critical: 12 · high: 3,988"
    assert len(said.entries) == 5
    assert said.rest == "and 3,995 more"
    assert said.entries[0].head == "▲ high · act now"
    assert said.entries[0].tail == "shop · openssl · fixed in 3.0.13"


def test_french_is_french() -> None:
    said = say(MESSAGE, words("fr"))
    assert said.headline == "◆ critique · 4 000 constats"
    assert said.rest == "et 3\u202f995 de plus"
    assert said.entries[0].head == "▲ élevée · agir"
    assert said.entries[0].fix == "corrigé dans 3.0.13"


def test_what_is_over_is_calm_and_a_test_is_no_alarm() -> None:
    over = say(replace(MESSAGE, matter=Matter.RESOLVED), ENGLISH).look
    assert (over.shape, over.word, over.colour) == ("✓", "resolved", "#2F855A")
    test = say(replace(MESSAGE, matter=Matter.TEST), ENGLISH).look
    assert (test.word, test.colour) == ("test message", "#2B6CB0")


def test_what_is_not_known_is_not_said() -> None:
    said = say(Message("", Matter.OPENED, T("x"), Severity.UNKNOWN, items=(Item(""),)), ENGLISH)
    assert (said.counts, said.rest, said.url, said.summary) == ("", "", "", "")
    assert said.entries[0].head == "? unknown"
    assert said.entries[0].tail == ""
    assert said.entries[0].title == "without a title"


def test_an_identity_belongs_to_one_message_and_a_thread_to_one_matter() -> None:
    first, again = say(MESSAGE, ENGLISH), say(MESSAGE, words("fr"))
    later = say(replace(MESSAGE, matter=Matter.RESOLVED), ENGLISH)
    reopened = say(replace(MESSAGE, sent="2026-02-01T00:00:00Z"), ENGLISH)
    other = say(replace(MESSAGE, key="l"), ENGLISH)
    assert first.identity == again.identity
    assert len({one.identity for one in (first, later, reopened, other)}) == 4
    assert first.thread == later.thread == reopened.thread != other.thread


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://", "//x", "https://x.org/\n", 'https://x.org/"', "data:,x",
     "https://x.org/<b>", "https://x.org/|y", "https://x.org/\u202e", "https://x.org/a b",
     "https://x.org/" + "a" * 1000, "https://x.org:99999/"],
)  # fmt: skip
def test_nobody_is_sent_to_what_is_no_plain_address(url: str) -> None:
    assert address(url) == ""


@given(st.text(), st.text(), st.text())
def test_whatever_is_said_is_one_line_that_steers_nothing(title: str, asset: str, key: str) -> None:
    item = Item(title, asset=asset, component=asset, fix=asset, decision=asset, url=asset,
                facts=((T("policy {name}", name=title), asset),))  # fmt: skip
    said = say(replace(MESSAGE, key=key, title=T("policy {name}", name=title), items=(item,),
                       tenant=asset, sent=asset, url=title), ENGLISH)  # fmt: skip
    entry = said.entries[0]
    for text in (said.headline, said.tenant, said.sent, entry.head, entry.title, entry.tail,
                 *entry.facts):  # fmt: skip
        assert not set(text) & set("\r\n\t\x00\x1b\u202e\u2066\u200f")
        text.encode()


def test_items_are_left_out_until_it_fits() -> None:
    shown: list[int] = []

    def fits(body: dict[str, object]) -> bool:
        shown.append(int(str(body["items"])))
        return False

    body = fitted(MESSAGE, ENGLISH, lambda said: {"items": len(said.entries)}, fits)
    assert shown == [5, 3, 2, 1]
    assert body == {"items": 0}
