"""requirements.txt in all its shapes."""

from __future__ import annotations

from packaging.requirements import InvalidRequirement, Requirement

from tests.plugs.patch_samples import Sample
from vigie.ports.patches import Upgrade


def _up(name: str, old: str, new: str, *hashes: str) -> Upgrade:
    return Upgrade("pypi", name, old, new, hashes=hashes)


_PINS = """\
# what the shop needs
requests[socks]==2.19.0 ; python_version >= "3"  # keep: proxies
Django == 3.2.1
flask >= 1.0, <2.0
urllib3~=1.25
jinja2 # any
PyYAML>5.0,!=5.2
odd==1.0
local @ https://files.example/local.zip
-e .
--extra-index-url=https://index.example/simple
"""
_CRLF = "requests==2.19.0\r\nDjango==3.2.1  # lts\r\n\r\nurllib3==1.25.1"
_HASHED = """\
django==3.2.1 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
    # via -r requirements.in
requests==2.19.0 --hash=sha256:cccc
six==1.0 \\
    --hash=sha256:dddd
"""

SAMPLES = [
    Sample(
        "pins, ranges, extras, markers, comments",
        "requirements.txt",
        {"requirements.txt": _PINS},
        (
            _up("requests", "2.19.0", "2.32.0"),
            _up("django", "3.2.1", "3.2.25"),
            _up("Flask", "1.0.1", "2.2.5"),
            _up("urllib3", "1.25.1", "1.26.18"),
            _up("jinja2", "2.0", "3.1.4"),
            _up("pyyaml", "5.1", "5.4"),
            _up("odd", "2.0", "2.1"),
            _up("local", "1", "2"),
        ),
        {
            "requirements.txt": (
                ("2.19.0", "2.32.0"),
                ("3.2.1", "3.2.25"),
                (">= 1.0, <2.0", ">= 2.2.5, <3.0"),
                ("~=1.25", "~=1.25,>=1.26.18"),
                ("jinja2", "jinja2>=3.1.4"),
                (">5.0", ">=5.4"),
            )
        },
        left=("local", "odd"),
    ),
    Sample(
        "Windows line endings and no end of line",
        "requirements-dev.txt",
        {"requirements-dev.txt": _CRLF},
        (_up("Requests", "2.19.0", "2.32.0"), _up("urllib3", "1.25.1", "1.26.18")),
        {"requirements-dev.txt": (("2.19.0", "2.32.0"), ("1.25.1", "1.26.18"))},
    ),
    Sample(
        "hashes",
        "requirements.txt",
        {"requirements.txt": _HASHED},
        (
            _up("django", "3.2.1", "3.2.25", "sha256:1111", "sha256:2222", "sha256:3333"),
            _up("requests", "2.19.0", "2.32.0", "sha256:4444", "sha256:5555"),
            _up("six", "1.0", "1.16.0"),
        ),
        {
            "requirements.txt": (
                ("3.2.1", "3.2.25"),
                ("sha256:aaaa", "sha256:1111"),
                ("sha256:bbbb", "sha256:2222 \\\n    --hash=sha256:3333"),
                ("2.19.0", "2.32.0"),
                ("sha256:cccc", "sha256:4444 --hash=sha256:5555"),
            )
        },
        left=("six",),
    ),
    Sample(
        "includes and constraints",
        "requirements.txt",
        {
            "requirements.txt": "-r more/web.txt\n-c constraints.txt\n-r ../out.txt\nrequests\n",
            "more/web.txt": "django==3.2.1\n-r ../requirements.txt\n",
            "constraints.txt": "requests==2.19.0\n",
            "out.txt": "django==3.2.1\n",
        },
        (_up("django", "3.2.1", "3.2.25"), _up("requests", "2.19.0", "2.32.0")),
        {
            "requirements.txt": (("requests", "requests>=2.32.0"),),
            "more/web.txt": (("3.2.1", "3.2.25"),),
            "constraints.txt": (("2.19.0", "2.32.0"),),
        },
    ),
    Sample(
        "what a compiled file is made from keeps its ranges",
        "requirements.in",
        {
            "requirements.in": "django>=3,<4\nflask<2\n",
            "requirements.txt": "django==3.2.1\nflask==1.0\n",
        },
        (_up("django", "3.2.1", "3.2.25"), _up("flask", "1.0", "2.2.5")),
        {"requirements.in": (("<2", "<3"),)},
    ),
]  # fmt: skip

BROKEN = ["requests==1\x00.0\n", "x" * 2_000_000]


def asked(text: str) -> dict[str, str]:
    """Name and specifiers, as `packaging` reads them."""
    found: dict[str, str] = {}
    joined = text.replace("\\\r\n", " ").replace("\\\n", " ")
    for line in joined.splitlines():
        code = line.partition(" #")[0].partition(" --hash")[0].strip()
        if not code or code.startswith(("-", "#")):
            continue
        try:
            requirement = Requirement(code)
        except InvalidRequirement as error:
            raise AssertionError(line) from error
        found[requirement.name.lower()] = str(requirement.specifier)
    return found
