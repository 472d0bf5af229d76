"""A repository, a clone, and what is neither CRAN's."""

from __future__ import annotations

_LOCK = """\
{
  "R": { "Version": "4.3.1" },
  "Packages": {
    "demoweb": {
      "Package": "demoweb",
      "Version": "2.0.0",
      "Source": "Repository",
      "Requirements": ["R", "democore"]
    },
    "democore": { "Package": "democore", "Version": "1.0-3", "Source": "Repository" },
    "demogit": {
      "Package": "demogit",
      "Version": "0.3.0",
      "Source": "GitHub",
      "RemoteUsername": "demo",
      "RemoteRepo": "git",
      "RemoteSha": "0123abc"
    },
    "demobio": { "Package": "demobio", "Version": "3.18", "Source": "Bioconductor" }
  }
}
"""

SAMPLES = [
    (
        {"renv.lock": _LOCK},
        [
            ("pkg:cran/demoweb@2.0.0", "2.0.0", "renv.lock"),
            ("pkg:cran/democore@1.0-3", "1.0-3", "renv.lock"),
            ("pkg:cran/demogit@0.3.0", "0.3.0", "renv.lock"),
        ],
    )
]
