"""The sentences at the top: what needs somebody, what the gate says, what to plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vigie.model.findings import Decision, Finding
from vigie.model.observations import FixState
from vigie.model.results import Result, Ruling
from vigie.model.text import T, Text, Words
from vigie.outlets.phrases.figures import line
from vigie.outlets.phrases.labels import GATE, decision_of

UNKNOWN_REST = T("What was not looked at is unknown, not safe.")


def is_whole(result: Result) -> bool:
    """True when something looked, and everything that was asked for looked at everything."""
    return bool(result.runs) and result.complete


def counted(findings: Sequence[Finding]) -> dict[Decision | None, int]:
    """How many findings that count have each decision."""
    return Counter(decision_of(finding) for finding in findings if finding.status.counts)


def headline(result: Result, words: Words) -> str:
    """The one sentence somebody reads who reads nothing else."""
    counts = counted(result.findings)
    total, urgent = sum(counts.values()), counts.get(Decision.ACT, 0)
    if not result.runs:
        return words(T("Nothing was looked at."))
    if not is_whole(result):
        return words(_unsure(total, urgent))
    if urgent:
        return words(
            T(
                "{count} finding needs you today.",
                "{count} findings need you today.",
                count=urgent,
            )
        )
    if counts.get(None):
        return words(
            T(
                "{count} finding that nobody weighed may need you today.",
                "{count} findings that nobody weighed may need you today.",
                count=counts[None],
            )
        )
    if total:
        return words(T("Nothing needs you today."))
    return words(T("Nothing is open.") if result.findings else T("No findings."))


def _unsure(total: int, urgent: int) -> Text:
    """The headline of a result that did not look at everything: it must not soothe."""
    if urgent:
        return T(
            "{count} finding needs you today, and not everything was looked at.",
            "{count} findings need you today, and not everything was looked at.",
            count=urgent,
        )
    if total:
        return T("Nothing that was found needs you today, but not everything was looked at.")
    return T("No findings, but not everything was looked at.")


def second(result: Result, words: Words) -> list[str]:
    """What the headline leaves open: what to plan, what nobody weighed or could decide."""
    if not result.runs:
        unseen = T("No scanner ran and no report was read, so this is not safe: it is unknown.")
        return [words(unseen)]
    counts = counted(result.findings)
    said = []
    if not counts.get(Decision.ACT) and counts.get(Decision.PLAN):
        later = T(
            "{count} finding belongs in the next cycle.",
            "{count} findings belong in the next cycle.",
            count=counts[Decision.PLAN],
        )
        said.append(words(later))
    if counts.get(None) and (counts.get(Decision.ACT) or not is_whole(result)):
        said.append(words(_unweighed(counts[None])))
    said.append(unassessed_line(result, words))
    if not is_whole(result):
        said.append(words(UNKNOWN_REST))
    elif not counts and not result.not_assessed:
        aside = T("Every finding was set aside or fixed.")
        looked = T("Everything that was asked for was looked at.")
        said.append(words(aside if result.findings else looked))
    return [sentence for sentence in said if sentence]


def _unweighed(count: int) -> Text:
    return T(
        "Nobody weighed {count} finding: its priority is unknown.",
        "Nobody weighed {count} findings: their priority is unknown.",
        count=count,
    )


def tally(result: Result, words: Words) -> str:
    """How many findings count, how many of them have a fix, and how many do not count."""
    open_ones = [finding for finding in result.findings if finding.status.counts]
    fixable = sum(finding.fix.state is FixState.FIXED for finding in open_ones)
    settled = len(result.findings) - len(open_ones)
    if not result.findings:
        return ""
    said = [T("{count} finding", "{count} findings", count=len(open_ones))]
    if fixable:
        said.append(T("{count} has a fix", "{count} have a fix", count=fixable))
    if settled:
        said.append(T("{count} is set aside", "{count} are set aside", count=settled))
    return ", ".join(words(text) for text in said)


def verdict(result: Result, words: Words) -> str:
    """What the gate says, with the policy's name; "" when none was asked."""
    if result.gate is None:
        return ""
    policy = words(T("policy {name}", name=line(result.gate.policy))) if result.gate.policy else ""
    said = words(GATE[result.gate.outcome])
    return f"{said} ({policy})" if policy else said


def rulings(result: Result, *, blocks: bool) -> list[Ruling]:
    """The gate's rulings that block, or those that were let through."""
    return [r for r in result.gate.rulings if r.blocks is blocks] if result.gate else []


def ruling_line(ruling: Ruling, words: Words) -> str:
    """What the rule says, and what would have to change."""
    said = words(ruling.text)
    named = [ruling.rule] if ruling.rule and ruling.rule not in said else []
    if ruling.waiver and ruling.waiver not in said:
        named.append(words(T("waiver {name}", name=ruling.waiver)))
    said += f" ({' · '.join(named)})" if named else ""
    return line(f"{said} — {words(ruling.remedy)}" if ruling.remedy else said)


def new_line(result: Result, words: Words) -> str:
    """What changed against the baseline; "" when there was none."""
    known = [f.new for f in result.findings if f.status.counts and f.new is not None]
    if not known:
        return ""
    fresh = sum(known)
    text: Text = T(
        "{count} is new since the baseline.",
        "{count} are new since the baseline.",
        count=fresh,
    )
    return words(text) if fresh else words(T("Nothing is new since the baseline."))


def unassessed_line(result: Result, words: Words) -> str:
    """How many checks could not be decided; "" for none."""
    count = len(result.not_assessed)
    if not count:
        return ""
    return words(
        T(
            "{count} check could not be decided: unknown, not passed.",
            "{count} checks could not be decided: unknown, not passed.",
            count=count,
        )
    )
