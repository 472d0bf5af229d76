"""What was resolved is masked wherever it turns up: in logs, tracebacks and answers."""

from __future__ import annotations

import base64
import copy
import io
import json
import logging
import pickle
import urllib.parse
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.ports.secrets import SecretValue
from vigie.services.redaction import Redactor
from vigie.wiring.words import words

VALUE = 'p@ss/w+rd "quoted" é=1'


@pytest.fixture
def redactor() -> Redactor:
    known = Redactor()
    known.add(SecretValue(VALUE))
    return known


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        urllib.parse.quote(VALUE),
        urllib.parse.quote(VALUE, safe=""),
        urllib.parse.quote_plus(VALUE),
        urllib.parse.quote(VALUE, safe="").replace("%C3%A9", "%c3%a9").replace("%2F", "%2f")
        .replace("%2B", "%2b").replace("%3D", "%3d"),
        json.dumps(VALUE),
        json.dumps(VALUE, ensure_ascii=False),
        repr(VALUE),
        repr(VALUE.encode()),
        VALUE.encode().hex(),
        VALUE.replace('"', "&quot;"),
    ],
)  # fmt: skip
def test_every_way_to_write_it_is_masked(redactor: Redactor, form: str) -> None:
    masked = redactor.mask(f"before {form} after {form}")
    assert masked.count("***") == 2
    assert "ss" not in masked
    assert "717561" not in masked  # "qua" in hexadecimal
    assert masked.startswith("before ")


@given(st.text(min_size=4, max_size=40), st.binary(max_size=7), st.binary(max_size=7))
def test_base64_of_more_than_it_is_masked(value: str, before: bytes, after: bytes) -> None:
    known = Redactor()
    known.add(SecretValue(value))
    data = value.encode("utf-8", "surrogatepass")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(before + data + after).decode()
        assert "***" in known.mask(text)


@given(st.lists(st.text("abcé\n ", min_size=4, max_size=12), min_size=1), st.text("abcé\n "))
def test_nothing_known_is_left_in_any_text(values: list[str], filler: str) -> None:
    known = Redactor()
    for value in values:
        known.add(SecretValue(value))
    masked = known.mask(filler.join(["", *values, ""]))
    assert not any(value in piece for value in values for piece in masked.split("***"))


@pytest.mark.parametrize("values", [("abcd", "abcdef"), ("abcdef", "abcd")], ids=str)
def test_the_longer_of_two_that_begin_alike_is_masked_whole(values: tuple[str, ...]) -> None:
    known = Redactor()
    for value in values:
        known.add(SecretValue(value))
    assert known.mask("-abcdef-abcd-") == "-***-***-"


def test_what_is_not_known_stays(redactor: Redactor) -> None:
    assert redactor.mask("nothing in here") == "nothing in here"
    assert Redactor().mask("") == ""
    short = Redactor()
    short.add(SecretValue("abc"))
    assert short.mask("abcabc") == "abcabc"  # it would tell more than it hides


def test_each_line_of_a_key_is_masked() -> None:
    lines = ["-----BEGIN KEY-----", "MC4CAQAwBQYDK2VwBCIEIA", "-----END KEY-----"]
    known = Redactor()
    known.add(SecretValue("\n".join(lines)))
    assert "MC4CAQAw" not in known.mask(f"cannot read {lines[1]}")


def logged(known: Redactor, *after: Any) -> tuple[structlog.BoundLogger, io.StringIO]:
    stream = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(stream), processors=[known, *after], cache_logger_on_first_use=False
    )
    return logger, stream


@pytest.mark.parametrize(
    "renderer",
    [structlog.processors.JSONRenderer(), structlog.dev.ConsoleRenderer(colors=False)],
    ids=["json", "console"],
)
def test_a_log_line_shows_nothing(redactor: Redactor, renderer: Any) -> None:
    logger, stream = logged(redactor, renderer)
    value = SecretValue(VALUE)
    nested = {"headers": [("authorization", VALUE)], VALUE: VALUE.encode(), "n": 4}
    event = f"sent {VALUE}"
    try:
        raise ValueError(f"refused {VALUE}")
    except ValueError:
        logger.exception(event, value=value, nested=nested)
    shown = stream.getvalue()
    assert "w+rd" not in shown
    assert shown.count("***") >= 5
    assert "ValueError: refused ***" in shown
    assert "SecretValue(***)" in shown


def test_the_standard_librarys_log_shows_nothing(redactor: Redactor) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(redactor)
    logger = logging.Logger("of a library")
    logger.addHandler(handler)
    try:
        raise ValueError(VALUE)
    except ValueError:
        logger.exception("sent %s to %d", VALUE, 4)
    assert "w+rd" not in stream.getvalue()
    assert "sent *** to 4" in stream.getvalue()
    assert "ValueError: ***" in stream.getvalue()


def test_an_error_is_masked_in_both_languages(redactor: Redactor) -> None:
    message = T("there is no {kind} {name!r}", kind=(VALUE, "x"), name=VALUE)
    error = redactor.mask_error(SourceError(message, T("Choose from: {names}", names=(VALUE,))))
    for lang in ("en", "fr"):
        say = words(lang)
        assert "w+rd" not in say(error.message) + say(error.hint) + str(error) + repr(error)
        assert say(error.message).count("***") == 2


def test_a_line_that_holds_itself_ends(redactor: Redactor) -> None:
    endless: list[object] = [VALUE]
    endless.append(endless)
    assert "w+rd" not in repr(redactor.mask_all(endless))


def test_it_shows_nothing_of_what_it_knows(redactor: Redactor) -> None:
    assert "w+rd" not in repr(redactor) + str(redactor)
    for attempt in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(redactor)
