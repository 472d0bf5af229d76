"""SonarQube's own words and places, shared by issues and hotspots."""

from __future__ import annotations

from vigie.model.observations import Kind
from vigie.model.severity import Severity, severity_from_word
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record

# The classic scale. The newer one (BLOCKER, HIGH, MEDIUM, LOW, INFO) shares two of its words.
_SEVERITIES = {
    "BLOCKER": Severity.CRITICAL,
    "CRITICAL": Severity.HIGH,
    "MAJOR": Severity.MEDIUM,
    "MINOR": Severity.LOW,
    "INFO": Severity.NONE,
}

# Rule repositories that are not about application code; the part of a rule's key before ":".
_REPOSITORIES = {
    "secrets": Kind.SECRET,
    "ansible": Kind.MISCONFIGURATION,
    "azureresourcemanager": Kind.MISCONFIGURATION,
    "cloudformation": Kind.MISCONFIGURATION,
    "docker": Kind.MISCONFIGURATION,
    "kubernetes": Kind.MISCONFIGURATION,
    "terraform": Kind.MISCONFIGURATION,
}


def sonar_kind(rule: str) -> Kind:
    """What a rule such as "python:S4502" finds; a weakness unless its repository says more."""
    return _REPOSITORIES.get(rule.partition(":")[0].lower(), Kind.WEAKNESS)


def sonar_severity(word: str) -> Severity:
    """SonarQube's word on our scale: its CRITICAL is one step below its BLOCKER."""
    return _SEVERITIES.get(word.upper()) or severity_from_word(word)


def component_path(record: Record, components: dict[str, str]) -> str:
    """The file's path; "" when the record is about the project as a whole.

    A component's key is "project:path" ("organisation_project:module:path" in old versions).
    """
    key = record.text("component")
    project = record.text("project")
    if key and key == project:
        return ""
    if components.get(key):
        return clean_path(components[key])
    if project and key.startswith(f"{project}:"):
        key = key[len(project) + 1 :]
    elif ":" in key:
        key = key.rpartition(":")[2]
    return clean_path(key)
