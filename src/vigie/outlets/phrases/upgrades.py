"""Upgrades in words: what to do, from where to where, what it clears and what the plan leaves."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.model.results import Counts, Plan, Step
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.phrases.figures import line
from vigie.outlets.phrases.labels import JUMP, SEVERITY
from vigie.outlets.phrases.subjects import named


def step_line(step: Step, words: Words) -> str:
    """ "Upgrade openssl from 3.0.11 to 3.0.13"."""
    if step.action is not None:
        return line(words(step.action))
    upgrade = T("Upgrade {package} to {version}", package=named(step.component),
                version=line(step.version))  # fmt: skip
    return words(upgrade)


def clears_line(step: Step, words: Words) -> str:
    """ "clears 12 findings"."""
    return words(T("clears {count} finding", "clears {count} findings", count=len(step.clears)))


def old_of(step: Step) -> str:
    """Every installed version that it replaces, "" when none is known."""
    olds = dict.fromkeys(move.installed for move in step.moves) or {step.component.version: None}
    return ", ".join(filter(None, olds))


def new_of(step: Step) -> str:
    """Every version it goes to."""
    return ", ".join(dict.fromkeys(move.version for move in step.moves)) or step.version


def jump_of(step: Step, words: Words) -> str:
    """ "minor release", "" when the versions cannot be compared."""
    return words(JUMP[step.jump]) if step.jump in JUMP else ""


def caveats_of(step: Step, words: Words) -> list[str]:
    """What it does not do, what else there is, whose word it is, and what is known against it."""
    said: list[Text] = []
    if step.stays:
        said.append(T("{count} finding of it stays", "{count} findings of it stay",
                      count=len(step.stays)))  # fmt: skip
    for choice in step.choices:
        clears = T("{count} finding", "{count} findings", count=choice.clears)
        release = JUMP.get(choice.jump, T("release"))
        said.append(
            T("{version} ({release}) would clear {clears}", version=choice.version,
              release=release, clears=clears)
        )  # fmt: skip
    if step.still_known:
        said.append(T("known of the new version: {ids}", ids=step.still_known[:5]))
    if step.source:
        said.append(T("advised by {tool}", tool=step.source))
    return [line(words(text)) for text in said]


def outlook_line(plan: Plan, words: Words) -> str:
    """ "After it 3 of 40 findings are left: 1 high, 2 low."; "" when nothing is planned."""
    if plan.outlook is None or not plan.steps:
        return ""
    before, after = plan.outlook.before, plan.outlook.after
    text = T("After it {count} of {before} finding is left", "After it {count} of {before} "
             "findings are left", count=after.total, before=before.total)  # fmt: skip
    named_counts = severities_of(after, words)
    return words(text) + (f": {named_counts}." if named_counts else ".")


def severities_of(counts: Counts, words: Words) -> str:
    """ "1 high, 2 low", "" for none."""
    return _counted([(words(SEVERITY[s]), counts.by_severity.get(s, 0)) for s in Severity])


def _counted(pairs: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {word}" for word, count in pairs if count)
