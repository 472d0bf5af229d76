"""Packages of both kinds, and one out of a folder beside the project."""

from __future__ import annotations

_LOCK = """\
{
    "packages": [
        {
            "name": "demo/web",
            "version": "v2.0.0",
            "dist": { "type": "zip", "url": "https://files.example/web.zip" },
            "require": { "php": ">=8.1", "ext-json": "*", "demo/core": "^1.0" },
            "license": ["MIT"]
        },
        { "name": "demo/core", "version": "1.4.2", "license": "BSD-3-Clause" },
        { "name": "demo/here", "version": "dev-main", "dist": { "type": "path", "url": "../here" } }
    ],
    "packages-dev": [ { "name": "demo/test", "version": "dev-main" } ]
}
"""

SAMPLES = [
    (
        {"composer.lock": _LOCK, "composer.json": '{"require": {"Demo/Web": "^2"}}'},
        [
            ("pkg:composer/demo/web@v2.0.0", "v2.0.0", "composer.lock"),
            ("pkg:composer/demo/core@1.4.2", "1.4.2", "composer.lock"),
            ("pkg:composer/demo/test@dev-main", "dev-main", "composer.lock"),
        ],
    )
]
