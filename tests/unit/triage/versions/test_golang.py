"""Vectors: the Go modules reference, golang.org/x/mod/semver, and go.dev/doc/toolchain."""

from __future__ import annotations

from tests.unit.triage.versions.ladder import check, check_refused


def test_pseudo_versions_are_below_what_they_lead_to() -> None:
    check(
        "golang",
        "v0.0.0-20190213061140-3a22650c66bd < v0.0.0-20210921155107-089bfa567519"
        " < v1.2.3-pre.0.20191109021931-daa7c04131f5"
        " < v1.2.3 < v1.2.4-0.20191109021931-daa7c04131f5"
        " < v1.2.4 = v1.2.4+incompatible < v2.0.0+incompatible",
    )


def test_the_standard_library_is_named_as_go_names_itself() -> None:
    check(
        "golang",
        "go1.9.7 < go1.10beta2 = 1.10beta2 < go1.10rc1 < go1.10 = 1.10.0 = v1.10 < go1.21rc2"
        " = 1.21.0-rc.2 < go1.21.0 = go1.21 = go1.21.0-fips = go1.21.0 X:boringcrypto"
        " < go1.21.10 < go1.22rc1",
    )


def test_a_prerelease_of_the_standard_library_is_above_the_first_of_its_line() -> None:
    check("golang", "1.21.13 < 1.22.0-0 < go1.22rc1 < 1.22.0")


def test_what_names_no_release_is_refused() -> None:
    check_refused("golang", "", "(devel)", "devel", "go", "gopher1.2", "none")
