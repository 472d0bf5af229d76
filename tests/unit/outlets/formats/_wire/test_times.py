from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugs.sample_result import rich

from vigie.outlets.formats._wire.times import milliseconds, rfc3339, span, zoneless


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-04T05:06:07Z", "2025-03-04T05:06:07Z"),
        ("2025-03-04T05:06:07.123+02:00", "2025-03-04T03:06:07Z"),
        ("2025-03-04T05:06:07", "2025-03-04T05:06:07Z"),
        ("2025-03-04", "2025-03-04T00:00:00Z"),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_times_are_said_in_utc(text: str, expected: str) -> None:
    assert rfc3339(text) == expected
    assert zoneless(text) == expected.removesuffix("Z")


def test_milliseconds_count_from_1970() -> None:
    assert milliseconds("1970-01-01T00:00:01.500Z") == 1500
    assert milliseconds("") is None


def test_a_span_goes_from_the_first_start_to_the_last_end() -> None:
    result = rich()
    begun, ended = span(result)
    assert (zoneless(begun), zoneless(ended)) == ("2025-03-04T05:00:00", "2025-03-04T05:06:07")
    runs = tuple(replace(run, started="", ended="") for run in result.runs)
    begun, ended = span(replace(result, runs=runs))
    assert begun == ended, "when nobody knows more than when the result was made"
    assert span(replace(result, runs=(), created="?")) == ("", "")
