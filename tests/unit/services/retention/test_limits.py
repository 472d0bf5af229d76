"""The operator says for how long at most; a tenant shortens it, within reason."""

from __future__ import annotations

import msgspec
import pytest
from tests.platforms import START

from vigie.model.errors import UserError
from vigie.services.access.security_policy import Retention, every_clause
from vigie.services.retention.limits import CLAUSES, ENFORCED, check_wanted, limits

POLICY = Retention(findings=None, events=365)


def test_the_operator_decides_where_the_tenant_says_nothing() -> None:
    found = limits(POLICY, {})
    assert (found["events"].days, found["events"].by) == (365, "operator")
    assert (found["findings"].days, found["findings"].by) == (None, "nobody")
    assert found["findings"].before(START) is None
    before = found["events"].before(START)
    assert before is not None
    assert (START - before).days == 365


def test_a_tenant_shortens_and_never_lengthens() -> None:
    found = limits(POLICY, {"events": 30, "findings": 90, "jobs": 3650})
    assert (found["events"].days, found["events"].by) == (30, "tenant")
    assert (found["findings"].days, found["findings"].by) == (90, "tenant")
    assert (found["jobs"].days, found["jobs"].by) == (POLICY.jobs, "operator")


@pytest.mark.parametrize(
    "wanted", [{"events": 6}, {"events": 366}, {"events": 0}, {"audit": 400}, {"shoes": 30}]
)
def test_what_is_out_of_bounds_is_refused(wanted: dict[str, int | None]) -> None:
    with pytest.raises(UserError):
        check_wanted(POLICY, wanted)


def test_the_bounds_themselves_are_allowed() -> None:
    check_wanted(POLICY, {"events": 7, "findings": 36_525, "jobs": None})
    check_wanted(POLICY, {"events": 365})


def test_every_clause_of_the_file_is_enforced_here_but_the_audit_log_s() -> None:
    named = {one for one in every_clause() if one.startswith("retention.")}
    assert named - ENFORCED == {"retention.audit"}
    assert set(CLAUSES) <= {field.name for field in msgspec.structs.fields(Retention)}
