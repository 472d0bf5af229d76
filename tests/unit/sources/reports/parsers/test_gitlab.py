from __future__ import annotations

from typing import Any

import pytest
from tests.unit.sources.reports.parsers.read import first, identity, place, read, read_all, spelt

from vigie.model.identity import anchor, secret_anchor
from vigie.model.observations import FixState, Kind
from vigie.model.runs import ProblemCode


def report(kind: str = "sast", scanner: str = "semgrep", **changes: Any) -> dict[str, Any]:
    found = {
        "id": "v1",
        "name": "SQL injection",
        "description": "SQL from input.",
        "severity": "High",
        "location": {"file": "src/db.py", "start_line": 12},
        "identifiers": [
            {"type": "semgrep_id", "name": "python.sqli", "value": "python.sqli"},
            {"type": "cwe", "name": "CWE-89", "value": "89"},
        ],
    }
    scan = {"type": kind, "status": "success", "scanner": {"id": scanner, "version": "1"}}
    return {"version": "15.0.7", "scan": scan, "vulnerabilities": [found | changes]}


def cves(*names: str) -> list[dict[str, str]]:
    kinds = {"CVE": "cve", "GHS": "ghsa", "ELS": "elsa", "USN": "usn", "1": "gemnasium"}
    return [{"type": kinds[n[:3]], "name": n, "value": n} for n in names]


def package(name: str = "demo", version: str = "1", **more: Any) -> dict[str, Any]:
    return {"dependency": {"package": {"name": name}, "version": version}} | more


def test_signature_by_scope_is_the_identity_of_a_shifted_hit() -> None:
    def tracked(line: int) -> Any:
        signatures = [
            {"algorithm": "location", "value": f"src/db.py:{line}"},
            {"algorithm": "scope_offset", "value": "src/db.py|query[0]:3"},
        ]
        return report(
            location={"file": "./src/db.py", "start_line": line},
            tracking={"items": [{"signatures": signatures}]},
        )

    assert identity("gitlab", tracked(12)) == identity("gitlab", tracked(22))
    assert identity("gitlab", tracked(12))[2]


def test_signature_by_line_is_no_identity() -> None:
    signatures = [{"algorithm": "location", "value": "src/db.py:12"}]
    said = report(tracking={"items": [{"signatures": signatures}]})
    assert place("gitlab", said).anchor == ""


def test_hash_in_the_old_key_is_an_identity_but_a_line_is_not() -> None:
    code = "5" * 64
    assert place("gitlab", report(cve=f"a.py:{code}:B108")).anchor == anchor(code)
    assert place("gitlab", report(cve="a.py:246:node_username:CWE-798")).anchor == ""


def test_secret_is_hashed_and_nowhere_else() -> None:
    said = report(
        "secret_detection",
        "gitleaks",
        raw_source_code_extract="demo_tulip42",
        description="found demo_tulip42",
        location={"file": "a.env", "start_line": 4, "commit": {"sha": "0000000"}},
    )
    seen = first("gitlab", said)
    assert seen.kind is Kind.SECRET
    assert seen.locations[0].anchor == secret_anchor("demo_tulip42")
    assert seen.locations[0].commit == ""
    assert "tulip" not in spelt(read("gitlab", said))


@pytest.mark.parametrize(
    ("kind", "scanner", "expected"),
    [
        ("container_scanning", "trivy", Kind.VULNERABILITY),
        ("dependency_scanning", "gemnasium", Kind.VULNERABILITY),
        ("cluster_image_scanning", "trivy", Kind.VULNERABILITY),
        ("sast", "semgrep", Kind.WEAKNESS),
        ("sast", "kics", Kind.MISCONFIGURATION),
        ("dast", "zap", Kind.WEAKNESS),
        ("api_fuzzing", "api-fuzzing", Kind.WEAKNESS),
        ("coverage_fuzzing", "libfuzzer", Kind.WEAKNESS),
        ("secret_detection", "gitleaks", Kind.SECRET),
    ],
)
def test_type_of_the_scan_gives_the_kind(kind: str, scanner: str, expected: Kind) -> None:
    assert first("gitlab", report(kind, scanner)).kind is expected


def test_report_without_a_scan_is_told_by_its_records() -> None:
    def bare(**changes: Any) -> Any:
        said = report(**changes)
        del said["scan"]
        return said

    assert first("gitlab", bare(category="secret_detection")).kind is Kind.SECRET
    assert first("gitlab", bare(location=package())).kind is Kind.VULNERABILITY
    assert first("gitlab", bare()).kind is Kind.WEAKNESS
    assert read("gitlab", bare()).tool == "gitlab"


def test_one_flaw_goes_by_its_cve() -> None:
    said = report(
        "container_scanning",
        identifiers=cves("1", "GHSA-aaaa-bbbb-cccc", "CVE-2024-0001", "USN-1-1"),
    )
    rule = first("gitlab", said).rule
    assert (rule.id, rule.aliases, rule.related) == (
        "CVE-2024-0001",
        ("GHSA-aaaa-bbbb-cccc",),
        ("USN-1-1",),
    )


def test_advisory_over_several_flaws_names_each_for_the_merge_to_split() -> None:
    said = report(
        "container_scanning", identifiers=cves("ELSA-2024-1", "CVE-2024-0001", "CVE-2024-0002")
    )
    rule = first("gitlab", said).rule
    assert (rule.id, rule.aliases) == ("ELSA-2024-1", ("CVE-2024-0001", "CVE-2024-0002"))


def test_sentence_for_a_value_is_not_the_rules_id() -> None:
    identifiers = [
        {"type": "njsscan_rule_type", "name": "node_x", "value": "A sentence on it."},
        {"type": "cwe", "name": "CWE-79", "value": "node_x"},
    ]
    rule = first("gitlab", report(identifiers=identifiers)).rule
    assert (rule.id, rule.weaknesses) == ("node_x", ("CWE-79",))


@pytest.mark.parametrize(
    ("solution", "state", "versions"),
    [
        ("Upgrade glibc from 2.24-11+deb9u3 to 2.24-11+deb9u4", FixState.FIXED,
         ("2.24-11+deb9u4",)),
        ("Upgrade to version 1.2.3 or above.", FixState.FIXED, ("1.2.3",)),
        ("Upgrade to versions 2.9.7, 2.8.11 or above.", FixState.FIXED, ("2.9.7", "2.8.11")),
        ("Upgrade curl to 1:7.88-1", FixState.FIXED, ("1:7.88-1",)),
        ("Unfortunately, there is no solution available yet.", FixState.NOT_FIXED, ()),
        ("No solution provided", FixState.UNKNOWN, ()),
        ("Upgrade to the latest release.", FixState.UNKNOWN, ()),
        ("", FixState.UNKNOWN, ()),
    ],
)  # fmt: skip
def test_solution_gives_the_fixed_versions(
    solution: str, state: FixState, versions: tuple[str, ...]
) -> None:
    fix = first("gitlab", report("dependency_scanning", solution=solution)).fix
    assert (fix.state, fix.versions, fix.advice) == (state, versions, solution)


@pytest.mark.parametrize("key", ["id", "cve"])
def test_remediation_is_the_solution_where_none_is_said(key: str) -> None:
    said = report("dependency_scanning", cve="v1")
    said["remediations"] = [{"fixes": [{key: "v1"}], "summary": "Upgrade demo to v1.2"}]
    assert first("gitlab", said).fix.versions == ("v1.2",)


@pytest.mark.parametrize(
    ("location", "name", "kind"),
    [
        (package(operating_system="debian 12.4"), "demo", "deb"),
        (package(operating_system="alpine:3.19"), "demo", "apk"),
        (package(operating_system="rocky linux 9"), "demo", "rpm"),
        (package("org.demo/core", file="pom.xml"), "org.demo:core", "maven"),
        (package("@s/demo", file="yarn.lock"), "@s/demo", "npm"),
        (package(file="odd.lock"), "demo", "gem"),
        (package(operating_system="beos 5"), "demo", ""),
    ],
)
def test_package_is_of_its_system_or_lock_file(
    location: dict[str, Any], name: str, kind: str
) -> None:
    said = report("container_scanning", location=location)
    said["dependency_files"] = [{"path": "odd.lock", "package_manager": "bundler"}]
    component = first("gitlab", said).component
    assert component is not None
    assert (component.name, component.type) == (name, kind)


def test_images_that_differ_are_kept_apart() -> None:
    said = report("container_scanning", location=package(image="shop@sha256:aa"))
    other = dict(said["vulnerabilities"][0], id="v2", location=package(image="other:1"))
    said["vulnerabilities"].append(other)
    seen = read("gitlab", said)
    assert seen.asset is not None and seen.asset.digests == {"manifest:sha256:aa"}
    assert [o.asset.name if o.asset else "" for o in seen.observations] == ["", "other:1"]


def test_scanners_of_an_old_merged_report_are_kept_apart() -> None:
    said = report()
    one = said["vulnerabilities"][0]
    said["vulnerabilities"] = [
        one | {"scanner": {"id": "brakeman"}},
        one | {"scanner": {"id": "ESLint"}},
        one | {"scanner": {"id": "brakeman"}},
    ]
    reports = read_all("gitlab", said)
    assert [(r.tool, r.records) for r in reports] == [("brakeman", 2), ("eslint", 1)]


def test_failed_scan_makes_the_report_partial() -> None:
    said = report()
    said["scan"] |= {
        "status": "failure",
        "messages": [{"level": "fatal", "value": "no\nrules"}, {"level": "info", "value": "x"}],
    }
    problems = read("gitlab", said).problems
    assert [p.code for p in problems] == [ProblemCode.REPORT, ProblemCode.REPORT]
    assert "\n" not in str(problems[1].message)
    assert read("gitlab", report()).problems == ()


def test_failed_scan_without_a_record_is_still_told() -> None:
    said = report() | {"vulnerabilities": []}
    said["scan"]["status"] = "failure"
    seen = read("gitlab", said)
    assert (seen.tool, seen.records, len(seen.problems)) == ("semgrep", 0, 1)


def test_page_and_parameter_tell_hits_of_a_running_service_apart() -> None:
    def hit(param: str) -> Any:
        location = {"hostname": "https://s.example", "path": "/x", "method": "GET", "param": param}
        return report("dast", "zaproxy", location=location)

    assert place("gitlab", hit("q")).url == "https://s.example/x"
    assert place("gitlab", hit("q")).anchor != place("gitlab", hit("p")).anchor
    seen = read("gitlab", hit("q"))
    assert seen.tool == "zap"
    assert seen.asset is not None and seen.asset.name == "https://s.example"


def test_likely_false_positive_is_of_low_confidence() -> None:
    flags = [{"type": "flagged-as-likely-false-positive"}]
    assert first("gitlab", report(flags=flags, confidence="High")).signals.confidence == "low"
    assert first("gitlab", report(confidence="Confirmed")).signals.confidence == "high"
    assert first("gitlab", report(confidence="Unknown")).signals.confidence == ""


def test_cvss_vectors_are_kept() -> None:
    vectors = [{"vendor": "NVD", "vector": "CVSS:3.1/AV:N"}, {"vendor": "X", "vector": "AV:N/AC:L"}]
    scores = first("gitlab", report("dependency_scanning", cvss_vectors=vectors)).scores
    assert [(s.source, s.version) for s in scores] == [("nvd", "3.1"), ("x", "2.0")]


@pytest.mark.parametrize(
    "empty",
    [
        {"version": "2.0", "vulnerabilities": []},
        {"version": "14.0", "vulnerabilities": [], "remediations": []},
        {"version": "15.0", "vulnerabilities": [], "scan": {"type": "sast"}},
    ],
)
def test_empty_report_is_recognised(empty: dict[str, Any]) -> None:
    assert read("gitlab", empty).records == 0


def test_reference_that_is_no_address_is_none() -> None:
    named = [{"type": "semgrep_id", "name": "r", "value": "r", "url": "not available"}]
    assert first("gitlab", report(identifiers=named)).rule.references == ()


def test_crash_is_known_by_its_type_and_state_and_not_by_the_number_of_the_scan() -> None:
    def crash(number: str, **changes: Any) -> tuple[str, str, str]:
        where = {"crash_type": "Heap-buffer-overflow\nREAD 1", "crash_state": "parse\nmain"}
        named = [{"type": "cwe", "name": "CWE-119", "value": "119"}]
        return identity(
            "gitlab",
            report("coverage_fuzzing", "libfuzzer", id=number, name="", identifiers=named,
                   location=where | changes),
        )  # fmt: skip

    assert crash("1") == crash("2")
    assert crash("1")[0] == "Heap-buffer-overflow"
    assert crash("1") != crash("1", crash_state="other\nmain")
    assert crash("1", crash_type="")[0] == "CWE-119"
