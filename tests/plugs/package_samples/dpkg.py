"""A status file with every state, and distroless records."""

from __future__ import annotations

_OS = 'ID=debian\nVERSION_ID="12"\n'
_STATUS = """\
Package: libdemo1
Status: install ok installed
Priority: optional
Architecture: amd64
Source: demo (1.2-3)
Version: 1.2-3+b1
Depends: libc6 (>= 2.34), demo-data | demo-other
Description: a library
 Version: 9 is said in the description only

Package: demo-data
Status: install ok triggers-awaited
Architecture: all
Source: demo
Version: 1:1.2-3

Package: removed
Status: deinstall ok config-files
Architecture: amd64
Version: 4

Package: held
Status: hold ok installed
Architecture: amd64
Version: 2~rc1-1
"""

SAMPLES = [
    (
        {"etc/os-release": _OS, "var/lib/dpkg/status": _STATUS},
        [
            ("pkg:deb/debian/libdemo1@1.2-3%2Bb1", "1.2-3+b1", "var/lib/dpkg/status"),
            ("pkg:deb/debian/demo-data@1:1.2-3", "1:1.2-3", "var/lib/dpkg/status"),
            ("pkg:deb/debian/held@2~rc1-1", "2~rc1-1", "var/lib/dpkg/status"),
        ],
    ),
    (
        {
            "etc/os-release": _OS,
            "var/lib/dpkg/status.d/tzdemo": "Package: tzdemo\nVersion: 2024a-1\n",
            "var/lib/dpkg/status.d/tzdemo.md5sums": "0123456789abcdef0123456789abcdef  usr/x\n",
        },
        [("pkg:deb/debian/tzdemo@2024a-1", "2024a-1", "var/lib/dpkg/status.d/tzdemo")],
    ),
]
