"""Vectors: NuGet's documentation of package versions ("Normalized version numbers")."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        (
            "1.0.1-a < 1.0.1-aaa < 1.0.1-alpha < 1.0.1-alpha10 < 1.0.1-alpha2 < 1.0.1-beta"
            " < 1.0.1-open < 1.0.1-rc < 1.0.1-zzz < 1.0.1"
        ),
        "1.0.1-alpha.1 < 1.0.1-alpha.2 < 1.0.1-alpha.10 < 1.0.1-alpha.a",
        "1.0 = 1 = 1.0.0 = 1.0.0.0 = 1.00.0 < 1.0.0.1 < 1.0.1",
        "1.0.0-BETA.1 = 1.0.0-beta.1 < 1.0.0-Beta.2 < 1.0.0-RC < 1.0.0 = 1.0.0+abc",
        "6.0.0-preview.2.21154.6 < 6.0.0-preview.10.1 < 6.0.0-rc.1 < 6.0.0",
        "1.0.0-2147483647 < 1.0.0-10000000000 < 1.0.0-2147483648 < 1.0.0-a",
    ],
)
def test_order(ladder: str) -> None:
    check("nuget", ladder)


def test_what_nuget_refuses_is_refused() -> None:
    check_refused("nuget", "", "1.2.3.4.5", "1.0-", "1.0-a..b", "1.x", "[1.0,2.0)", "1.0.0-é")
