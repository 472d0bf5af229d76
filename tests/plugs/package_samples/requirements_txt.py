"""Pins in every spelling, includes, constraints, hashes, markers, addresses, folders."""

from __future__ import annotations

_MAIN = """\
# what the shop needs
--no-index
-r more/web.txt
-c limits.txt
Demo_Web[async]==2.0.0 \\
    --hash=sha256:00 \\
    --hash=sha256:11
demo.core === 1.0-odd ; python_version < "4"  # kept
demo-loose
demo-git @ git+https://git.example/demo.git@v1#egg=demo-git
https://files.example/demo_wheel-1.2.3-py3-none-any.whl
./here
-e .
"""

SAMPLES = [
    (
        {
            "requirements.txt": _MAIN,
            "more/web.txt": "demo-more==4.0\n",
            "limits.txt": "demo-loose==9.0\nnever-asked==1.0\n",
        },
        [
            ("pkg:pypi/demo-web@2.0.0", "2.0.0", "requirements.txt"),
            ("pkg:pypi/demo.core@1.0-odd", "1.0-odd", "requirements.txt"),
            ("pkg:pypi/demo-loose@9.0", "9.0", "limits.txt"),
            ("pkg:pypi/demo-git", "", "requirements.txt"),
            ("pkg:pypi/demo-wheel@1.2.3", "1.2.3", "requirements.txt"),
            ("pkg:pypi/demo-more@4.0", "4.0", "more/web.txt"),
        ],
    ),
    (
        {"docs/requirements.txt": "This text\nonly happens to be\nnamed like that.\n"},
        [],
    ),
]
