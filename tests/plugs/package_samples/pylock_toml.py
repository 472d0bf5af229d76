"""An index, a clone, an archive without a version of its own, a folder, groups by marker."""

from __future__ import annotations

_LOCK = """\
lock-version = "1.0"
created-by = "demo"

[[packages]]
name = "demo-web"
version = "2.0.0"
index = "https://index.example/simple"

[[packages]]
name = "demo-test"
version = "7.0"
marker = "'dev' in dependency_groups"

[[packages]]
name = "demo-git"
[packages.vcs]
type = "git"
url = "https://git.example/demo.git"
commit-id = "0123abc"

[[packages]]
name = "demo-archive"
archive = { url = "https://files.example/demo_archive-1.2.tar.gz", hashes = {} }

[[packages]]
name = "demo-part"
directory = { path = "parts/one", editable = true }
"""

SAMPLES = [
    (
        {path: _LOCK},
        [
            ("pkg:pypi/demo-web@2.0.0", "2.0.0", path),
            ("pkg:pypi/demo-test@7.0", "7.0", path),
            ("pkg:pypi/demo-git", "", path),
            ("pkg:pypi/demo-archive@1.2", "1.2", path),
        ],
    )
    for path in ("pylock.toml", "deploy/pylock.shop.toml")
]
