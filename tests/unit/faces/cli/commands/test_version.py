"""`vigie version`: what to paste into a bug report."""

from __future__ import annotations

from tests.unit.faces.cli.conftest import Call

import vigie as package


def test_version_names_vigie_and_counts_its_plugs(vigie: Call) -> None:
    done = vigie("version")
    assert done.code == 0
    assert done.out.startswith(f"vigie {package.__version__}\npython 3.")
    for kind in (
        "report formats",
        "scanners",
        "package readers",
        "patch editors",
        "output formats",
    ):
        assert kind in done.out


def test_verbose_names_the_plugs(vigie: Call) -> None:
    assert "grype" not in vigie("version").out
    told = vigie("version", "-v").out
    assert all(name in told for name in ("grype", "package-lock", "pom-xml", "cyclonedx"))
