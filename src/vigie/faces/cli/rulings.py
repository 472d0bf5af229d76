"""A gate's verdict as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.results import GateOutcome, Result, Ruling
from vigie.model.text import T, Words

MOST = 50  # of each sort; the result holds them all

_VERDICTS = {
    GateOutcome.PASS: T("✓ {policy}: yes, it may ship"),
    GateOutcome.FAIL: T("✗ {policy}: no, it may not ship"),
    GateOutcome.INCOMPLETE: T("? {policy}: incomplete, so nobody can say yes"),
}


def lines_of(result: Result, say: Words, version: int | None = None) -> Iterator[str]:
    """The verdict, what blocks and what would have to change, and what waivers let through.
    `version` is that of the policy, where a server keeps more than one."""
    gate = result.gate
    if gate is None:
        return
    policy = gate.policy
    if version is not None:
        policy = say(T("{policy}, version {version}", policy=policy, version=version))
    yield say(_VERDICTS[gate.outcome].template, policy=policy)
    blocking = [ruling for ruling in gate.rulings if ruling.blocks]
    waived = [ruling for ruling in gate.rulings if not ruling.blocks]
    if blocking:
        yield ""
        yield say(T("{count} thing blocks:", "{count} things block:", count=len(blocking)))
        yield from _listed(blocking, "✗", say)
    if waived:
        yield ""
        yield say(T("{count} is let through:", "{count} are let through:", count=len(waived)))
        yield from _listed(waived, "·", say)


def _listed(rulings: list[Ruling], mark: str, say: Words) -> Iterator[str]:
    for ruling in rulings[:MOST]:
        yield f"  {mark} {say(ruling.text)}"
        if ruling.remedy is not None:
            yield f"    → {say.sentence(ruling.remedy)}"
    if len(rulings) > MOST:
        yield "  " + say(T("… and {count} more", count=len(rulings) - MOST))
