"""Our Semgrep rules are whole, and each has a sample that the real Semgrep must report."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

SAMPLES = Path(__file__).resolve().parents[2] / "golden" / "semgrep"
RULES: dict[str, dict[str, Any]] = {
    rule["id"]: rule
    for file in files("vigie.catalog").joinpath("semgrep").iterdir()
    for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
}


@pytest.mark.parametrize("name", RULES)
def test_rule_says_what_is_wrong_how_bad_and_what_to_do(name: str) -> None:
    rule = RULES[name]
    assert re.fullmatch(r"vigie\.(python|javascript|go|java|dockerfile)\.[a-z-]+", name)
    assert rule["severity"] in ("ERROR", "WARNING", "INFO")
    assert rule["languages"]
    assert re.match(r"CWE-\d+: ", rule["metadata"]["cwe"][0])
    assert rule["metadata"]["confidence"] in ("HIGH", "MEDIUM", "LOW")
    sentences = re.findall(r"[.!](?: |$)", rule["message"])
    assert len(sentences) >= 2, "one sentence for what is wrong, one for what to do"


def test_every_rule_has_a_sample() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in SAMPLES.iterdir())
    assert set(re.findall(r"ruleid: (\S+)", text)) == set(RULES)
