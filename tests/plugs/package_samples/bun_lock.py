"""JSONC with trailing commas and a comment: nested copies, an alias, a workspace, a clone."""

from __future__ import annotations

_LOCK = """\
{
  // written by hand, as somebody might
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "demo-shop",
      "dependencies": { "@demo/a": "^1.0.0", "demo-alias": "npm:demo-real@3.0.0", },
    },
    "parts/one": { "name": "@demo/one", "devDependencies": { "demo-b": "1", }, },
  },
  "packages": {
    "@demo/a": ["@demo/a@1.0.1", "", { "dependencies": { "demo-b": "^2" } }, "sha512-//,}AA=="],
    "@demo/a/demo-b": ["demo-b@2.0.0", "", {}, "sha512-AAAA"],
    "@demo/one": ["@demo/one@workspace:parts/one"],
    "demo-alias": ["demo-real@3.0.0", "", {}, "sha512-AAAA"],
    "demo-b": ["demo-b@1.0.0", "", {}, "sha512-AAAA"],
    "demo-git": ["demo-git@github:demo/git#0123abc", {}, "demo-git-0123abc"],
    "demo-here": ["demo-here@file:here", {}],
  },
}
"""

_TREE: dict[str, bytes | str] = {
    "bun.lock": _LOCK,
    "bun.lockb": b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n\x00",
}

SAMPLES = [
    (
        _TREE,
        [
            ("pkg:npm/%40demo/a@1.0.1", "1.0.1", "bun.lock"),
            ("pkg:npm/demo-b@2.0.0", "2.0.0", "bun.lock"),
            ("pkg:npm/demo-real@3.0.0", "3.0.0", "bun.lock"),
            ("pkg:npm/demo-b@1.0.0", "1.0.0", "bun.lock"),
            ("pkg:npm/demo-git", "", "bun.lock"),
        ],
    )
]
