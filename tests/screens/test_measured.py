"""What the bench of the screens makes of what a browser measured."""

from __future__ import annotations

from bench.bench_screens import bundle, delays, durations, percentile, spread


def test_an_interaction_is_as_long_as_its_longest_event() -> None:
    events = [
        {"interactionId": 7, "name": "keydown", "duration": 24},
        {"interactionId": 7, "name": "keyup", "duration": 56},
        {"interactionId": 9, "name": "click", "duration": 112},
    ]
    assert durations({"events": events, "count": 2}) == [56, 112]


def test_what_the_browser_does_not_report_counts_as_the_least_that_it_would() -> None:
    events = [{"interactionId": 1, "name": "keydown", "duration": 40}]
    assert durations({"events": events, "count": 3}) == [40, 16.0, 16.0]


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([5, 1, 4, 2, 3], 50) == 3
    assert percentile([5, 1, 4, 2, 3], 98) == 5
    assert percentile([8], 95) == 8


def test_nothing_measured_is_said_and_is_no_zero() -> None:
    assert spread([]) == delays([]) == "none was measured"


def test_answers_of_the_api_are_no_part_of_the_bundle() -> None:
    came = {"Script": 300_000, "Stylesheet": 40_000, "Fetch": 14_000, "Image": 1_000}
    assert bundle(came) == (
        "341 kB (JavaScript 300 kB, CSS 40 kB, other 1 kB); answers of the API 14 kB"
    )
