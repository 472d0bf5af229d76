"""Results built by hand, for every test that shows or writes one.

`rich()` holds one of everything: several assets, every kind, severity, decision and status,
problems, a partial and a failed run, a gate's rulings, and texts that break careless writers.
`empty()` is a clean result, `many(count)` a large one. All of them are the same each time.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.components import Component
from vigie.model.findings import (
    Absence,
    Agreement,
    Decision,
    Finding,
    Instance,
    Join,
    MergedFix,
    Priority,
    Reason,
    Status,
    Suppression,
)
from vigie.model.identity import digest
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
    Verdict,
)
from vigie.model.results import (
    GateOutcome,
    GateResult,
    InventoryItem,
    Plan,
    Result,
    Ruling,
    Step,
    Summary,
)
from vigie.model.runs import Coverage, Outcome, Problem, ProblemCode, Run, TargetAsset
from vigie.model.severity import Severity
from vigie.model.text import T, Words
from vigie.ports.outlets import View

CREATED = "2025-03-04T05:06:07Z"
NASTY = 'Être <b>ou</b> ne pas être & "citer"\nsecond line\twith tab — 漢字 🛟 </script>'
FORMULA = "=cmd|'/C calc'!A0,\"x\""
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"

IMAGE = "registry.example/shop/web:1.4"
REPOSITORY = "examples/shop"
ENDPOINT = "https://shop.example"
ACCOUNT = "aws:123456789012"
HOST = "host-é"


def english() -> View:
    """How an English reader sees it."""
    return View(width=100, version="0.1.0")


def french() -> View:
    """How a French reader sees it, with every word the catalogue holds."""
    catalogue: dict[str, str] = {}
    folder = files("vigie.catalog") / "words" / "fr"
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.name.endswith(".toml"):
                catalogue |= tomllib.loads(file.read_text(encoding="utf-8"))
    return View(words=Words("fr", catalogue), width=100, version="0.1.0")


def empty() -> Result:
    """One complete run that found nothing."""
    asset = TargetAsset(REPOSITORY, Asset(AssetKind.REPOSITORY, REPOSITORY))
    run = Run("bandit", "bandit", Outcome.COMPLETE, version="1.8.0", asset=asset.id)
    return Result(REPOSITORY, CREATED, assets=(asset,), runs=(run,))


def rich() -> Result:
    """One of everything, and a partial run."""
    findings = (*_vulnerabilities(), *_code(), *_cloud(), *_settled())
    return Result(
        target="shop <web> & 'friends'",
        created=CREATED,
        assets=_assets(),
        runs=_runs(),
        problems=(
            Problem(
                ProblemCode.INPUT,
                T("{name} holds no KEV catalogue", name="kev.json"),
                where="kev.json",
                hint=T("Get it anew."),
            ),
        ),
        findings=findings,
        not_assessed=_not_assessed(),
        components=_components(),
        summary=summarise(findings),
        plan=_plan(findings),
        gate=_gate(findings),
    )


def many(count: int) -> Result:
    """`count` vulnerabilities, each in a component of its own, of one image."""
    findings = tuple(_numbered(number) for number in range(count))
    return Result(
        IMAGE,
        CREATED,
        assets=_assets()[:1],
        runs=_runs()[:1],
        findings=findings,
        summary=summarise(findings),
    )


def summarise(findings: tuple[Finding, ...]) -> Summary:
    """The counts that belong to these findings, and a partial scan."""
    counted = [finding for finding in findings if finding.status.counts]
    return Summary(
        total=len(counted),
        by_severity=dict(Counter(finding.severity for finding in counted)),
        by_decision=dict(Counter(f.priority.decision for f in counted if f.priority)),
        by_kind=dict(Counter(finding.kind for finding in counted)),
        fixable=sum(finding.fix.state is FixState.FIXED for finding in counted),
        suppressed=len(findings) - len(counted),
        not_assessed=len(_not_assessed()),
        observations=sum(len(finding.evidence) for finding in findings),
        complete=False,
    )


def _assets() -> tuple[TargetAsset, ...]:
    return (
        TargetAsset(
            IMAGE,
            Asset(
                AssetKind.IMAGE,
                IMAGE,
                frozenset({"manifest:sha256:" + "a1" * 32, "config:sha256:" + "b2" * 32}),
                tags=(IMAGE, "shop/web:latest"),
                distro="debian-12",
                exposure=Exposure.OPEN,
                criticality=Criticality.HIGH,
            ),
        ),
        TargetAsset(REPOSITORY, Asset(AssetKind.REPOSITORY, REPOSITORY)),
        TargetAsset(ENDPOINT, Asset(AssetKind.ENDPOINT, ENDPOINT, exposure=Exposure.OPEN)),
        TargetAsset(ACCOUNT, Asset(AssetKind.ACCOUNT, "123456789012")),
        TargetAsset(HOST, Asset(AssetKind.HOST, HOST)),
    )


def _runs() -> tuple[Run, ...]:
    packages = frozenset({"deb", "pypi", "maven"})
    vulnerabilities = Coverage(frozenset({Kind.VULNERABILITY}), packages)
    return (
        Run("trivy", "trivy", Outcome.COMPLETE, version="0.58.1", database_date="2025-03-03",
            started="2025-03-04T05:00:00Z", ended="2025-03-04T05:01:00Z", records=12,
            observations=12, passed=2, asset=IMAGE, coverage=vulnerabilities),
        Run("grype", "grype", Outcome.PARTIAL, version="0.87.0", database_date="2024-01-01",
            started="2025-03-04T05:00:00Z", ended="2025-03-04T05:02:00Z", records=5,
            observations=4, asset=IMAGE, file="out/grype <1>.json", coverage=vulnerabilities,
            problems=(
                Problem(ProblemCode.STALE, T("the database is {count} day old",
                        "the database is {count} days old", count=428),
                        hint=T("Run {command}.", command="grype db update")),
                Problem(ProblemCode.RECORD, T("record could not be read: {why}", why="has no id"),
                        record="matches[2]"),
            )),
        Run("bandit", "bandit", Outcome.COMPLETE, version="1.8.0", records=2, observations=2,
            asset=REPOSITORY),
        Run("semgrep", "semgrep", Outcome.FAILED, asset=REPOSITORY, problems=(
            Problem(ProblemCode.TIMEOUT, T("it took longer than {seconds} s", seconds=600),
                    where=REPOSITORY),)),
        Run("zap", "zap", Outcome.COMPLETE, version="2.16.0", records=1, observations=1,
            asset=ENDPOINT),
        Run("prowler", "prowler", Outcome.COMPLETE, version="5.3.0", records=3, observations=3,
            passed=1, asset=ACCOUNT),
    )  # fmt: skip


def _priority(decision: Decision, score: float, *words: str) -> Priority:
    reasons = tuple(
        Reason(f"sample-{index}", T("known to be exploited ({word})", word=word))
        for index, word in enumerate(words)
    )
    return Priority(decision, score, max(0.0, score - 10), min(100.0, score + 5), reasons)


def _finding(
    rule: Rule,
    kind: Kind,
    asset: str,
    decision: Decision,
    score: float,
    *tools: str,
    **more: object,
) -> Finding:
    component = more.get("component")
    severity = more.get("severity", Severity.UNKNOWN)
    assert isinstance(severity, Severity)
    assert component is None or isinstance(component, Component)
    where = more.pop("location", None)
    assert where is None or isinstance(where, Location)
    fingerprint = digest(rule.id, kind.value, asset, component.name if component else str(where))
    instance = Instance(
        component.name if component else "",
        component.version if component else "",
        component.purl if component else "",
        where,
        tools,
    )
    evidence = tuple(
        Observation(
            tool=tool,
            kind=kind,
            rule=rule,
            record=f"records[{index}]",
            severity=severity,
            severity_said=severity.value.title(),
            component=component,
            locations=(where,) if where else (),
        )
        for index, tool in enumerate(tools)
    )
    values: dict[str, object] = {
        "instances": (instance,),
        "severity_source": tools[0],
        "severities": tuple((tool, severity.value.title()) for tool in tools),
        "sources": tools,
        "priority": _priority(decision, score, *tools),
        "fingerprints": (fingerprint,),
        "agreement": Agreement(said=tools),
        "evidence": evidence,
        "joins": tuple(
            Join(f"{i}:records[{i}]", T("same {what}", what="CVE")) for i in range(len(tools))
        ),
    }
    values |= more
    return Finding(fingerprint, kind, rule, asset, **values)  # type: ignore[arg-type]


def _vulnerabilities() -> tuple[Finding, ...]:
    openssl = Component(
        "libssl3", "1:3.0.11-1~deb12u2", "deb",
        "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&epoch=1",
        "openssl", "1:3.0.11-1~deb12u2", "debian-12", ("Apache-2.0",),
    )  # fmt: skip
    requests = Component("requests", "2.31.0", "pypi", "pkg:pypi/requests@2.31.0", direct=True)
    log4j = Component(
        "org.apache.logging.log4j:log4j-core", "2.14.1", "maven",
        "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
    )  # fmt: skip
    jars = tuple(
        Instance("log4j-core", "2.14.1", log4j.purl, Location(path=path), ("trivy", "grype"))
        for path in ("app/a b.jar", "app/é.jar!/lib/log4j.jar", "opt/x.jar")
    )
    return (
        _finding(
            Rule("CVE-2021-44228", ("GHSA-jfh8-c2jp-5v3q",), "Log4Shell: remote code execution",
                 NASTY, ("https://nvd.example/CVE-2021-44228",), ("CWE-502", "CWE-20"),
                 published="2021-12-10"),
            Kind.VULNERABILITY, IMAGE, Decision.ACT, 99.5, "trivy", "grype",
            component=log4j, instances=jars, severity=Severity.CRITICAL,
            scores=(Score("nvd", "3.1", VECTOR, 10.0), Score("nvd", "2.0", "AV:N/AC:M", 9.3)),
            fix=MergedFix(FixState.FIXED, ("2.17.1", "2.12.4"),
                          (("trivy", Fix(FixState.FIXED, ("2.17.1",))),), "trivy", "Upgrade."),
            signals=Signals(epss=0.97, epss_percentile=0.999, kev=True, ransomware=True,
                            exploit="active"),
            new=False, first_seen="2025-01-01T00:00:00Z", last_seen=CREATED,
        ),
        _finding(
            Rule("CVE-2023-5678", ("DSA-5532-1",), "Slow DH key generation"), Kind.VULNERABILITY,
            IMAGE, Decision.PLAN, 61.0, "trivy", component=openssl, severity=Severity.HIGH,
            scores=(Score("debian", "3.1", VECTOR, 7.5), Score("ghsa", "4.0", "CVSS:4.0/AV:N")),
            fix=MergedFix(FixState.WILL_NOT_FIX, by_source=(("trivy",
                          Fix(FixState.WILL_NOT_FIX)),), source="trivy"), new=True,
            agreement=Agreement(("trivy",), ("grype",), (
                Absence("grype", False, T("its database is too old")),)),
        ),
        _finding(
            Rule("GHSA-9wx4-h78v-vm56", ("CVE-2024-35195",), FORMULA, "-1+1\n@SUM(A1)"),
            Kind.VULNERABILITY, REPOSITORY, Decision.WATCH, 33.3, "osv-scanner",
            component=requests, severity=Severity.MEDIUM,
            location=Location(path="requirements.txt", start_line=3),
            fix=MergedFix(FixState.FIXED, ("2.32.0",), source="osv-scanner"),
        ),
        _finding(
            Rule("CVE-2099-0001"), Kind.VULNERABILITY, IMAGE, Decision.WATCH, 20.0, "grype",
            component=Component("mystery"), severity=Severity.UNKNOWN, priority=None,
        ),
    )  # fmt: skip


def _code() -> tuple[Finding, ...]:
    return (
        _finding(
            Rule("B602", title="subprocess call with shell=True",
                 description="Use a list of arguments.\n\n```py\nrun([...])\n```",
                 references=("https://bandit.example/b602",), weaknesses=("CWE-78",)),
            Kind.WEAKNESS, REPOSITORY, Decision.PLAN, 58.0, "bandit", "semgrep",
            location=Location(path="src/app é.py", start_line=12, end_line=14, start_column=5,
                              anchor="f00d", snippet="subprocess.run(f'<{x}>', shell=True)"),
            severity=Severity.HIGH, message=NASTY,
        ),
        _finding(
            Rule("reflected-xss", ("40012",), "Cross Site Scripting", weaknesses=("CWE-79",)),
            Kind.WEAKNESS, ENDPOINT, Decision.ACT, 80.0, "zap",
            location=Location(url="https://shop.example/search?q=<script>&x=1"),
            severity=Severity.MEDIUM,
        ),
        _finding(
            Rule("generic-api-key", title="Generic API key"), Kind.SECRET, REPOSITORY,
            Decision.ACT, 77.0, "gitleaks", severity=Severity.CRITICAL,
            location=Location(path="config/prod.env", start_line=4, commit="c0ffee" * 6,
                              snippet="API_KEY=****"),
        ),
        _finding(
            Rule("DL3008", title="Pin versions in apt get install"), Kind.MISCONFIGURATION,
            REPOSITORY, Decision.ACCEPT, 5.0, "hadolint", severity=Severity.LOW,
            location=Location(path="Dockerfile", start_line=2),
            fix=MergedFix(advice="Write apt-get install <package>=<version>."),
        ),
    )  # fmt: skip


def _cloud() -> tuple[Finding, ...]:
    return (
        _finding(
            Rule("s3_bucket_public_access", title="Bucket is public", description=NASTY),
            Kind.MISCONFIGURATION, ACCOUNT, Decision.PLAN, 64.0, "prowler",
            location=Location(resource="arn:aws:s3:::shop-logs"), severity=Severity.HIGH,
        ),
        _finding(
            Rule("CIS-1.1", title="Keep contact details current"), Kind.CONTROL, ACCOUNT,
            Decision.WATCH, 12.0, "prowler", severity=Severity.NONE,
        ),
        _finding(
            Rule("GPL-3.0-only", title="Copyleft licence"), Kind.LICENCE, REPOSITORY,
            Decision.WATCH, 15.0, "fossa", severity=Severity.LOW,
            component=Component("readline-py", "1.0", "pypi", licences=("GPL-3.0-only",)),
        ),
        _finding(
            Rule("Terminal shell in container", title="A shell was started"), Kind.DETECTION,
            HOST, Decision.ACT, 90.0, "falco", severity=Severity.HIGH, message=FORMULA,
            location=Location(resource="pod/web-1"), first_seen="2025-03-04T04:00:00Z",
        ),
    )  # fmt: skip


def _settled() -> tuple[Finding, ...]:
    """One finding for every status but open; they are shown, and do not count."""
    reasons = {
        Status.UNDER_INVESTIGATION: "",
        Status.NOT_AFFECTED: "vulnerable_code_not_in_execute_path",
        Status.FIXED: "",
        Status.SUPPRESSED: "false_positive <accepted>",
    }
    return tuple(_settle(n, status, why) for n, (status, why) in enumerate(reasons.items(), 1))


def _settle(number: int, status: Status, reason: str) -> Finding:
    name = f"settled-{number}"
    return _finding(
        Rule(f"CVE-2022-000{number}", title=f"Settled number {number}"), Kind.VULNERABILITY,
        IMAGE, Decision.ACCEPT, float(number), "grype", severity=Severity.MEDIUM, status=status,
        component=Component(name, f"{number}.0", "npm", f"pkg:npm/{name}@{number}.0"),
        suppression=Suppression(status, reason, "openvex", "Équipe Sécu", "2025-12-31",
                                "The code is <never> reached & that's that.\nSecond line."),
    )  # fmt: skip


def _not_assessed() -> tuple[Observation, ...]:
    return (
        Observation(
            tool="prowler",
            kind=Kind.CONTROL,
            rule=Rule("iam_root_mfa", title="Root account has MFA"),
            record="[7]",
            verdict=Verdict.UNKNOWN,
            message="AccessDenied: no permission <GetAccountSummary>",
            asset=_assets()[3].asset,
        ),
    )


def _components() -> tuple[InventoryItem, ...]:
    names = ("libssl3", "zlib1g", "=evil", "ünïcode")
    return tuple(
        InventoryItem(
            Component(name, "1.0", "deb", f"pkg:deb/debian/{name}@1.0", licences=("MIT",)),
            IMAGE,
            ("trivy",),
        )
        for name in names
    )


def _plan(findings: tuple[Finding, ...]) -> Plan:
    fixable = [f for f in findings if f.fix.versions and f.component is not None]
    steps = tuple(
        Step(f.component, f.asset, f.fix.versions[0], (f.fingerprint,), "minor")
        for f in fixable
        if f.component is not None
    )
    cleared = {f.fingerprint for f in fixable}
    left = tuple(f.fingerprint for f in findings if f.fingerprint not in cleared)
    return Plan(steps, left)


def _gate(findings: tuple[Finding, ...]) -> GateResult:
    return GateResult(
        GateOutcome.INCOMPLETE,
        "balanced",
        (
            Ruling("no-act-now", findings[0].fingerprint, True,
                   T("{rule} must be dealt with now", rule=findings[0].rule.id),
                   remedy=T("Upgrade to {version}.", version="2.17.1")),
            Ruling("no-high", findings[1].fingerprint, False, T("waived until {date}",
                   date="2025-12-31"), waiver="W-1"),
            Ruling("required-scanners", "semgrep", True, T("it did not finish")),
        ),
    )  # fmt: skip


def _numbered(number: int) -> Finding:
    severities = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
    component = Component(f"package-{number}", "1.0.0", "npm", f"pkg:npm/package-{number}@1.0.0")
    return _finding(
        Rule(f"CVE-2024-{number % 5000:05}", title="A flaw", description="It is flawed. " * 10),
        Kind.VULNERABILITY, IMAGE, Decision.WATCH, float(number % 100), "trivy",
        component=component, severity=severities[number % 4],
        scores=(Score("nvd", "3.1", VECTOR, 9.8),),
        fix=MergedFix(FixState.FIXED, ("1.0.1",), source="trivy"),
    )  # fmt: skip
