"""One package of pacman's local database, split from a base of another name."""

from __future__ import annotations

_DESC = """\
%NAME%
demo-libs

%VERSION%
2:6.1.0-3

%BASE%
demo

%ARCH%
x86_64

%LICENSE%
GPL-3.0-or-later

%DEPENDS%
glibc
demo-data>=6

"""

SAMPLES = [
    (
        {"etc/os-release": "ID=arch\n", "var/lib/pacman/local/demo-libs-6.1.0-3/desc": _DESC},
        [
            (
                "pkg:alpm/arch/demo-libs@2:6.1.0-3",
                "2:6.1.0-3",
                "var/lib/pacman/local/demo-libs-6.1.0-3/desc",
            )
        ],
    )
]
