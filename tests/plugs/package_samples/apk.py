"""Two packages of one origin, with their files, in both places apk uses."""

from __future__ import annotations

_OS = "ID=alpine\nVERSION_ID=3.20.1\n"
_INSTALLED = """\
C:Q1abc=
P:demo-libs
V:1.36.1-r29
A:x86_64
S:500
L:MIT
o:demo
D:so:libc.demo.so.1 !other
F:usr/lib
R:libdemo.so
Z:Q1x=

P:libc-demo
V:1.2.5-r0
A:x86_64
L:MIT AND BSD-2-Clause
o:libc-demo
p:so:libc.demo.so.1=1 cmd:ldd=1.2.5-r0
F:lib
"""

SAMPLES = [
    (
        {"etc/os-release": _OS, place: _INSTALLED},
        [
            ("pkg:apk/alpine/demo-libs@1.36.1-r29", "1.36.1-r29", place),
            ("pkg:apk/alpine/libc-demo@1.2.5-r0", "1.2.5-r0", place),
        ],
    )
    for place in ("lib/apk/db/installed", "usr/lib/apk/db/installed")
]
