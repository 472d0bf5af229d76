"""Numbers, dates and versions as a person of one language reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from vigie.model.components import Component
from vigie.model.findings import Instance
from vigie.model.observations import Location


def number(value: int, lang: str) -> str:
    """An integer with thousands set apart: "12,345", in French "12 345"."""
    return f"{value:,}".replace(",", "\u202f" if lang == "fr" else ",")


def decimal(value: float, lang: str, digits: int = 1) -> str:
    """A decimal number, without its zeros at the end: "7.5", in French "7,5"."""
    shown = f"{value:.{digits}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown.replace(".", ",") if lang == "fr" else shown


def moment(text: str) -> datetime | None:
    """An ISO 8601 date or time in UTC; None when it is not one."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def when(text: str) -> str:
    """A time to the minute, "2025-08-25 10:04 UTC"; a bare date stays one; else as it came."""
    parsed = moment(text)
    if parsed is None or len(text) <= 10:
        return text
    return f"{parsed:%Y-%m-%d %H:%M} UTC"


def age_in_days(text: str, now: str) -> int | None:
    """Whole days from one ISO time to another; None when either is unknown."""
    then, today = moment(text), moment(now)
    return max(0, (today - then).days) if then and today else None


def requirement(component: Component, version: str) -> str:
    """A package at a version as its own ecosystem spells it, to paste where it is asked for."""
    name = component.name
    match component.type:
        case "pypi":
            return f"{name}=={version}"
        case "npm" | "cargo":
            return f"{name}@{version}"
        case "golang":
            return f"{name}@{version if version.startswith('v') else 'v' + version}"
        case "maven":
            return f"{name}:{version}"
        case "deb" | "apk":
            return f"{name}={version}"
        case "rpm":
            return f"{name}-{version}"
        case _:
            return f"{name} {version}"


def place(location: Location | None) -> str:
    """The shortest words that say where: "app/db.py:14", a URL, a resource, or ""."""
    if location is None:
        return ""
    if location.path:
        line = location.start_line
        return location.path if line is None else f"{location.path}:{line}"
    return location.url or location.resource or location.layer or location.commit


def where(instance: Instance) -> str:
    """Where one instance is; "" when nothing says so."""
    return place(instance.location)
