"""Upgrade advice in a tool's own words: "demo@1.0 -> demo@1.2", as the Snyk parser keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vigie.model.observations import Observation
from vigie.triage.packages import package_key, purl_package

_ADVICE = re.compile(r"(?P<name>\S+)@(?P<old>[^@\s]+) -> (?P<same>\S+)@(?P<new>[^@\s]+)")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Advice:
    """Raise the package `name` from `old` to `new`, says `tool`."""

    tool: str
    type: str
    name: str
    old: str
    new: str


def advice_of(observation: Observation) -> Advice | None:
    """What it advises; None when it advises nothing, or not in this form."""
    component = observation.component
    said = observation.fix.advice
    found = _ADVICE.fullmatch(said) if component is not None and len(said) < _LONGEST else None
    if component is None or found is None or found["name"] != found["same"]:
        return None
    return Advice(observation.tool, component.type, found["name"], found["old"], found["new"])


def own_advice(observation: Observation) -> str:
    """The version that it advises for the vulnerable package itself; "" for none."""
    advice = advice_of(observation)
    if advice is None or observation.component is None:
        return ""
    same = purl_package("", advice.type, advice.name) == package_key(observation.component)
    return advice.new if same else ""
