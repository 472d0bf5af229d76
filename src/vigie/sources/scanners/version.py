"""Asks a scanner for its version and the date of its database."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from vigie.ports.scanners import Command, Installation, Scanner
from vigie.sources.scanners.process import Bounds, Ending, execute

_BOUNDS = Bounds(timeout=60.0, output=1024**2)


def read_installation(
    scanner: Scanner, binary: Path, workspace: Path | None = None
) -> Installation | None:
    """What the program says about itself; None when it does not run or says nothing known."""
    with tempfile.TemporaryDirectory(prefix="vigie-version-", dir=workspace) as name:
        command: Command | None = scanner.version_command(binary)
        output = ""
        while command is not None:
            done = execute(command, Path(name), _BOUNDS)
            if done.ending is not Ending.EXIT or done.code not in command.clean:
                return None
            output += done.stdout.read_bytes().decode("utf-8", "replace") or done.stderr
            command = command.then
    found = scanner.read_version(output)
    return replace(found, binary=binary) if found is not None else None
