"""One request, and what its answer means."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.receiver import Receiver, receiver

from vigie.model.text import ENGLISH
from vigie.outlets.notifiers._http import Answer, call, judge, seconds, unreachable
from vigie.ports.notifiers import Delivered, Post

NOW = 1_767_225_600.0  # 2026-01-01T00:00:00Z


@pytest.fixture
def web() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def post() -> Iterator[Post]:
    with httpx.Client(trust_env=False) as client:
        yield Post(client, ENGLISH, 20.0, NOW, lambda host, port: None)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_two_hundreds_are_done(status: int) -> None:
    assert judge(status).outcome is Delivered.DONE


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_tried_later(status: int) -> None:
    assert judge(status, 3.0).outcome is Delivered.RETRY
    assert judge(status, 3.0).after == 3.0


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 405, 410, 413, 422])
def test_what_will_not_pass_is_rejected(status: int) -> None:
    assert judge(status, 3.0).outcome is Delivered.REJECTED
    assert judge(status, 3.0).after is None
    assert str(status) in str(judge(status).detail)


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("120", 120.0),
        ("0.65", 0.65),
        (" 7 ", 7.0),
        ("Thu, 01 Jan 2026 00:01:30 GMT", 90.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("99999999", 86400.0),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("9" * 100, None),
    ],
)
def test_a_wait_is_a_number_or_a_date(
    said: str, after: float | None, web: Receiver, post: Post
) -> None:
    web.status, web.headers = 429, {"Retry-After": said}
    assert call(post, web.address).attempt.after == after


@given(st.floats())
def test_a_wait_is_at_most_a_day_and_never_negative(value: float) -> None:
    found = seconds(value)
    assert found is None or 0 <= found <= 86400


def test_a_redirect_is_not_followed(web: Receiver, post: Post) -> None:
    web.status, web.headers = 307, {"Location": f"{web.address}/elsewhere"}
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        answer = call(replace(post, http=client), f"{web.address}/x", json={})
    assert answer.attempt.outcome is Delivered.REJECTED
    assert [request.path for request in web.requests] == ["/x"]


def test_of_a_long_answer_only_the_beginning_is_read(web: Receiver, post: Post) -> None:
    web.body = b"x" * 1_000_000
    answer = call(post, web.address)
    assert len(answer.body) == 64 * 1024
    assert answer.attempt.outcome is Delivered.DONE


def test_no_credentials_come_out_of_the_surroundings(web: Receiver, post: Post) -> None:
    with httpx.Client(trust_env=False, auth=("someone", "else")) as client:
        call(replace(post, http=client), web.address)
    assert "authorization" not in web.requests[0].headers


@pytest.mark.parametrize(
    "url", ["https://exa\u0000mple.org", "http://[", "gopher://x", "x" * 70000]
)
def test_an_address_that_is_none_is_rejected(url: str, post: Post) -> None:
    assert call(post, url).attempt.outcome is Delivered.REJECTED


def test_a_header_that_is_none_is_rejected(web: Receiver, post: Post) -> None:
    answer = call(post, web.address, headers={"X-One": "a\r\nX-Two: b"})
    assert answer.attempt.outcome is Delivered.REJECTED
    assert web.requests == []


def test_the_whole_address_is_in_no_log_while_a_message_goes_out(
    web: Receiver,
    post: Post,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A guarded way out, once opened in this process, shortens every address in the log.
    log = logging.getLogger("httpx")
    own = [f for f in log.filters if getattr(f, "__module__", "") == call.__module__]
    monkeypatch.setattr(log, "filters", own)
    caplog.set_level(logging.DEBUG)
    call(post, f"{web.address}/SECRET")
    assert "SECRET" not in caplog.text
    post.http.get(f"{web.address}/other")  # what others do is logged as ever
    assert "/other" in caplog.text


def test_a_certificate_that_is_not_trusted_is_named() -> None:
    def ended(error: BaseException) -> str:
        return str(unreachable(error).detail)

    try:
        try:
            raise ssl.SSLCertVerificationError("secret.example.org does not match")
        except ssl.SSLError:
            raise httpx.ConnectError("secret.example.org") from None
    except httpx.ConnectError as error:
        assert ended(error) == "the receiver's certificate is not to be trusted"
    assert ended(OSError("secret")) == "the receiver could not be reached"


def test_an_answer_that_never_came_has_no_status(post: Post) -> None:
    with receiver() as web:
        pass
    answer: Answer = call(post, web.address)
    assert (answer.status, answer.attempt.outcome) == (0, Delivered.RETRY)
