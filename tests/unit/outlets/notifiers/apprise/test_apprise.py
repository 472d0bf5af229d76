"""What apprise is given to say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugs.test_notifiers import MESSAGE

from vigie.model.errors import UserError
from vigie.model.text import ENGLISH, T
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.apprise import NOTIFIER, text
from vigie.ports.notifiers import Channel, Item
from vigie.ports.secrets import SecretValue


def test_what_any_service_may_read_as_more_than_text_is_disarmed() -> None:
    nasty = "<!channel> @everyone [x](https://evil.example) `code` <b>"
    item = Item(nasty, asset=nasty, url="https://vigie.example.org/1", facts=((T("x"), nasty),))
    message = replace(MESSAGE, items=(item,), summary=T("{x}", x=nasty))
    body = text(say(message, ENGLISH))
    assert not set(body) & set("<>[]`")
    assert "@everyone" not in body
    assert "https://vigie.example.org/1\n" in body
    assert body.endswith(MESSAGE.url)


def test_paragraphs_have_one_empty_line_between_them() -> None:
    body = text(say(MESSAGE, ENGLISH))
    assert "\n\n\n" not in body
    assert body.count("\n\n") == 4


@pytest.mark.parametrize("url", ["no-such-service://x", "json://", "https://example.org/SECRET"])
def test_an_address_that_apprise_does_not_know_is_refused(url: str) -> None:
    with pytest.raises(UserError) as told:
        NOTIFIER.check(Channel({}, {"url": SecretValue(url)}))
    assert url not in f"{told.value} {told.value.hint}"
