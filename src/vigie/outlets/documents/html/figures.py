"""Ages, and versions as an ecosystem spells them."""

from __future__ import annotations

from vigie.model.components import Component
from vigie.outlets.phrases.figures import moment


def age_in_days(text: str, now: str) -> int | None:
    """Days of the calendar from one ISO time to another; None when either is unknown."""
    then, today = moment(text), moment(now)
    return max(0, (today.date() - then.date()).days) if then and today else None


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
