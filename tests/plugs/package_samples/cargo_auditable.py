"""Programs with the section of cargo-auditable, in every format."""

from __future__ import annotations

import json
import zlib

from tests.plugs.package_samples.programs import elf, fat, macho, pe

_AUDIT = {
    "packages": [
        {"name": "adler-demo", "version": "1.0.2", "source": "crates.io"},
        {"name": "cc-demo", "version": "1.1.0", "source": "crates.io", "kind": "build"},
        {
            "name": "shop",
            "version": "0.1.0",
            "source": "local",
            "dependencies": [0, 1],
            "root": True,
        },
    ],
    "format": 1,
}
_DATA = zlib.compress(json.dumps(_AUDIT).encode())
_PROGRAMS = {
    "usr/bin/shop": elf(".dep-v0", _DATA),
    "usr/bin/shop.exe": pe(".dep-v0", _DATA),
    "usr/bin/shop-mac": macho(".dep-v0", _DATA),
    "usr/bin/shop-fat": fat(macho(".dep-v0", _DATA)),
}

SAMPLES = [
    (
        {path: data},
        [
            ("pkg:cargo/adler-demo@1.0.2", "1.0.2", path),
            ("pkg:cargo/cc-demo@1.1.0", "1.1.0", path),
            ("pkg:cargo/shop@0.1.0", "0.1.0", path),
        ],
    )
    for path, data in _PROGRAMS.items()
]
