"""Both categories, one package in both, a clone, a local folder."""

from __future__ import annotations

_LOCK = """\
{
    "_meta": {"pipfile-spec": 6, "sources": []},
    "default": {
        "demo-web": {"hashes": ["sha256:00"], "version": "==2.0.0"},
        "demo-git": {"git": "https://git.example/demo.git", "ref": "0123abc"},
        "demo-part": {"editable": true, "path": "./parts/one"}
    },
    "develop": {
        "demo-web": {"version": "==2.0.0"},
        "demo-test": {"version": "==7.0", "markers": "python_version >= '3.8'"}
    }
}
"""

SAMPLES = [
    (
        {"Pipfile.lock": _LOCK, "Pipfile": '[packages]\ndemo-web = "*"\n'},
        [
            ("pkg:pypi/demo-web@2.0.0", "2.0.0", "Pipfile.lock"),
            ("pkg:pypi/demo-git", "", "Pipfile.lock"),
            ("pkg:pypi/demo-test@7.0", "7.0", "Pipfile.lock"),
        ],
    )
]
