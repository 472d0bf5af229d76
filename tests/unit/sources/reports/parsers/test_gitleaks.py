from __future__ import annotations

from typing import Any

from tests.unit.sources.reports.parsers.read import first, identity, place, read, spelt

from vigie.model.identity import secret_anchor

SECRET = "demo_tulip42moon77"


def report(**changes: Any) -> list[dict[str, Any]]:
    leak = {
        "Description": "Demo token",
        "StartLine": 4,
        "EndLine": 4,
        "StartColumn": 9,
        "Match": f'token = "{SECRET}"',
        "Secret": SECRET,
        "File": "config/app.env",
        "Commit": "a1",
        "Message": f"add {SECRET}",
        "Author": "A. Person",
        "RuleID": "demo-token",
        "Fingerprint": "a1:config/app.env:demo-token:4",
    }
    return [leak | changes]


def old_report(**changes: Any) -> list[dict[str, Any]]:
    leak = {
        "line": f'token = "{SECRET}"',
        "lineNumber": 4,
        "offender": SECRET,
        "commit": "a1",
        "repo": "shop",
        "rule": "Demo token",
        "file": "config/app.env",
        "tags": "key, demo",
    }
    return [leak | changes]


def test_secret_is_nowhere_in_the_observation() -> None:
    assert SECRET not in spelt(read("gitleaks", report(Description=f"found {SECRET}")))
    assert SECRET not in spelt(read("gitleaks", old_report()))


def test_secret_is_the_anchor_in_both_versions() -> None:
    assert place("gitleaks", report()).anchor == secret_anchor(SECRET)
    assert place("gitleaks", old_report()).anchor == secret_anchor(SECRET)


def test_shifted_leak_keeps_the_identity() -> None:
    assert identity("gitleaks", report()) == identity("gitleaks", report(StartLine=14, EndLine=14))
    assert identity("gitleaks", old_report()) == identity("gitleaks", old_report(lineNumber=14))


def test_redacted_secrets_are_told_apart_by_what_stands_around_them() -> None:
    one = place("gitleaks", report(Secret="REDACTED", Match='token = "REDACTED"'))
    two = place("gitleaks", report(Secret="REDACTED", Match='password = "REDACTED"'))
    assert one.anchor and two.anchor and one.anchor != two.anchor
    assert one.anchor != secret_anchor("REDACTED")


def test_partly_redacted_secret_is_no_value() -> None:
    where = place("gitleaks", report(Secret="demo_...", Match='token = "demo_..."'))
    assert where.anchor != secret_anchor("demo_...")


def test_hit_on_a_file_name_has_no_secret() -> None:
    seen = old_report(offender="Filename or path offender: id_rsa", file="keys/id_rsa")
    assert place("gitleaks", seen).anchor == ""


def test_repository_of_the_old_version_is_the_asset() -> None:
    asset = first("gitleaks", old_report(repoURL="https://git.example/shop")).asset
    assert asset is not None and asset.name == "https://git.example/shop"
