"""Dockerfiles in a fix: hardened without findings, pinned to what a registry says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.plugs.sample_result import empty

from vigie.services.fix import FixOptions, propose
from vigie.services.fixing.folder import open_folder
from vigie.wiring.plugs import PATCHES, Plugs

DIGEST = "sha256:" + "c" * 64
EDITORS = Plugs(PATCHES).working()


@pytest.mark.parametrize("offline", [True, False])
def test_a_base_image_is_fixed_to_the_digest_that_a_registry_says(
    tmp_path: Path, offline: bool
) -> None:
    (tmp_path / "Dockerfile").write_text('FROM debian:12\nADD x /srv/x/\nCMD ["x"]\n')
    options = FixOptions(offline=offline, base_digest=lambda _: DIGEST, registries={}, renewers={})
    patch = propose(empty(), open_folder(tmp_path), EDITORS, options).patch
    [edit] = patch.edits
    assert "COPY x /srv/x/" in edit.after
    assert (f"FROM debian:12@{DIGEST}\n" in edit.after) is not offline
    notes = [str(note) for note in patch.notes]
    assert any(note.startswith("Dockerfile:2: COPY does nothing but copy") for note in notes)
    assert any("fixed by its digest" in note for note in notes) is not offline
    assert patch.outcomes == ()
