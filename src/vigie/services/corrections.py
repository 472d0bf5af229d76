"""Keeps a correction of the merge in a file, for the runs to come."""

from __future__ import annotations

from pathlib import Path

import yaml

from vigie.ports.outlets import Part
from vigie.services.decisions import load_corrections
from vigie.services.results import write_parts
from vigie.triage.corrections import Correction


def keep_correction(path: Path, correction: Correction) -> None:
    """Add it to the file, made when there is none; the file is replaced whole or not at all.

    A correction that the file already holds is not added twice. Raises UserError when the
    file is no corrections file or cannot be written.
    """
    kept = load_corrections(path) if path.exists() else ()
    if correction in kept:
        return
    actions: dict[str, list[dict[str, object]]] = {}
    for entry in (*kept, correction):
        actions.setdefault(entry.action, []).append(_plain(entry))
    text = yaml.safe_dump(actions, sort_keys=False, allow_unicode=True)
    write_parts([Part([text.encode()])], path)


def _plain(correction: Correction) -> dict[str, object]:
    pairs: dict[str, object] = {
        "findings": list(correction.fingerprints),
        "tool": correction.tool,
        "reason": correction.reason,
    }
    return {name: value for name, value in pairs.items() if value}
