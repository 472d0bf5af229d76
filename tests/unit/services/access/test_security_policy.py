"""The security policy is read strictly, and nothing in it may be without somebody to enforce it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.services.access.lockout import ACCOUNT_RULE, ADDRESS_RULE
from vigie.services.access.refresh_tokens import Limits
from vigie.services.access.security_policy import (
    SecurityPolicy,
    clauses,
    every_clause,
    load_security_policy,
    require_enforced,
    unenforced,
)

FULL = """
lockout: {free: 3, address_free: 50, first_seconds: 1, longest_minutes: 30, halves_minutes: 60,
          address_halves_minutes: 5}
second_factor: {required_for: [super-admin, owner, admin]}
password: {minimum_length: 16}
sessions: {access_minutes: 5, idle_hours: 8, absolute_hours: 24}
networks: {allowed: [192.0.2.0/24, "2001:db8::/32"]}
outbound: {allowed: [10.1.0.0/16, "jira.internal:8443"]}
tls: {minimum: 1.2}
retention: {findings: 730, runs: 90, observations: 90, imports: 90, events: 30,
            reports: 30, jobs: 7, deliveries: 30, sessions: 30, audit: 3650}
"""


def load(folder: Path, text: str) -> SecurityPolicy:
    path = folder / "security.yaml"
    path.write_text(text, encoding="utf-8")
    return load_security_policy(path)


def test_every_key_arrives(tmp_path: Path) -> None:
    got = load(tmp_path, FULL)
    rule = got.lockout.account_rule()
    assert (rule.free, rule.first, rule.longest, rule.halves) == (3, 1.0, 1800.0, 3600.0)
    assert (got.lockout.address_rule().free, got.lockout.address_rule().halves) == (50, 300.0)
    assert got.second_factor.required_for == {Role.SUPER_ADMIN, Role.OWNER, Role.ADMIN}
    assert got.password.minimum_length == 16
    assert got.sessions.access_lifetime() == timedelta(minutes=5)
    assert got.sessions.limits().idle == timedelta(hours=8)
    assert got.sessions.limits().absolute == timedelta(hours=24)
    assert got.networks.allowed == ("192.0.2.0/24", "2001:db8::/32")
    assert got.outbound.allowed == ("10.1.0.0/16", "jira.internal:8443")
    assert got.tls.version == "1.2"
    assert (got.retention.findings, got.retention.audit) == (730, 3650)


def test_without_a_file_the_defaults_are_those_of_the_modules() -> None:
    got = load_security_policy(None)
    assert got.lockout.account_rule() == ACCOUNT_RULE
    assert got.lockout.address_rule() == ADDRESS_RULE
    assert got.sessions.limits() == Limits()
    assert got.tls.version == "1.3"
    assert got.retention.audit is None


def test_an_empty_section_keeps_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, "lockout: {}\n") == SecurityPolicy()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lockuot: {}", "lockuot"),
        ("lockout: {freee: 3}", "freee"),
        ("lockout: {free: 0}", "free"),
        ("lockout: {free: 3, free: 4}", "twice"),
        ("lockout: {first_seconds: .inf}", "first_seconds"),
        ("second_factor: {required_for: [root]}", "required_for"),
        ("password: {minimum_length: 8}", "minimum_length"),
        ("sessions: {access_minutes: 600}", "access_minutes"),
        ("sessions: {idle_hours: 48, absolute_hours: 24}", "session"),
        ("networks: {allowed: [everywhere]}", "networks"),
        ("networks: {allowed: [192.0.2.1/24]}", "networks"),
        ("outbound: {allowed: ['10.1.0.0/99']}", "outbound"),
        ("tls: {minimum: 1.1}", "tls"),
        ("tls: {minimum: '1.4'}", "tls"),
        ("retention: {audit: 7}", "audit"),
        ("retention: {findings: -1}", "findings"),
        ("[]", "security.yaml"),
        ("", "security.yaml"),
        ("a: [", "YAML"),
    ],
)
def test_what_is_misspelt_or_out_of_bounds_is_refused_by_name(
    tmp_path: Path, text: str, names: str
) -> None:
    with pytest.raises(UserError, match=names) as caught:
        load(tmp_path, text)
    assert "security.yaml" in str(caught.value)


def test_every_key_is_a_clause(tmp_path: Path) -> None:
    full = load(tmp_path, FULL)
    assert clauses(full) == every_clause()
    assert {"lockout.free", "tls.minimum", "retention.audit"} <= every_clause()


def test_a_clause_that_nobody_enforces_is_an_error(tmp_path: Path) -> None:
    policy = load(tmp_path, FULL)
    most = every_clause() - {"tls.minimum", "networks.allowed"}
    assert unenforced(policy, most) == ("networks.allowed", "tls.minimum")
    with pytest.raises(UserError, match=r"networks\.allowed, tls\.minimum"):
        require_enforced(policy, most)
    require_enforced(policy, every_clause())


def test_what_is_kept_for_ever_needs_nobody() -> None:
    policy = SecurityPolicy()
    assert "retention.audit" not in clauses(policy)
    assert unenforced(policy, every_clause() - {"retention.audit"}) == ()


def test_an_enforcer_of_nothing_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no such clause"):
        unenforced(SecurityPolicy(), ["lockout.freee"])
