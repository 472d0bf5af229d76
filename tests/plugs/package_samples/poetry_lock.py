"""Poetry 1 with categories, Poetry 2 with groups, a clone and a local folder."""

from __future__ import annotations

_ONE = """\
[[package]]
name = "demo-web"
version = "2.0.0"
description = ""
category = "main"
optional = false
python-versions = "*"

[package.dependencies]
demo-core = ">=1.0"

[[package]]
name = "demo-core"
version = "1.0.0"
category = "main"
optional = false

[[package]]
name = "demo-test"
version = "7.0"
category = "dev"
optional = false

[metadata]
lock-version = "1.1"
"""

_TWO = """\
[[package]]
name = "demo-git"
version = "0.3.0"
optional = true
groups = ["main"]
files = []

[package.source]
type = "git"
url = "https://git.example/demo.git"
reference = "HEAD"
resolved_reference = "0123abc"

[[package]]
name = "demo-part"
version = "0.1.0"
groups = ["main"]

[package.source]
type = "directory"
url = "parts/one"

[[package]]
name = "demo-test"
version = "7.0"
optional = false
groups = ["dev"]

[metadata]
lock-version = "2.1"
"""

_PROJECT = """\
[tool.poetry.dependencies]
python = "^3.11"
demo-git = { git = "https://git.example/demo.git", optional = true }
"""

SAMPLES = [
    (
        {"poetry.lock": _ONE},
        [
            ("pkg:pypi/demo-web@2.0.0", "2.0.0", "poetry.lock"),
            ("pkg:pypi/demo-core@1.0.0", "1.0.0", "poetry.lock"),
            ("pkg:pypi/demo-test@7.0", "7.0", "poetry.lock"),
        ],
    ),
    (
        {"poetry.lock": _TWO, "pyproject.toml": _PROJECT},
        [
            ("pkg:pypi/demo-git@0.3.0", "0.3.0", "poetry.lock"),
            ("pkg:pypi/demo-test@7.0", "7.0", "poetry.lock"),
        ],
    ),
]
