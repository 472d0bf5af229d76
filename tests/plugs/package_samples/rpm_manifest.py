"""The list of a distroless image: two packages, one with an epoch."""

from __future__ import annotations

_PATH = "var/lib/rpmmanifest/container-manifest-2"
_LINES = (
    "demo\t1.2-3.azl3\t1\t1\tDemo\t(none)\t100\tx86_64\t0\tdemo-1.2-3.azl3.src.rpm\n"
    "demo-libs\t2.0-1\t1700000000\t1690000000\tDemo\t2\t100\tnoarch\t2\tdemo-src-2.0-1.src.rpm\n"
)  # fmt: skip

SAMPLES = [
    (
        {"etc/os-release": 'ID=azurelinux\nVERSION_ID="3.0"\n', _PATH: _LINES},
        [
            ("pkg:rpm/azurelinux/demo@1.2-3.azl3", "1.2-3.azl3", _PATH),
            ("pkg:rpm/azurelinux/demo-libs@2.0-1", "2:2.0-1", _PATH),
        ],
    )
]
