"""What GitLab demands of a v15 security report, written down from its documentation.

No package of a registry carries the official schemas, so this is our own reading of them:
required members, patterns and limits, as strict as we know them to be.
"""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
_URL = {"type": "string", "pattern": r"^(https?|ftp)://.+"}
_TOOL = {
    "type": "object",
    "required": ["id", "name", "version", "vendor"],
    "properties": {
        "id": _TEXT,
        "name": _TEXT,
        "version": _TEXT,
        "vendor": {"type": "object", "required": ["name"], "properties": {"name": _TEXT}},
    },
}
_DEPENDENCY = {
    "type": "object",
    "required": ["package", "version"],
    "properties": {
        "package": {"type": "object", "required": ["name"], "properties": {"name": _TEXT}},
        "version": {"type": "string"},
        "direct": {"type": "boolean"},
    },
}
_LOCATIONS: dict[str, Any] = {
    "container_scanning": {
        "type": "object",
        "required": ["dependency", "operating_system", "image"],
        "properties": {
            "dependency": _DEPENDENCY,
            "operating_system": _TEXT,
            "image": {"type": "string", "pattern": r"^[^:]+(:\d+[^:]*)?:[^:]+(:[^:]+)?$"},
        },
    },
    "dependency_scanning": {
        "type": "object",
        "required": ["file", "dependency"],
        "properties": {"file": _TEXT, "dependency": _DEPENDENCY},
    },
    "sast": {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": _TEXT,
            "start_line": {"type": "integer", "minimum": 1},
            "end_line": {"type": "integer", "minimum": 1},
        },
    },
}


def form(scan: str) -> dict[str, Any]:
    """The JSON schema of a report of this type of scan."""
    required = ["version", "scan", "vulnerabilities"]
    if scan == "dependency_scanning":
        required.append("dependency_files")
    return {
        "type": "object",
        "required": required,
        "properties": {
            "version": {"type": "string", "pattern": r"^15\.\d+\.\d+$"},
            "scan": _scan(scan),
            "vulnerabilities": {"type": "array", "items": _vulnerability(scan)},
            "remediations": {"type": "array"},
            "dependency_files": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["path", "package_manager", "dependencies"],
                    "properties": {
                        "path": _TEXT,
                        "package_manager": _TEXT,
                        "dependencies": {"type": "array", "items": _DEPENDENCY},
                    },
                },
            },
        },
    }


def _scan(scan: str) -> dict[str, Any]:
    message = {
        "type": "object",
        "required": ["level", "value"],
        "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": _TEXT},
    }
    return {
        "type": "object",
        "required": ["analyzer", "scanner", "start_time", "end_time", "status", "type"],
        "properties": {
            "type": {"const": scan},
            "status": {"enum": ["success", "failure"]},
            "start_time": _TIME,
            "end_time": _TIME,
            "analyzer": _TOOL,
            "scanner": _TOOL,
            "messages": {"type": "array", "items": message},
        },
    }


def _vulnerability(scan: str) -> dict[str, Any]:
    severities = ["Info", "Unknown", "Low", "Medium", "High", "Critical"]
    identifier = {
        "type": "object",
        "required": ["type", "name", "value"],
        "properties": {"type": _TEXT, "name": _TEXT, "value": _TEXT, "url": _URL},
    }
    flag = {
        "type": "object",
        "required": ["type", "origin", "description"],
        "properties": {
            "type": {"const": "flagged-as-likely-false-positive"},
            "origin": _TEXT,
            "description": _TEXT,
        },
    }
    vector = {"type": "string", "minLength": 16, "maxLength": 128}
    return {
        "type": "object",
        "required": ["id", "identifiers", "location"],
        "properties": {
            "id": _TEXT,
            "name": {"type": "string", "maxLength": 255},
            "description": {"type": "string", "maxLength": 1048576},
            "severity": {"enum": severities},
            "solution": {"type": "string", "maxLength": 7000},
            "identifiers": {"type": "array", "minItems": 1, "items": identifier},
            "links": {
                "type": "array",
                "items": {"type": "object", "required": ["url"], "properties": {"url": _URL}},
            },
            "flags": {"type": "array", "items": flag},
            "cvss_vectors": {
                "type": "array",
                "minItems": 1,
                "maxItems": 10,
                "items": {
                    "type": "object",
                    "required": ["vector"],
                    "properties": {"vendor": _TEXT, "vector": vector},
                },
            },
            "location": _LOCATIONS[scan],
        },
    }
