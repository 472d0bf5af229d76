"""CVSS ratings of reports."""

from __future__ import annotations

import pytest

from vigie.model.observations import Score
from vigie.sources.reports.cvss import cvss_score, cvss_version


@pytest.mark.parametrize(
    ("vector", "version"),
    [
        ("CVSS:3.1/AV:N/AC:L", "3.1"),
        ("CVSS:4.0/AV:N/AC:L", "4.0"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", "2.0"),
        ("AV:N/AC:L/PR:N", ""),
        ("", ""),
    ],
)
def test_version_is_read_from_the_vector(vector: str, version: str) -> None:
    assert cvss_version(vector) == version


def test_vector_wins_over_the_version_given_with_it() -> None:
    vector = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    assert cvss_score("nvd", vector, 9.8, "3.1") == Score("nvd", "3.0", vector, 9.8)


@pytest.mark.parametrize("value", [0, 0.0, None])
def test_zero_without_a_vector_is_not_rated(value: float | None) -> None:
    assert cvss_score("nvd", "", value, "3.1") is None


def test_zero_with_a_vector_is_a_rating_and_an_impossible_figure_is_none() -> None:
    vector = "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N"
    assert cvss_score("nvd", vector, 0.0) == Score("nvd", "3.1", vector, 0.0)
    assert cvss_score("nvd", vector, 98.0) == Score("nvd", "3.1", vector, None)
