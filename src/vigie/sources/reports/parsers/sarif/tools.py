"""Tools by their drivers' names, and the kind of finding that each is known to look for."""

from __future__ import annotations

import re

from vigie.model.observations import Kind

# Where a slug is not the name that the tool has elsewhere in Vigie.
_KNOWN_AS = {
    "snykcode": "snyk-code",
    "snyk-open-source": "snyk",
    "snyk-container": "snyk",
    "snyk-infrastructure-as-code": "snyk-iac",
    "semgrep-oss": "semgrep",
    "semgrep-pro": "semgrep",
    "semgrep-ce": "semgrep",
    "owasp-zap": "zap",
    "aqua-security-trivy": "trivy",
    "opengrep-oss": "opengrep",
}

_SECRETS = frozenset({"detect-secrets", "ggshield", "gitguardian", "gitleaks", "kingfisher",
    "noseyparker", "talisman", "trufflehog", "whispers"})  # fmt: skip
_CONFIGURATION = frozenset({"ansible-lint", "cfn-lint", "cfn-nag", "cfn_nag", "checkov",
    "cloudsplaining", "dockle", "hadolint", "kics", "kube-linter", "kube-score", "kubescape",
    "kubesec", "polaris", "snyk-iac", "terrascan", "tflint", "tfsec"})  # fmt: skip
_PACKAGES = frozenset({"clair", "dependency-check", "docker-scout", "grype", "npm-audit",
    "osv-scanner", "pip-audit", "snyk"})  # fmt: skip


def tool_id(driver: str) -> str:
    """A tool's id: "CodeQL" is "codeql", "Semgrep OSS" is "semgrep"; "sarif" for no name."""
    slug = re.sub(r"[^a-z0-9_]+", "-", driver.lower()).strip("-")
    return _KNOWN_AS.get(slug, slug) or "sarif"


def tool_kind(tool: str) -> Kind | None:
    """What the tool looks for, if it is a tool for one thing."""
    if tool in _SECRETS:
        return Kind.SECRET
    if tool in _CONFIGURATION:
        return Kind.MISCONFIGURATION
    if tool in _PACKAGES:
        return Kind.VULNERABILITY
    return None
