"""Variables, spelled out here by hand so that the mapping itself is checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vigie.ports.secrets import LARGEST, SecretRef


def variable(ref: SecretRef) -> str:
    name = ref.name.replace("-", "_").replace(".", "_").upper()
    return (
        f"VIGIE_SECRET__{ref.tenant.replace('-', '_').upper()}__{name}"
        if ref.tenant
        else (f"VIGIE_SECRET_{name}")
    )


def stock(_folder: Path, secrets: Mapping[SecretRef, str]) -> dict[str, str]:
    return {variable(ref): value for ref, value in secrets.items()}


def spoil(_folder: Path, environ: dict[str, str], ref: SecretRef) -> None:
    environ[variable(ref)] += "x" * LARGEST
