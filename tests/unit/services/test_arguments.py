"""Results, reports and targets are told apart by what they hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.services.arguments import Given, sort_out
from vigie.wiring.plugs import REPORTS, Plugs

PARSERS = Plugs(REPORTS)
RESULT = dict.fromkeys(("schema_version", "target", "runs", "findings", "summary"), "")
GRYPE = {"matches": [], "descriptor": {"name": "grype"}}


@pytest.mark.parametrize(
    ("name", "text", "given"),
    [
        ("r.json", json.dumps(RESULT), Given.RESULT),
        ("result", json.dumps(RESULT), Given.RESULT),
        ("g.json", json.dumps(GRYPE), Given.REPORTS),
        ("grype-out", json.dumps(GRYPE), Given.REPORTS),
        ("broken.json", '{"matches": [', Given.REPORTS),
        ("empty.sarif", "", Given.REPORTS),
        ("empty", "", Given.REPORTS),
        ("blank.txt", " \n", Given.REPORTS),
        ("cut.txt", '{"matches": [', Given.REPORTS),
        ("cut", "<?xml version='1.0'?><issues><is", Given.REPORTS),
        ("Dockerfile", "FROM scratch\n", Given.TARGETS),
        ("image.tar", "\x00\x01", Given.TARGETS),
    ],
)
def test_a_file_is_known_by_its_content(name: str, text: str, given: Given, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert sort_out([str(path)], PARSERS) is given


def test_folders_and_images_are_targets(tmp_path: Path) -> None:
    assert sort_out([str(tmp_path), "image:alpine", "none"], PARSERS) is Given.TARGETS


def test_a_mixture_and_two_results_are_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(RESULT))
    second.write_text(json.dumps(RESULT))
    with pytest.raises(UserError, match="one result"):
        sort_out([str(first), str(second)], PARSERS)
    second.write_text(json.dumps(GRYPE))
    with pytest.raises(UserError, match="do not go together"):
        sort_out([str(first), str(second)], PARSERS)
