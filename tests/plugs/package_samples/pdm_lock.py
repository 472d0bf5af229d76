"""Groups, an entry of extras beside the package itself, a clone, a local folder."""

from __future__ import annotations

_LOCK = """\
[metadata]
groups = ["default", "dev"]
lock_version = "4.5.0"

[[package]]
name = "demo-web"
version = "2.0.0"
groups = ["default"]
dependencies = ["demo-core>=1.0"]

[[package]]
name = "demo-web"
version = "2.0.0"
extras = ["async"]
groups = ["default"]
dependencies = ["demo-core", "demo-web==2.0.0"]

[[package]]
name = "demo-core"
version = "1.0.0"
groups = ["default", "dev"]

[[package]]
name = "demo-git"
version = "0.3.0"
git = "https://git.example/demo.git"
revision = "0123abc"
groups = ["dev"]

[[package]]
name = "demo-part"
version = "0.1.0"
path = "./parts/one"
editable = true
groups = ["default"]
"""

SAMPLES = [
    (
        {"pdm.lock": _LOCK},
        [
            ("pkg:pypi/demo-web@2.0.0", "2.0.0", "pdm.lock"),
            ("pkg:pypi/demo-core@1.0.0", "1.0.0", "pdm.lock"),
            ("pkg:pypi/demo-git@0.3.0", "0.3.0", "pdm.lock"),
        ],
    )
]
