"""Cargo.toml with and without its lock."""

from __future__ import annotations

import tomllib

from tests.plugs.patch_samples import Sample
from vigie.ports.patches import Upgrade


def _up(name: str, old: str, new: str, *, forced: bool = False) -> Upgrade:
    return Upgrade("cargo", name, old, new, forced=forced)


_MANIFEST = """\
[package]
name = "shop"
version = "0.1.0"

[dependencies]
serde = "1.0.100" # stays
time = { version = "0.1.42", features = ["std"] }
renamed = { package = "regex", version = "=1.5.0" }
inside = { path = "../inside" }

[target.'cfg(unix)'.dependencies]
range = '>=1.0, <1.5'

[dev-dependencies.smol]
version = "~1.2"
"""
_LOCK = """\
version = 3

[[package]]
name = "serde"
version = "1.0.101"

[[package]]
name = "smallvec"
version = "0.6.9"

[[package]]
name = "smallvec"
version = "1.6.0"
"""

SAMPLES = [
    Sample(
        "without a lock",
        "Cargo.toml",
        {"Cargo.toml": _MANIFEST},
        (_up("serde", "1.0.101", "1.0.150"), _up("time", "0.1.42", "0.2.23"),
         _up("regex", "1.5.0", "1.5.5"), _up("range", "1.2.0", "1.6.0"),
         _up("smol", "1.2.0", "1.3.0"), _up("time", "0.3.0", "0.3.1"),
         _up("absent", "1.0.0", "1.0.1")),
        {"Cargo.toml": (("1.0.100", "1.0.150"), ("0.1.42", "0.2.23"), ("=1.5.0", "=1.5.5"),
                        (">=1.0, <1.5", "1.6.0"), ("~1.2", "~1.3.0"))},
    ),
    Sample(
        "with Cargo.lock: what lets it in stays",
        "Cargo.toml",
        {"Cargo.toml": _MANIFEST.replace("\n", "\r\n"), "Cargo.lock": _LOCK},
        (_up("serde", "1.0.101", "1.0.150"), _up("time", "0.1.42", "0.2.23"),
         _up("smallvec", "0.6.9", "0.6.14"), _up("smallvec", "1.6.0", "1.6.1", forced=True)),
        {"Cargo.toml": (("0.1.42", "0.2.23"),)},
        left=("smallvec",),
        renew="cargo update serde@1.0.101 --precise 1.0.150 && cargo update smallvec@0.6.9 "
        "--precise 0.6.14 && cargo update time@0.1.42 --precise 0.2.23",
    ),
]  # fmt: skip

BROKEN = ["[package"]


def asked(text: str) -> dict[str, str]:
    """Package and requirement, as tomllib reads them."""
    whole = tomllib.loads(text)
    tables = [whole["dependencies"], whole["target"]["cfg(unix)"]["dependencies"],
              whole["dev-dependencies"]]  # fmt: skip
    return {
        (said if isinstance(said, dict) else {}).get("package", name): said
        if isinstance(said, str)
        else said.get("version", "")
        for table in tables
        for name, said in table.items()
    }
