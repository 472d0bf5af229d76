"""Where Vigie keeps what it gets from outside: scanners and the database of advisories."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def data_folder(environment: Mapping[str, str] | None = None) -> Path:
    """`$VIGIE_DATA`, else `vigie` in the XDG data folder (XDG base directory specification)."""
    environment = os.environ if environment is None else environment
    if data := environment.get("VIGIE_DATA"):
        return Path(data).expanduser().absolute()
    shared = environment.get("XDG_DATA_HOME") or ""
    if shared.startswith(os.sep):  # relative paths in XDG variables are to be ignored
        return Path(shared) / "vigie"
    home = environment.get("HOME") or ""
    root = Path(home) if home.startswith(os.sep) else Path.home()
    return root / ".local" / "share" / "vigie"
