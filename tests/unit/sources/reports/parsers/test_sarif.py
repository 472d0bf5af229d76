from __future__ import annotations

from typing import Any

import pytest
from tests.unit.sources.reports.parsers.read import first, identity, place, read, read_all, spelt

from vigie.model.identity import anchor, secret_anchor
from vigie.model.observations import FixState, Kind, Stance, Verdict
from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity

RULE = {"id": "R1", "shortDescription": {"text": "A rule"}}


def run(*results: dict[str, Any], driver: dict[str, Any] | None = None, **more: Any) -> Any:
    tool = {"driver": {"name": "Demo", "rules": [RULE]} | (driver or {})}
    return {"version": "2.1.0", "runs": [{"tool": tool, "results": list(results)} | more]}


def result(uri: str = "src/a.py", line: int = 4, **changes: Any) -> dict[str, Any]:
    physical = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    found = {
        "ruleId": "R1",
        "message": {"text": "bad"},
        "locations": [{"physicalLocation": physical}],
    }
    return found | changes


def with_rule(**rule: Any) -> Any:
    return run(result(), driver={"rules": [RULE | rule]})


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("CodeQL", "codeql"),
        ("ESLint", "eslint"),
        ("SnykCode", "snyk-code"),
        ("Semgrep OSS", "semgrep"),
        ("Shell Script Analysis", "shell-script-analysis"),
        ("  ", "sarif"),
    ],
)
def test_driver_names_the_tool(name: str, tool: str) -> None:
    assert read("sarif", run(driver={"name": name})).tool == tool


def test_each_run_is_one_report() -> None:
    both = run(result())
    both["runs"] += run(driver={"name": "Other"})["runs"]
    reports = read_all("sarif", both)
    assert [(r.tool, r.records) for r in reports] == [("demo", 1), ("other", 0)]


def test_level_of_the_result_comes_first_then_override_then_rule_then_warning() -> None:
    rule = RULE | {"defaultConfiguration": {"level": "note"}}
    override = [{"descriptor": {"id": "R1"}, "configuration": {"level": "error"}}]
    invocations = [{"ruleConfigurationOverrides": override}]
    said = run(result(level="none"), driver={"rules": [rule]}, invocations=invocations)
    assert first("sarif", said).severity_said == "none"
    said = run(result(), driver={"rules": [rule]}, invocations=invocations)
    assert first("sarif", said).severity_said == "error"
    said = run(result(), driver={"rules": [rule]})
    assert first("sarif", said).severity_said == "note"
    assert first("sarif", run(result())).severity_said == "warning"


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        ("error", Severity.HIGH),
        ("warning", Severity.MEDIUM),
        ("note", Severity.LOW),
        ("none", Severity.NONE),
    ],
)
def test_level_gives_the_severity(level: str, severity: Severity) -> None:
    assert first("sarif", run(result(level=level))).severity is severity


@pytest.mark.parametrize(
    ("score", "severity"),
    [
        ("9.8", Severity.CRITICAL),
        (7.0, Severity.HIGH),
        ("0.1", Severity.LOW),
        ("0.0", Severity.MEDIUM),  # tools write it for 'unknown': the level decides
        ("99", Severity.MEDIUM),
        ("soon", Severity.MEDIUM),
    ],
)
def test_security_severity_outweighs_the_level(score: Any, severity: Severity) -> None:
    seen = first("sarif", with_rule(properties={"security-severity": score}))
    assert (seen.severity, seen.severity_said) == (severity, "warning")


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("fail", Verdict.FAIL),
        ("pass", Verdict.PASS),
        ("open", Verdict.UNKNOWN),
        ("review", Verdict.UNKNOWN),
        ("notApplicable", Verdict.NOT_APPLICABLE),
        ("informational", Verdict.NOT_APPLICABLE),
        ("", Verdict.FAIL),
    ],
)
def test_kind_gives_the_verdict(kind: str, verdict: Verdict) -> None:
    assert first("sarif", run(result(kind=kind))).verdict is verdict


@pytest.mark.parametrize(
    ("suppressions", "stance"),
    [
        ([{"kind": "external"}], Stance.SUPPRESSED),
        ([{"kind": "inSource", "status": "accepted"}], Stance.SUPPRESSED),
        ([{"kind": "external", "status": "underReview"}], None),
        ([{"kind": "external", "status": "rejected"}, {"kind": "inSource"}], None),
        ([], None),
    ],
)
def test_only_accepted_suppressions_count(suppressions: Any, stance: Stance | None) -> None:
    claim = first("sarif", run(result(suppressions=suppressions))).claim
    assert (claim.stance if claim else None) is stance


def test_result_that_is_absent_since_the_baseline_is_fixed() -> None:
    claim = first("sarif", run(result(baselineState="absent"))).claim
    assert claim is not None and claim.stance is Stance.FIXED


def snippet(text: str, line: int) -> dict[str, Any]:
    found = result(line=line)
    found["locations"][0]["physicalLocation"]["region"]["snippet"] = {"text": text}
    return found


def test_shifted_result_keeps_the_identity() -> None:
    here, there = run(snippet("call(x)", 4)), run(snippet("  call(x)\n", 14))
    assert identity("sarif", here) == identity("sarif", there)
    prints = {"primaryLocationLineHash": "39fa:1", "primaryLocationStartColumnFingerprint": "4"}
    moved = prints | {"primaryLocationStartColumnFingerprint": "9"}
    here = run(result(line=4, partialFingerprints=prints))
    there = run(result(line=14, partialFingerprints=moved))
    assert identity("sarif", here) == identity("sarif", there)
    assert identity("sarif", here)[2] == anchor("39fa:1")


@pytest.mark.parametrize(
    "fingerprints",
    [
        {"matchBasedId/v1": "requires login"},
        {"id": "0"},
        {"id": {"nested": "value"}},
        {"fileHash/v1": "abc"},
        {"startColumn": "4"},
        {"author": "A. Person", "commitSha": "a1"},
        {},
    ],
)
def test_what_identifies_nothing_is_no_anchor(fingerprints: Any) -> None:
    said = run(result(fingerprints=fingerprints, partialFingerprints=fingerprints))
    assert place("sarif", said).anchor == ""


def test_fingerprint_marks_the_first_place_only() -> None:
    found = result(fingerprints={"id/v1": "abcdef"})
    found["relatedLocations"] = result("src/b.py", 9)["locations"]
    places = first("sarif", run(found)).locations
    assert [(p.path, bool(p.anchor)) for p in places] == [("src/a.py", True), ("src/b.py", False)]


def test_code_flows_are_not_places() -> None:
    flow = [{"threadFlows": [{"locations": [{"location": result("c.py")["locations"][0]}]}]}]
    assert len(first("sarif", run(result(codeFlows=flow))).locations) == 1


BASES = {
    "ROOT": {"uri": "file:///home/x/"},
    "SRC": {"uri": "src/", "uriBaseId": "ROOT"},
    "LOOP": {"uri": "l/", "uriBaseId": "LOOP"},
}


@pytest.mark.parametrize(
    ("artifact", "path", "url"),
    [
        ({"uri": "./a%20b.py"}, "a b.py", ""),
        ({"uri": "a.py", "uriBaseId": "ROOT"}, "a.py", ""),
        ({"uri": "a.py", "uriBaseId": "SRC"}, "src/a.py", ""),
        ({"uri": "a.py", "uriBaseId": "NOWHERE"}, "a.py", ""),
        ({"uri": "file:///C:/code/a.c"}, "C:/code/a.c", ""),
        ({"uri": "file:///src/a.c"}, "/src/a.c", ""),
        ({"uri": "https://shop.example/x"}, "", "https://shop.example/x"),
        ({"index": 0}, "lib/indexed.py", ""),
    ],
)
def test_artifact_is_placed(artifact: dict[str, Any], path: str, url: str) -> None:
    found = result(locations=[{"physicalLocation": {"artifactLocation": artifact}}])
    said = run(found, originalUriBaseIds=BASES, artifacts=[{"location": {"uri": "lib/indexed.py"}}])
    where = place("sarif", said)
    assert (where.path, where.url) == (path, url)


def test_bases_that_name_each_other_end() -> None:
    artifact = {"uri": "a.py", "uriBaseId": "LOOP"}
    found = result(locations=[{"physicalLocation": {"artifactLocation": artifact}}])
    assert place("sarif", run(found, originalUriBaseIds=BASES)).path.endswith("l/a.py")


def test_rule_is_found_in_an_extension() -> None:
    extension = {"name": "pack", "rules": [{"id": "X1", "shortDescription": {"text": "Of pack"}}]}
    tool = {"driver": {"name": "Demo", "rules": [RULE]}, "extensions": [extension]}
    for reference in (
        {"rule": {"id": "X1"}},
        {"rule": {"index": 0, "toolComponent": {"index": 0}}},
        {"rule": {"index": 0, "toolComponent": {"name": "pack"}}},
        {"ruleId": "X1"},
    ):
        found = {k: v for k, v in result().items() if k != "ruleId"} | reference
        said = run(found)
        said["runs"][0]["tool"] = tool
        rule = first("sarif", said).rule
        assert (rule.id, rule.title) == ("X1", "Of pack")


def test_wrong_index_does_not_give_another_rules_words() -> None:
    rules = [{"id": "R0", "shortDescription": {"text": "Other"}}, RULE]
    seen = first("sarif", run(result(ruleIndex=0), driver={"rules": rules}))
    assert (seen.rule.id, seen.rule.title) == ("R1", "A rule")


def test_part_of_a_rule_has_the_rules_words() -> None:
    assert first("sarif", run(result(ruleId="R1/part"))).rule.title == "A rule"


def test_result_without_a_rule_is_told_by_its_message() -> None:
    one = {k: v for k, v in result().items() if k != "ruleId"}
    two = one | {"message": {"text": "worse"}}
    seen = read("sarif", run(one, two)).observations
    assert [o.rule.id for o in seen] == ["unnamed", "unnamed"]
    assert seen[0].locations[0].anchor != seen[1].locations[0].anchor


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ({"properties": {"tags": ["external/cwe/cwe-079"]}}, {}),
        ({"properties": {"tags": ["CWE-79: XSS"]}}, {}),
        ({"properties": {"cwe": ["CWE-79"]}}, {}),
        ({"relationships": [{"target": {"id": "79", "toolComponent": {"name": "CWE"}}}]}, {}),
        ({}, {"taxa": [{"id": "CWE-79"}]}),
        ({}, {"properties": {"cwe": "CWE-79: XSS"}}),
    ],
)
def test_weakness_is_found_wherever_a_tool_writes_it(
    rule: dict[str, Any], more: dict[str, Any]
) -> None:
    said = run(result(**more), driver={"rules": [RULE | rule]})
    assert first("sarif", said).rule.weaknesses == ("CWE-79",)


def test_message_is_looked_up_and_filled_in() -> None:
    rule = {"messageStrings": {"m": {"text": "{0} at [here]({1}), {2} and {9}"}}}
    message = {"id": "m", "arguments": ["x", "3", ""]}
    said = run(result(message=message), driver={"rules": [RULE | rule]})
    assert first("sarif", said).message == "x at here,  and {9}"


def test_gitleaks_snippet_is_the_secret() -> None:
    found = snippet("demo_tulip42", 4) | {"message": {"text": "found demo_tulip42"}}
    said = run(found, driver={"name": "gitleaks", "semanticVersion": "v8.0.0"})
    seen = first("sarif", said)
    assert seen.kind is Kind.SECRET
    assert seen.locations[0].anchor == secret_anchor("demo_tulip42")
    assert "tulip" not in spelt(read("sarif", said))


def test_old_gitleaks_snippet_is_the_line() -> None:
    said = run(snippet("x = demo_tulip42", 4), driver={"name": "Gitleaks", "version": "v7.5.0"})
    assert place("sarif", said).anchor == anchor("x = demo_tulip42")
    assert "tulip" not in spelt(read("sarif", said))


@pytest.mark.parametrize(
    ("driver", "rule", "tags", "kind"),
    [
        ("Trivy", "CVE-2024-0001", ["vulnerability"], Kind.VULNERABILITY),
        ("Trivy", "DS002", ["misconfiguration"], Kind.MISCONFIGURATION),
        ("Trivy", "aws-key", ["secret"], Kind.SECRET),
        ("Semgrep OSS", "generic.secrets.demo", [], Kind.SECRET),
        ("checkov", "CKV_AWS_1", [], Kind.MISCONFIGURATION),
        ("Snyk Open Source", "snyk:lic:npm:demo:GPL", [], Kind.LICENCE),
        ("CodeQL", "py/hardcoded-credentials", ["external/cwe/cwe-798"], Kind.WEAKNESS),
    ],
)
def test_kind_is_told_by_driver_rule_or_tags(
    driver: str, rule: str, tags: list[str], kind: Kind
) -> None:
    rules = [{"id": rule, "properties": {"tags": tags}}]
    said = run(result(ruleId=rule), driver={"name": driver, "rules": rules})
    assert first("sarif", said).kind is kind


@pytest.mark.parametrize(
    ("driver", "rule", "message", "package"),
    [
        ("Trivy", "CVE-2024-0001", ("Package: lib\nInstalled Version: 1-1\nSeverity: LOW\n"
         "Fixed Version: 1-2\nLink: x"), ("lib", "1-1", "")),
        ("Grype", "CVE-2024-0001-lib", ("A low vulnerability in deb package: lib, version 1-1 was "
         "found in image"), ("lib", "1-1", "deb")),
        ("osv-scanner", "CVE-2024-0001", "Package '@s/lib@1.0' is vulnerable to 'CVE-2024-0001'",
         ("@s/lib", "1.0", "")),
    ],
)  # fmt: skip
def test_package_is_read_out_of_the_message(
    driver: str, rule: str, message: str, package: tuple[str, str, str]
) -> None:
    found = result(ruleId=rule, message={"text": message})
    seen = first("sarif", run(found, driver={"name": driver, "rules": []}))
    assert (seen.kind, seen.rule.id) == (Kind.VULNERABILITY, "CVE-2024-0001")
    assert seen.component is not None
    assert (seen.component.name, seen.component.version, seen.component.type) == package


@pytest.mark.parametrize(
    ("fixed", "state", "versions"),
    [("1.1, 1.2", FixState.FIXED, ("1.1", "1.2")), ("", FixState.NOT_FIXED, ())],
)
def test_fixed_versions_are_read_out_of_trivys_message(
    fixed: str, state: FixState, versions: tuple[str, ...]
) -> None:
    text = f"Package: lib\nInstalled Version: 1.0\nSeverity: LOW\nFixed Version: {fixed}\nLink: x"
    fix = first("sarif", run(result(ruleId="CVE-2024-0001", message={"text": text}))).fix
    assert (fix.state, fix.versions) == (state, versions)


def test_failed_execution_makes_the_report_partial() -> None:
    notifications = [
        {"level": "error", "message": {"text": "odd.py\nunreadable"}},
        {"message": {"text": "a warning"}},
        {"level": "note", "message": {"text": "hello"}},
    ]
    invocation = {
        "executionSuccessful": False,
        "exitCode": 2,
        "toolExecutionNotifications": notifications,
    }
    problems = read("sarif", run(invocations=[invocation])).problems
    assert [p.code for p in problems] == [ProblemCode.REPORT, ProblemCode.REPORT, ProblemCode.NOTE]
    assert "2" in str(problems[0].message)
    assert "\n" not in str(problems[1].message)


@pytest.mark.parametrize("results", [None, "absent"])
def test_run_without_results_is_not_an_empty_one(results: Any) -> None:
    said = run()
    if results is None:
        said["runs"][0]["results"] = None
    else:
        del said["runs"][0]["results"]
    assert [p.code for p in read("sarif", said).problems] == [ProblemCode.REPORT]
    assert read("sarif", run()).problems == ()


@pytest.mark.parametrize("runs", [[], None])
def test_log_without_runs_is_not_nothing_found(runs: Any) -> None:
    said = {"$schema": "https://x.example/sarif-2.1.0.json", "version": "2.1.0", "runs": runs}
    assert [p.code for p in read("sarif", said).problems] == [ProblemCode.REPORT]


def test_image_of_trivy_is_the_asset() -> None:
    properties = {"imageName": "shop:1", "imageID": "sha256:c0", "repoDigests": ["shop@sha256:e0"]}
    asset = read("sarif", run(properties=properties)).asset
    assert asset is not None
    assert asset.digests == {"config:sha256:c0", "manifest:sha256:e0"}


@pytest.mark.parametrize(
    ("notification", "words"),
    [
        ({"exception": {"message": "crashed"}}, "crashed"),
        ({"exception": {"message": {"text": "fell"}}}, "fell"),
        ({"descriptor": {"id": "CTN1"}}, "CTN1"),
    ],
)
def test_notification_is_told_in_the_words_there_are(
    notification: dict[str, Any], words: str
) -> None:
    said = run(invocations=[{"toolConfigurationNotifications": [notification]}])
    (problem,) = read("sarif", said).problems
    assert words in str(problem.message)


def test_words_of_a_tools_own_severity_outweigh_the_level() -> None:
    seen = first("sarif", run(result(level="note", properties={"severity": "CRITICAL"})))
    assert (seen.severity, seen.severity_said) == (Severity.CRITICAL, "note")
    assert first("sarif", with_rule(properties={"severity": "low"})).severity is Severity.LOW


@pytest.mark.parametrize(
    ("properties", "word"),
    [
        ({"precision": "very-high"}, "high"),
        ({"tags": ["LOW CONFIDENCE", "security"]}, "low"),
        ({"issue_confidence": "MEDIUM"}, "medium"),
        ({"precision": "odd"}, ""),
        ({}, ""),
    ],
)
def test_confidence_is_found_wherever_a_tool_writes_it(
    properties: dict[str, Any], word: str
) -> None:
    assert first("sarif", with_rule(properties=properties)).signals.confidence == word
    assert first("sarif", run(result(properties=properties))).signals.confidence == word


def test_log_without_a_version_is_told_by_its_driver() -> None:
    said = run(result())
    del said["version"]
    assert read("sarif", said).records == 1


@pytest.mark.parametrize("tag", ["external/cwe/cwe-259", "external/cwe/cwe-321", "CWE-798"])
def test_code_that_shows_a_password_is_not_kept(tag: str) -> None:
    hit = result(message={"text": "Possible hardcoded password: 'hunter2'. Don't. It's bad."})
    region = hit["locations"][0]["physicalLocation"]["region"]
    region["snippet"] = {"text": 'password = "hunter2"'}
    hit["fixes"] = [{"description": {"text": 'Remove "hunter2"'}}]
    report = read("sarif", run(hit, driver={"rules": [RULE | {"properties": {"tags": [tag]}}]}))
    (seen,) = report.observations
    assert "hunter2" not in spelt(report)
    assert seen.message == "Possible hardcoded password: '…'. Don't. It's bad."
    assert seen.locations[0].anchor == anchor('password = "hunter2"')
    assert seen.kind is Kind.WEAKNESS


def test_code_of_other_weaknesses_is_kept() -> None:
    hit = result()
    hit["locations"][0]["physicalLocation"]["region"]["snippet"] = {"text": 'eval("x")'}
    rule = RULE | {"properties": {"tags": ["CWE-95"]}}
    assert place("sarif", run(hit, driver={"rules": [rule]})).snippet == 'eval("x")'


def test_checks_without_an_id_are_told_apart_by_their_messages_and_levels() -> None:
    rule = {
        "id": "N/A",
        "shortDescription": {"text": "One of them"},
        "properties": {"security-severity": "2.0", "tags": ["misconfiguration"]},
    }
    hits = [
        result(ruleId="N/A", ruleIndex=0, level=level, message={"text": text})
        for level, text in (("error", "public"), ("note", "no log"))
    ]
    seen = read("sarif", run(*hits, driver={"name": "Trivy", "rules": [rule]})).observations
    assert [o.severity for o in seen] == [Severity.HIGH, Severity.LOW]
    assert {(o.rule.title, o.kind) for o in seen} == {("", Kind.MISCONFIGURATION)}
    assert len({o.locations[0].anchor for o in seen}) == 2


def test_text_of_a_rule_that_was_escaped_as_html_is_plain() -> None:
    rule = with_rule(shortDescription={"text": "&#39;:latest&#39; tag"})
    assert first("sarif", rule).rule.title == "':latest' tag"


def test_run_that_failed_without_a_reason_says_so_plainly() -> None:
    (problem,) = read("sarif", run(invocations=[{"executionSuccessful": False}])).problems
    assert str(problem.message) == "the tool says that its run failed"
