"""lockfileVersion 1 and 3: an alias, a nested copy, a workspace, a clone, a linked folder."""

from __future__ import annotations

_THREE = """\
{
  "name": "demo-shop",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": {
      "name": "demo-shop",
      "workspaces": ["parts/*"],
      "dependencies": { "demo-alias": "npm:demo-real@2.0.0", "@demo/a": "^1.0.0" },
      "devDependencies": { "demo-git": "github:demo/git" }
    },
    "parts/one": { "name": "demo-one", "version": "0.1.0", "dependencies": { "demo-b": "^1" } },
    "node_modules/demo-one": { "resolved": "parts/one", "link": true },
    "node_modules/demo-alias": {
      "name": "demo-real",
      "version": "2.0.0",
      "license": "MIT",
      "dependencies": { "demo-b": "^2" }
    },
    "node_modules/demo-alias/node_modules/demo-b": { "version": "2.1.0" },
    "node_modules/@demo/a": { "version": "1.0.1", "dependencies": { "demo-b": "^1" } },
    "node_modules/demo-b": { "version": "1.4.0" },
    "node_modules/demo-git": {
      "version": "0.3.0",
      "resolved": "git+ssh://git@github.com/demo/git.git#0123456789abcdef0123456789abcdef01234567",
      "dev": true
    }
  }
}
"""

_ONE = """\
{
  "name": "demo-shop",
  "lockfileVersion": 1,
  "dependencies": {
    "demo-a": {
      "version": "1.0.0",
      "requires": { "demo-b": "^2" },
      "dependencies": {
        "demo-b": { "version": "2.0.0" }
      }
    },
    "demo-b": { "version": "1.0.0", "dev": true },
    "demo-alias": { "version": "npm:@demo/real@3.0.0", "optional": true },
    "demo-here": { "version": "file:here" }
  }
}
"""

SAMPLES = [
    (
        {"shop/package-lock.json": _THREE},
        [
            ("pkg:npm/demo-real@2.0.0", "2.0.0", "shop/package-lock.json"),
            ("pkg:npm/demo-b@2.1.0", "2.1.0", "shop/package-lock.json"),
            ("pkg:npm/%40demo/a@1.0.1", "1.0.1", "shop/package-lock.json"),
            ("pkg:npm/demo-b@1.4.0", "1.4.0", "shop/package-lock.json"),
            ("pkg:npm/demo-git@0.3.0", "0.3.0", "shop/package-lock.json"),
        ],
    ),
    (
        {
            "npm-shrinkwrap.json": _ONE,
            "package.json": '{"dependencies": {"demo-a": "1"}}',
            "node_modules/x/package-lock.json": _ONE,
        },
        [
            ("pkg:npm/demo-a@1.0.0", "1.0.0", "npm-shrinkwrap.json"),
            ("pkg:npm/demo-b@1.0.0", "1.0.0", "npm-shrinkwrap.json"),
            ("pkg:npm/%40demo/real@3.0.0", "3.0.0", "npm-shrinkwrap.json"),
            ("pkg:npm/demo-b@2.0.0", "2.0.0", "npm-shrinkwrap.json"),
        ],
    ),
]
