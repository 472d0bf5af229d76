"""docs/guides/security.md shows every key of security.yaml with the default that holds."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import yaml

from vigie.faces.server.app import routed
from vigie.services.access.security_policy import SecurityPolicy, every_clause, load_security_policy

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"


def shown() -> str:
    (found,) = re.findall(r"```yaml\n(.*?)```", (GUIDES / "security.md").read_text("utf-8"), re.S)
    return str(found)


def test_every_key_is_shown_with_its_default(tmp_path: Path) -> None:
    file = tmp_path / "security.yaml"
    file.write_text(shown(), encoding="utf-8")
    assert load_security_policy(file) == SecurityPolicy()
    said = yaml.safe_load(shown())
    named = {f"{section}.{key}" for section, keys in said.items() for key in keys}
    assert named == every_clause()
    assert msgspec.convert(said, SecurityPolicy) == SecurityPolicy()


def test_every_endpoint_that_the_pages_name_is_there() -> None:
    paths = set(routed().openapi()["paths"])
    for page in ("security.md", "sign-in.md"):
        text = (GUIDES / page).read_text("utf-8")
        for named in re.findall(r"/api/v1/[\w/{}-]+", text):
            assert named in paths, f"{page}: {named}"
