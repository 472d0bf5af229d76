"""Every clause of the security policy is enforced by something, or refused at start."""

from __future__ import annotations

from pathlib import Path

import pytest

import vigie
from vigie.model.errors import UserError
from vigie.services.access.security_policy import SecurityPolicy, every_clause
from vigie.wiring.enforcement import ENFORCERS, check_policy, enforced
from vigie.wiring.platform import build_platform
from vigie.wiring.platform_settings import platform_settings


def test_the_defaults_are_enforced() -> None:
    check_policy(SecurityPolicy())


def test_only_the_age_of_the_audit_log_is_left_and_that_is_nobodys_to_remove() -> None:
    assert every_clause() - enforced() == {"retention.audit"}


@pytest.mark.parametrize("section", sorted(ENFORCERS))
def test_who_is_named_asks_the_policy(section: str) -> None:
    file = Path(vigie.__file__).parent / ENFORCERS[section]
    assert f"policy.{section}" in file.read_text(encoding="utf-8")


def test_a_clause_that_nothing_enforces_is_an_error_at_start(tmp_path: Path) -> None:
    (tmp_path / "security.yaml").write_text("retention:\n  audit: 365\n")
    environ = {"VIGIE_SECURITY_POLICY": str(tmp_path / "security.yaml")}
    with pytest.raises(UserError, match=r"retention\.audit"):
        build_platform(platform_settings(environ, data=str(tmp_path)), {})
