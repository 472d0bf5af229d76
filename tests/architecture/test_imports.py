"""Imports run one way, and the rule is shown to catch those that do not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.import_rule import (
    PURE,
    broken_imports,
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
    "asyncio", "cvss", "email", "http", "jinja2", "msgspec", "multiprocessing", "rich", "sqlite3",
    "ssl", "structlog", "typst", "urllib.request", "xlsxwriter", "xml", "yaml",
    "vigie.outlets", "vigie.services", "vigie.sources", "vigie.triage",
)  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "import vigie",
        "from vigie.faces.cli.main import run; run(['--help'], {})",
        "from vigie.faces.cli.main import run; run(['--version'], {})",
        "from vigie.faces.cli.main import run; run(['scna'], {'LANG': 'fr_FR'})",
    ],
)
def test_starting_imports_nothing_heavy(code: str) -> None:
    ask = f"{code}; import sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "vigie" in loaded
    assert sorted(loaded & set(HEAVY)) == []
