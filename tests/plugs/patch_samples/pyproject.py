"""pyproject.toml of several tools, with and without their locks."""

from __future__ import annotations

import tomllib
from typing import Any

from packaging.requirements import Requirement

from tests.plugs.patch_samples import Sample
from vigie.ports.patches import Upgrade


def _up(name: str, old: str, new: str, *, forced: bool = False) -> Upgrade:
    return Upgrade("pypi", name, old, new, forced=forced)


_PEP621 = """\
# top
[project]
name = "shop"  # the name
dependencies = [
  'requests[socks]>=2.0; python_version < "4"',  # why
  "flask==1.0",
  "other @ https://files.example/other.zip",
]

[project.optional-dependencies]
web = ["Django~=3.2.1"]

[dependency-groups]
dev = ["pytest>=6", {include-group = "docs"}]
docs = ["jinja2"]

[build-system]
requires = ["setuptools<65"]
"""
_POETRY = """\
[tool.poetry]
name = "shop"

[tool.poetry.dependencies]
python = "^3.9"
requests = "^2.19"
flask = { version = "1.0", extras = ["async"] } # pinned
django = [
  { version = ">=3.2,<4", python = ">=3.9" },
  { version = "<3", python = "<3.9" },
]
inside = { path = "../inside" }

[tool.poetry.group.dev.dependencies]
jinja2 = "~2.11"
"""
_LOCK = '[[package]]\nname = "urllib3"\nversion = "1.25.1"\n'

SAMPLES = [
    Sample(
        "PEP 621 and 735 without a lock",
        "pyproject.toml",
        {"pyproject.toml": _PEP621},
        (
            _up("requests", "2.1", "2.32.0"), _up("Flask", "1.0", "2.2.5"),
            _up("django", "3.2.1", "3.2.25"), _up("jinja2", "2.0", "3.1.4"),
            _up("setuptools", "60.0", "78.1.1"), _up("other", "1", "2"), _up("absent", "1", "2"),
        ),
        {
            "pyproject.toml": (
                (">=2.0", ">=2.32.0"), ("==1.0", "==2.2.5"), ("~=3.2.1", "~=3.2.1,>=3.2.25"),
                ('"jinja2"', '"jinja2>=3.1.4"'), ("<65", "<79,>=78.1.1"),
            )
        },
        left=("other",),
    ),
    Sample(
        "PEP 621 with uv.lock: ranges that let it in stay",
        "pyproject.toml",
        {"pyproject.toml": _PEP621.replace("\n", "\r\n"), "uv.lock": _LOCK},
        (_up("requests", "2.1", "2.32.0"), _up("flask", "1.0", "2.2.5"),
         _up("urllib3", "1.25.1", "1.26.18")),
        {"pyproject.toml": (("==1.0", "==2.2.5"),)},
        renew='uv lock -P "flask==2.2.5" -P "requests==2.32.0" -P "urllib3==1.26.18"',
    ),
    Sample(
        "uv overrides what others leave out",
        "pyproject.toml",
        {"pyproject.toml": '[tool.uv]\noverride-dependencies = ["six==1.0"]\n', "uv.lock": _LOCK},
        (_up("urllib3", "1.25.1", "2.0.7", forced=True),),
        {"pyproject.toml": (('["six==1.0"', '["six==1.0", "urllib3==2.0.7"'),)},
        renew='uv lock -P "urllib3==2.0.7"',
    ),
    Sample(
        "Poetry without a lock",
        "services/pyproject.toml",
        {"services/pyproject.toml": _POETRY},
        (
            _up("requests", "2.19.1", "2.32.0"), _up("flask", "1.0", "2.2.5"),
            _up("django", "3.2.1", "3.2.25"), _up("jinja2", "2.11.1", "3.1.4"),
        ),
        {
            "services/pyproject.toml": (
                ('"^2.19"', '"^2.32.0"'), ('"1.0"', '"2.2.5"'), (">=3.2,<4", ">=3.2.25,<4"),
                ('"<3"', '"<4,>=3.2.25"'), ('"~2.11"', '"~3.1.4"'),
            )
        },
    ),
    Sample(
        "Poetry with its lock",
        "pyproject.toml",
        {"pyproject.toml": _POETRY, "poetry.lock": _LOCK},
        (
            _up("requests", "2.19.1", "2.32.0"), _up("jinja2", "2.11.1", "3.1.4"),
            _up("urllib3", "1.25.1", "1.26.18"),
        ),
        {"pyproject.toml": (('"~2.11"', '"~3.1.4"'),)},
        renew="poetry update --lock jinja2 requests urllib3",
    ),
]  # fmt: skip

BROKEN = ["[project\n", "a = 1\na = 2\n", "[" * 30_000]


def asked(text: str) -> dict[str, str]:
    """Name and range, as tomllib and `packaging` read them."""
    whole = tomllib.loads(text)
    found: dict[str, str] = {}
    _walk(whole, found)
    return found


def _walk(value: Any, found: dict[str, str]) -> None:
    if isinstance(value, list):
        for one in value:
            if isinstance(one, str) and one not in ("async",):
                requirement = Requirement(one)
                found[requirement.name.lower()] = str(requirement.specifier)
            else:
                _walk(one, found)
    elif isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, dict) and isinstance(one.get("version"), str):
                found[key.lower()] = one["version"]
            elif key in ("requests", "jinja2"):
                found[key] = one
            else:
                _walk(one, found)
