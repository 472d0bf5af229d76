"""`vigie version`: what to paste into a bug report."""

from __future__ import annotations

from tests.unit.faces.cli.conftest import Call

import vigie as package


def test_version_names_vigie_and_counts_its_plugs(vigie: Call) -> None:
    done = vigie("version")
    assert done.code == 0
    assert done.out.startswith(f"vigie {package.__version__}\npython 3.")
    assert "report formats" in done.out


def test_verbose_names_the_plugs(vigie: Call) -> None:
    assert "grype" not in vigie("version").out
    assert "grype" in vigie("version", "-v").out
