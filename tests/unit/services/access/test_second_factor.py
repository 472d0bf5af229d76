"""Codes work once, near their time; recovery codes work once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlparse

import pyotp
import pytest
from defusedxml.ElementTree import fromstring

from vigie.services.access.second_factor import (
    accepted_step,
    new_recovery_codes,
    new_secret,
    otpauth_uri,
    qr_svg,
    recovery_hash,
    spend_recovery_code,
)

# RFC 6238, appendix B: the seed "12345678901234567890", and its codes' last six digits.
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert accepted_step(SEED, code, at(seconds), None) == seconds // 30


def test_one_step_either_way_is_taken_and_two_are_not() -> None:
    now = at(1234567890)
    codes = {off: pyotp.TOTP(SEED).at(now, counter_offset=off) for off in range(-2, 3)}
    taken = {off for off, code in codes.items() if accepted_step(SEED, code, now, None) is not None}
    assert taken == {-1, 0, 1}


def test_a_code_works_once_and_no_older_one_after_it() -> None:
    now = at(1234567890)
    current = pyotp.TOTP(SEED).at(now)
    before = pyotp.TOTP(SEED).at(now, counter_offset=-1)
    step = accepted_step(SEED, current, now, None)
    assert step is not None
    assert accepted_step(SEED, current, now, step) is None
    assert accepted_step(SEED, current, now + timedelta(seconds=20), step) is None
    assert accepted_step(SEED, before, now, step) is None
    after = pyotp.TOTP(SEED).at(now, counter_offset=1)
    assert accepted_step(SEED, after, now, step) == step + 1


def test_digits_may_be_set_apart() -> None:
    assert accepted_step(SEED, " 005 924 ", at(1234567890), None) is not None


@pytest.mark.parametrize("code", ["", "00592", "0059240", "abcdef", "٠٠٥٩٢٤", "-05924", "0" * 900])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert accepted_step(SEED, code, at(1234567890), None) is None


def test_secrets_are_long_and_new() -> None:
    assert len({new_secret() for _ in range(20)}) == 20
    assert all(len(pyotp.TOTP(new_secret()).byte_secret()) == 20 for _ in range(5))


def test_the_uri_says_all_that_an_app_needs() -> None:
    got = urlparse(otpauth_uri(SEED, "élise@example.org"))
    assert (got.scheme, got.netloc) == ("otpauth", "totp")
    query = parse_qs(got.query)
    assert query["secret"] == [SEED]
    assert query["issuer"] == ["Vigie"]


def test_the_picture_is_svg_without_scripts_or_outside_references() -> None:
    svg = qr_svg(otpauth_uri(SEED, "elise@example.org"))
    root = fromstring(svg)
    assert root.tag.endswith("svg")
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {"svg", "path", "g", "title"}
    assert "href" not in svg
    assert qr_svg(otpauth_uri(SEED, "other@example.org")) != svg


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    hashes = tuple(recovery_hash(code) for code in codes)
    typed = codes[3].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    left = spend_recovery_code(hashes, typed)
    assert left is not None
    assert len(left) == 9
    assert spend_recovery_code(left, codes[3]) is None
    assert spend_recovery_code(left, codes[4]) is not None


@pytest.mark.parametrize("code", ["", "----", "0000-0000-0000-0000", "\ud800", "x" * 10_000])
def test_what_is_no_recovery_code_spends_none(code: str) -> None:
    hashes = tuple(recovery_hash(each) for each in new_recovery_codes())
    assert spend_recovery_code(hashes, code) is None


def test_what_is_stored_does_not_show_the_code() -> None:
    code = new_recovery_codes()[0]
    assert code.replace("-", "") not in recovery_hash(code)
