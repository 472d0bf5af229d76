"""Files in a mounted folder, with the line end that most tools put there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vigie.ports.secrets import SecretRef


def stock(folder: Path, secrets: Mapping[SecretRef, str]) -> dict[str, str]:
    mount = folder.parent / f"{folder.name}-mount"
    mount.mkdir()
    for ref, value in secrets.items():
        path = mount / ref.tenant / ref.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"{value}\n".encode())
    return {"VIGIE_SECRETS_DIR": str(mount)}


def spoil(_folder: Path, environ: dict[str, str], ref: SecretRef) -> None:
    path = Path(environ["VIGIE_SECRETS_DIR"]) / ref.tenant / ref.name
    path.write_bytes(path.read_bytes() + b"\xff\xfe")
