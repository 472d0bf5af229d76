"""A project with a workspace member, groups, an extra, a clone."""

from __future__ import annotations

_LOCK = """\
version = 1
requires-python = ">=3.11"

[manifest]
members = ["demo-part", "demo-shop"]

[[package]]
name = "demo-core"
version = "1.0.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "demo-git"
version = "0.3.0"
source = { git = "https://git.example/demo.git?tag=v0.3.0#0123abc" }

[[package]]
name = "demo-part"
version = "0.1.0"
source = { editable = "parts/one" }
dependencies = [{ name = "demo-git" }]

[[package]]
name = "demo-shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "demo-web" }]

[package.dev-dependencies]
dev = [{ name = "demo-test" }]

[[package]]
name = "demo-test"
version = "7.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "demo-core" }]

[[package]]
name = "demo-web"
version = "2.0.0"
source = { registry = "https://index.example/simple" }
"""

SAMPLES = [
    (
        {"uv.lock": _LOCK},
        [
            ("pkg:pypi/demo-core@1.0.0", "1.0.0", "uv.lock"),
            ("pkg:pypi/demo-git@0.3.0", "0.3.0", "uv.lock"),
            ("pkg:pypi/demo-test@7.0", "7.0", "uv.lock"),
            ("pkg:pypi/demo-web@2.0.0", "2.0.0", "uv.lock"),
        ],
    )
]
