"""Pipfiles."""

from __future__ import annotations

import tomllib

from tests.plugs.patch_samples import Sample
from vigie.ports.patches import Upgrade


def _up(name: str, old: str, new: str) -> Upgrade:
    return Upgrade("pypi", name, old, new)


_PIPFILE = """\
[[source]]
url = "https://index.example/simple"
verify_ssl = true
name = "pypi"

[packages]
requests = "==2.19.0" # keep
flask = {version = ">=1.0", extras = ["async"]}
django = "*"
inside = {path = "."}

[dev-packages]
Jinja2 = '~=2.11'

[requires]
python_version = "3.11"
"""
_UPS = (_up("requests", "2.19.0", "2.32.0"), _up("flask", "1.0", "2.2.5"),
        _up("django", "3.2.1", "3.2.25"), _up("jinja2", "2.11.1", "3.1.4"))  # fmt: skip

SAMPLES = [
    Sample(
        "without a lock",
        "Pipfile",
        {"Pipfile": _PIPFILE},
        (*_UPS, _up("inside", "1", "2")),
        {
            "Pipfile": (
                ("2.19.0", "2.32.0"), (">=1.0", ">=2.2.5"), ('"*"', '">=3.2.25"'),
                ("~=2.11", "~=3.1,>=3.1.4"),
            )
        },
        left=("inside",),
    ),
    Sample(
        "with its lock",
        "Pipfile",
        {"Pipfile": _PIPFILE, "Pipfile.lock": '{"_meta": {}, "default": {"urllib3": {}}}'},
        (*_UPS[:2], _up("urllib3", "1.25.1", "1.26.18")),
        {"Pipfile": (("2.19.0", "2.32.0"),)},
        renew='pipenv upgrade --lock-only "urllib3>=1.26.18"',
    ),
]  # fmt: skip

BROKEN = ["[packages\n"]


def asked(text: str) -> dict[str, str]:
    """Name and specifiers, as tomllib reads them."""
    whole = tomllib.loads(text)
    return {
        name.lower(): said if isinstance(said, str) else said.get("version", "")
        for category in ("packages", "dev-packages")
        for name, said in whole[category].items()
    }
