"""Imports run one way, and the rule is shown to catch those that do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.import_rule import (
    PURE,
    broken_imports,
    imports,
    impurities,
    modules,
    strangers,
)

MODULES = list(modules())

LATE = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from vigie.wiring.settings import Settings
"""
DATA = "from importlib.resources import files\nfiles('vigie.catalog')"


def test_no_module_imports_upwards_or_sideways() -> None:
    assert len(MODULES) > 30
    assert [why for name, text in MODULES for why in broken_imports(text, name)] == []


def test_model_is_standard_library_only() -> None:
    found = [w for n, t in MODULES if n.startswith("vigie.model") for w in strangers(t, n)]
    assert found == []


def test_pure_rooms_touch_no_file_clock_network_or_chance() -> None:
    found = [
        why
        for name, text in MODULES
        if len(name.split(".")) > 1 and name.split(".")[1] in PURE
        for why in impurities(text, name)
    ]
    assert found == []


# What speaks to a database. SQL that is built from our own tables is another matter.
DRIVERS = frozenset({"sqlite3", "psycopg", "redis", "nats", "duckdb"})


def drivers_of(text: str, name: str) -> list[str]:
    """The drivers that a module imports and should not."""
    if name.split(".")[1:2] in (["stores"], ["sources"]):  # a source reads other people's files
        return []
    return [one.name for one in imports(text, name) if one.name.split(".")[0] in DRIVERS]


def test_only_stores_open_databases() -> None:
    assert {name: found for name, text in MODULES if (found := drivers_of(text, name))} == {}
    assert drivers_of("def f():\n    from sqlite3 import connect\n", "vigie.services.x")


@pytest.mark.parametrize(
    ("importer", "text"),
    [
        ("vigie.model.x", "import vigie.ports.reports"),
        ("vigie.model.x", "from vigie.services import intake"),
        ("vigie.ports.x", "from vigie import faces"),
        ("vigie.triage.x", "def f():\n    from vigie.services.intake import Reading\n"),
        ("vigie.triage.x", "class A:\n    def f(self):\n        import vigie.sources.reports\n"),
        ("vigie.triage.x", "import importlib\nimportlib.import_module('vigie.outlets.formats')"),
        ("vigie.triage.x", "from importlib import import_module as i\nNAME = 'vigie.faces.cli'"),
        ("vigie.sources.x", "m = __import__('vigie.wiring.plugs')"),
        ("vigie.services.x", "import importlib\nimportlib.import_module(f'vigie.faces.{name}')"),
        ("vigie.services.x", LATE),
        ("vigie.sources.reports.x", "from vigie.triage import merge"),
        ("vigie.outlets.formats.x", "from vigie.sources.reports import tree"),
        ("vigie.outlets.formats.x", "from vigie.outlets.documents import html"),
        ("vigie.outlets.phrases.x", "from vigie.outlets.documents import html"),
        ("vigie.sources.scanners.x", "from vigie.sources.reports.document import Limits"),
        ("vigie.sources.scanners.x", "from ..reports import document"),
        ("vigie.wiring.x", "from vigie.faces.cli.session import Session"),
        ("vigie.watch.x", "import vigie.comply"),
    ],
)  # fmt: skip
def test_an_import_that_runs_the_wrong_way_is_caught(importer: str, text: str) -> None:
    assert broken_imports(text, importer)


@pytest.mark.parametrize(
    ("importer", "text"),
    [
        ("vigie.faces.cli.x", "from vigie.services.intake import Reading"),
        ("vigie.services.x", "from vigie.sources.reports import document\nimport vigie.triage"),
        ("vigie.sources.reports.parsers.x", "from vigie.sources.reports.tree import Node"),
        ("vigie.sources.reports.x", "from .parsers import grype"),
        ("vigie.outlets.documents.x", "from vigie.outlets.phrases import labels"),
        ("vigie.sources.reports.x", "import json, msgspec\nfrom vigie.model.text import T"),
        ("vigie.sources.reports.x", "'''About vigie.faces.cli, in words.'''\nA='vigie.reports'"),
        ("vigie.outlets.documents.x", DATA),
        ("vigie.wiring.x", "PLACES = ('vigie.outlets.formats', 'vigie.sources.reports.parsers')"),
    ],
)  # fmt: skip
def test_an_import_that_runs_the_right_way_is_left_alone(importer: str, text: str) -> None:
    assert broken_imports(text, importer) == []


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "def f():\n    import time\n",
        "from pathlib import Path",
        "x = open('file')",
        "from datetime import date\ntoday = date.today()",
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "m = __import__('socket')",
    ],
)
def test_what_is_not_pure_is_caught(text: str) -> None:
    assert impurities(text, "vigie.triage.x")


def test_what_is_pure_is_left_alone() -> None:
    text = "import re\nfrom datetime import date\nd = date.fromisoformat('2025-01-01')\n"
    assert impurities(text, "vigie.triage.x") == []


def test_a_third_party_import_in_the_model_is_caught() -> None:
    assert strangers("def f():\n    import msgspec\n", "vigie.model.x")
    assert strangers("from vigie.ports import reports", "vigie.model.x")
    assert strangers("import json\nfrom vigie.model.text import T", "vigie.model.x") == []


# What a person waits for, or what brings a whole world with it.
HEAVY = (
    "asyncio", "cryptography", "cvss", "defusedxml", "email", "http", "httpx", "jinja2", "msgspec",
    "multiprocessing", "packageurl", "packaging", "rich", "semantic_version", "sqlite3", "ssl",
    "structlog", "tomlkit", "typst", "urllib.request", "xlsxwriter", "xml", "yaml", "zstandard",
    "vigie.outlets", "vigie.services", "vigie.sources", "vigie.stores", "vigie.triage",
)  # fmt: skip
# What only some of the work needs: the network, signatures, patches, layers, lists of packages.
ON_DEMAND = (
    "asyncio", "cryptography", "defusedxml", "httpx", "jinja2", "tomlkit", "typst", "xlsxwriter",
    "zstandard", "vigie.outlets.documents.html", "vigie.sources.filesystems.registry.client",
    "vigie.sources.packages.readers.dpkg", "vigie.outlets.patches.editors.pyproject",
    "vigie.sources.scanners.clair.client",
)  # fmt: skip


def loaded_by(*arguments: str, lang: str = "en") -> set[str]:
    """The modules that `vigie` with these arguments imports."""
    return loaded(f"from vigie.faces.cli.main import run; run({arguments!r}, {{'LANG': {lang!r}}})")


def loaded(code: str) -> set[str]:
    ask = f"{code}; import sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_starting_imports_nothing_heavy() -> None:
    for found in (
        loaded("import vigie"),
        loaded_by("--help"),
        loaded_by("--version"),
        loaded_by("scna", lang="fr_FR"),
    ):
        assert "vigie" in found
        assert sorted(found & set(HEAVY)) == []


def test_finding_plugs_imports_nothing_heavy() -> None:
    """The folders of plugs are packages of their rooms; none of what lies in them is imported."""
    places = ("REPORTS", "SCANNERS", "OUTLETS", "PACKAGES", "PATCHES", "NOTIFIERS")
    listed = "; ".join(f"list(plugs.Plugs(plugs.{place}))" for place in places)
    found = loaded(f"from vigie.wiring import plugs; {listed}")
    assert "vigie.sources.packages.readers" in found
    assert sorted(found & (set(ON_DEMAND) | {"msgspec", "rich", "sqlite3", "ssl", "yaml"})) == []
    assert "vigie.wiring.careful" not in found


@pytest.mark.parametrize("command", ["scan", "sbom", "fix", "db", "scanners", "gate", "merge"])
def test_a_commands_help_imports_nothing_that_only_its_work_needs(command: str) -> None:
    found = loaded_by(command, "--help")
    assert f"vigie.faces.cli.commands.{command}" in found
    assert sorted(found & set(ON_DEMAND)) == []


def test_a_list_of_packages_needs_no_network_no_signatures_and_no_patches(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six==1.16.0\n")
    found = loaded_by("sbom", str(tmp_path))
    assert "vigie.sources.packages.readers.requirements_txt" in found
    assert (
        sorted(found & {"asyncio", "cryptography", "httpx", "jinja2", "tomlkit", "zstandard"}) == []
    )
