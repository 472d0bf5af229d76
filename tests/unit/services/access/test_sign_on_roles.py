"""Groups give the highest role that they map to, and never the platform."""

from __future__ import annotations

import pytest

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.services.access.sign_on_roles import require_mapping, role_of_groups

MAPPING = {"security": Role.ANALYST, "it-admins": Role.ADMIN, "staff": Role.VIEWER}


def test_the_highest_role_counts_whatever_the_order() -> None:
    assert role_of_groups(["staff", "it-admins", "security"], MAPPING, None) is Role.ADMIN
    assert role_of_groups(["security", "staff"], MAPPING, Role.OWNER) is Role.ANALYST


def test_nobody_without_a_group_comes_in_unless_a_default_says_so() -> None:
    assert role_of_groups([], MAPPING, None) is None
    assert role_of_groups(["Staff", "staff "], MAPPING, None) is None
    assert role_of_groups(["other"], MAPPING, Role.VIEWER) is Role.VIEWER


def test_a_mapping_to_the_platform_or_a_machine_gives_nothing() -> None:
    for role in (Role.SUPER_ADMIN, Role.AGENT):
        assert role_of_groups(["x"], {"x": role}, None) is None
        with pytest.raises(UserError, match="cannot give"):
            require_mapping({"x": role.value})
        with pytest.raises(UserError, match="cannot give"):
            require_mapping({}, role.value)


def test_what_people_wrote_is_read() -> None:
    assert require_mapping({"it-admins": "admin"}, "viewer") == {"it-admins": Role.ADMIN}
    with pytest.raises(UserError, match="Admin"):
        require_mapping({"it-admins": "Admin"})
