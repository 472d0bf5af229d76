"""What Composer 1 and Composer 2 leave behind."""

from __future__ import annotations

_PATH = "app/vendor/composer/installed.json"
_ONE = '[{"name": "demo/web", "version": "2.0.0"}]'
_TWO = """\
{
    "packages": [
        { "name": "demo/web", "version": "2.0.0", "license": ["MIT"] },
        { "name": "demo/test", "version": "7.1.0" }
    ],
    "dev": true,
    "dev-package-names": ["demo/test"]
}
"""

SAMPLES = [
    ({_PATH: _ONE}, [("pkg:composer/demo/web@2.0.0", "2.0.0", _PATH)]),
    (
        {_PATH: _TWO},
        [
            ("pkg:composer/demo/web@2.0.0", "2.0.0", _PATH),
            ("pkg:composer/demo/test@7.1.0", "7.1.0", _PATH),
        ],
    ),
]
