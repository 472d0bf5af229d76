"""package.json beside the locks of several tools."""

from __future__ import annotations

import json

from tests.plugs.patch_samples import Sample
from vigie.ports.patches import Upgrade


def _up(name: str, old: str, new: str, *, paths: tuple[str, ...] = ()) -> Upgrade:
    return Upgrade("npm", name, old, new, paths)


_MANIFEST = """\
{
  "name": "shop",
  "version": "1.0.0",
  "dependencies": {
    "lodash": "^4.17.0",
    "axios": "0.19.0",
    "own": "git+https://git.example/own.git"
  },
  "devDependencies": { "mocha": "~6.1.0", "é": "1.0.0 - 2.0.0" }
}
"""
_LOCK = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {"lodash": "^4.17.0"}},
            "node_modules/lodash": {"version": "4.17.10"},
            "node_modules/axios": {"version": "0.19.0",
                                   "dependencies": {"follow-redirects": "1.5.10", "qs": "^6.0.0"}},
            "node_modules/follow-redirects": {"version": "1.5.10"},
            "node_modules/qs": {"version": "6.1.0"},
            "node_modules/mocha/node_modules/minimist": {"version": "0.0.8"},
            "node_modules/minimist": {"version": "1.2.0"},
            "node_modules/mkdirp": {"version": "0.5.1", "dependencies": {"minimist": "0.0.8"}},
        },
    }
)  # fmt: skip
_OLD_LOCK = json.dumps(
    {
        "lockfileVersion": 1,
        "dependencies": {
            "axios": {"version": "0.19.0", "requires": {"follow-redirects": "1.5.10"}},
            "follow-redirects": {"version": "1.5.10"},
        },
    }
)
_OVERRIDES = """\
"overrides": {
    "follow-redirects": "1.15.6",
    "minimist@0.0.8": "0.2.4"
  }"""
_RENEW = "npm update {} --package-lock-only --ignore-scripts"

SAMPLES = [
    Sample(
        "without a lock",
        "web/package.json",
        {"web/package.json": _MANIFEST},
        (_up("lodash", "4.17.10", "4.17.21"), _up("axios", "0.19.0", "1.6.0"),
         _up("mocha", "6.1.0", "10.1.0"), _up("own", "1", "2"), _up("é", "1.5.0", "2.1.0")),
        {"web/package.json": (("^4.17.0", "^4.17.21"), ("0.19.0", "1.6.0"), ("~6.1.0", "~10.1.0"),
                              ("1.0.0 - 2.0.0", "^2.1.0"))},
        left=("own",),
    ),
    Sample(
        "package-lock.json: ranges stay where they let it in, overrides where others do not",
        "package.json",
        {"package.json": _MANIFEST, "package-lock.json": _LOCK},
        (_up("lodash", "4.17.10", "4.17.21"), _up("axios", "0.19.0", "1.6.0"),
         _up("follow-redirects", "1.5.10", "1.15.6"), _up("qs", "6.1.0", "6.5.3"),
         _up("minimist", "0.0.8", "0.2.4"), _up("gone", "1.0.0", "2.0.0")),
        {"package.json": (
            ("0.19.0", "1.6.0"),
            ('2.0.0" }\n', f'2.0.0" }},\n  {_OVERRIDES}\n'),
        )},
        renew=_RENEW.format("axios follow-redirects lodash minimist qs"),
    ),
    Sample(
        "the first layout of package-lock.json",
        "package.json",
        {"package.json": '{"dependencies":{"axios":"0.19.0"}}', "package-lock.json": _OLD_LOCK},
        (_up("follow-redirects", "1.5.10", "1.15.6"),),
        {"package.json": (('"0.19.0"}', '"0.19.0"},"overrides": {"follow-redirects": "1.15.6"}'),)},
        renew=_RENEW.format("follow-redirects"),
    ),
    Sample(
        "pnpm-lock.yaml is not taken apart",
        "package.json",
        {"package.json": _MANIFEST.replace("\n", "\r\n"), "pnpm-lock.yaml": "lockfileVersion: 9"},
        (_up("axios", "0.19.0", "1.6.0"), _up("qs", "6.1.0", "6.5.3", paths=("pnpm-lock.yaml",))),
        {"package.json": (("0.19.0", "1.6.0"),)},
        renew="pnpm update --lockfile-only axios qs",
    ),
]  # fmt: skip

BROKEN = ["{", "[]", '{"a": 1, "a": 2}', '{"a": ' + "[" * 100_000]


def asked(text: str) -> dict[str, str]:
    """Name and range of every section, as `json` reads them."""
    whole = json.loads(text)
    sections = ("dependencies", "devDependencies", "overrides")
    return {name: said for section in sections for name, said in whole.get(section, {}).items()}
