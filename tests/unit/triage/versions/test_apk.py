"""Vectors: test/version.data of apk-tools, and the verdicts of apk-tools 2.10."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        "0.1.0_alpha_pre2 < 0.1.0_alpha < 0.1.0_alpha2 < 0.1.0 < 0.1.3_alpha < 2.2.39-r1",
        "1.0_beta2 < 1.0 < 1.0.3 < 1.0.3-r2 < 1.1_alpha1 < 1.1 < 1.1-r0 < 1.1-r1 < 1.1.1",
        "1.0.4-r3 < 1.0.4-r4 < 1.6 < 1.39",
        "2.3.0 < 2.3.0b < 2.3.0b-r1 < 2.3.0b-r2 < 2.3.0b-r10 < 2.3.0c",
        "3.1 < 3.1_p < 3.1_p9 < 3.1_p16 < 3.1_p17 < 3.1a < 3.1.1",
        "1.0_alpha < 1.0_beta < 1.0_pre < 1.0_rc < 1.0 < 1.0_cvs < 1.0_svn < 1.0_git < 1.0_hg",
        "1.0_hg < 1.0_p < 1.0_p1 < 1.0_p1_p < 1.0a",
        "0.99.3.20040818 < 006 = 6 < 20050718-r1",
        "1.0.0_pre20191002222144-r0 < 1.0.0_pre20210530193627-r0",
        "1.3_pre1-r1 < 1.3-r0 < 1.3.1-r0 < 1.3.2",
        "1.00_beta2 < 1.00 < 1.06 < 1.060 < 1.5 < 1.10",
        "1.2 < 1.2-r1 < 1.2~abc < 1.2~abc-r1 < 1.2~abd < 1.2_git1~0a-r0",
    ],
)
def test_order(ladder: str) -> None:
    check("apk", ladder)


def test_what_is_invalid_to_apk_is_refused() -> None:
    check_refused(
        "apk",
        "",
        "1.0bc",
        "23_foo",
        "1.0-1",
        "1.0-r",
        "1..0",
        "1.0B",
        "1.0_",
        "a",
        "1.0~xyz",
        "1_p_",
    )
