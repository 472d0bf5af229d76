"""A proposal of `vigie fix` as lines for a terminal, no wider than asked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from vigie.model.findings import Decision
from vigie.model.results import Counts, Remainder
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.patches.unified import unified
from vigie.outlets.phrases.figures import line
from vigie.outlets.phrases.labels import DECISION, SEVERITY
from vigie.outlets.phrases.upgrades import caveats_of, clears_line, jump_of, step_line
from vigie.services.fix import Proposal
from vigie.services.fixing.patching import Outcome, Standing
from vigie.services.fixing.proof import Proof

MOST_LINES = 400  # of a diff on a terminal
_MOST_LEFT = 20
_MARKS = {Standing.PATCHED: "✓", Standing.PENDING: "…", Standing.MANUAL: "✗"}
STANDING = {
    Standing.PATCHED: T("the patch does it"),
    Standing.PENDING: T("the patch does it once this is run"),
    Standing.MANUAL: T("by hand"),
}
EXISTS = {True: T("the version exists"), False: T("the version was not found")}
NOT_CHECKED = T("whether the version exists was not checked")


def lines_of(proposal: Proposal, words: Words, width: int) -> Iterator[str]:
    """The plan, what is left, the state before and predicted, and the patch."""
    yield from wrapped(headline(proposal, words), width)
    if not proposal.result.complete:
        yield from wrapped(words(T("What was not looked at is unknown, not safe.")), width)
    for number, outcome in enumerate(proposal.patch.outcomes, 1):
        yield ""
        yield from _step(number, outcome, proposal, words, width)
    yield from _left(proposal, words, width)
    notes = (*proposal.patch.notes, *(p.message for p in proposal.patch.problems))
    if notes:
        yield ""
    for note in notes:
        yield from wrapped(f"· {words(note)}", width, "  ")
    if proposal.plan.outlook is not None and proposal.patch.outcomes:
        yield ""
        yield from table(columns(proposal, None), words)
    yield from _diff(proposal, words, width)


def headline(proposal: Proposal, words: Words) -> str:
    """How many findings there are and how many the plan clears."""
    cleared = len({fp for step in proposal.plan.steps for fp in step.clears})
    if not proposal.plan.steps and not any(f.status.counts for f in proposal.result.findings):
        return words(T("No upgrade is needed: nothing was found."))
    if not proposal.plan.steps:
        return words(T("No upgrade clears anything: nothing offers a fixed version."))
    return words(
        T("{steps} clear {cleared}; the patch does {done} of them.",
          steps=T("{count} upgrade", "{count} upgrades", count=len(proposal.plan.steps)),
          cleared=T("{count} finding", "{count} findings", count=cleared),
          done=len(proposal.cleared))
    )  # fmt: skip


def _step(
    number: int, outcome: Outcome, proposal: Proposal, words: Words, width: int
) -> Iterator[str]:
    step = outcome.step
    first = f"{number:>2}. {_MARKS[outcome.standing]} {step_line(step, words)}"
    yield from wrapped(first, width, "      ")
    clears = ", ".join(filter(None, (clears_line(step, words), jump_of(step, words))))
    said = [f"{clears} — {words(STANDING[outcome.standing])}"]
    if outcome.files:
        said.append(words(T("in {files}", files=tuple(map(line, outcome.files)))))
    said += [words(reason) for reason in outcome.reasons]
    said += [words(T("run: {command}", command=line(c))) for c in outcome.commands]
    said.append(words(existence(proposal, outcome)))
    said += caveats_of(step, words)
    for text in filter(None, said):
        yield from wrapped("      " + text, width, "        ")


def existence(proposal: Proposal, outcome: Outcome) -> Text | str:
    """Whether the version exists, "" for a kind of package that has no registry here."""
    if outcome.step.component.type in ("deb", "rpm", "apk", "alpm"):
        return ""
    known = proposal.exists(outcome)
    return NOT_CHECKED if known is None else EXISTS[known]


def _left(proposal: Proposal, words: Words, width: int) -> Iterator[str]:
    remains = proposal.plan.remains
    if not remains:
        return
    yield ""
    yield words(T("{count} finding is left:", "{count} findings are left:", count=len(remains)))
    for name, why in named_remains(proposal, remains[:_MOST_LEFT], words):
        yield from wrapped(f"  · {name}: {why}", width, "    ")
    more = len(remains) - _MOST_LEFT
    if more > 0:
        yield "  " + words(T("and {count} more; the JSON result lists them all", count=more))


def named_remains(
    proposal: Proposal, remains: Sequence[Remainder], words: Words
) -> Iterator[tuple[str, str]]:
    """Each finding that is left by its id and component, and why."""
    findings = {finding.fingerprint: finding for finding in proposal.result.findings}
    for one in remains:
        finding = findings[one.finding]
        component = finding.component
        about = f" ({component.name} {component.version})" if component is not None else ""
        yield line(finding.rule.id + about), words(one.reason)


Column = tuple[Text, Counts]


def columns(proposal: Proposal, proof: Proof | None) -> list[Column]:
    """Now, predicted for the plan and for the patch, and after, as far as each is known."""
    if proof is not None:
        return [(T("before"), proof.before), (T("predicted"), proof.predicted),
                (T("after"), proof.after)]  # fmt: skip
    if proposal.plan.outlook is None:
        return []
    every = sum(finding.status.counts for finding in proposal.result.findings)
    found = [(T("now"), proposal.plan.outlook.before), (T("after the patch"), proposal.predicted)]
    if proposal.plan.outlook.before.total == every:  # else --only leaves the rest out of it
        found.append((T("after all steps"), proposal.plan.outlook.after))
    return found


def table(shown: Sequence[Column], words: Words) -> Iterator[str]:
    """Counts by severity and by decision, figures right-aligned."""
    heads = [words(title) for title, _ in shown]
    widths = [max(6, len(head)) for head in heads]
    yield " " * 14 + "  ".join(h.rjust(w) for h, w in zip(heads, widths, strict=True))
    for name, counts in count_rows(shown, words):
        figures = "  ".join(str(c).rjust(w) for c, w in zip(counts, widths, strict=True))
        yield f"  {name:<12}{figures}"


def count_rows(shown: Sequence[Column], words: Words) -> Iterator[tuple[str, list[int]]]:
    """Every row of the table that is not zero everywhere."""
    yield words(T("findings")), [counts.total for _, counts in shown]
    for severity in Severity:
        row = [counts.by_severity.get(severity, 0) for _, counts in shown]
        if any(row):
            yield words(SEVERITY[severity]), row
    for decision in Decision:
        row = [counts.by_decision.get(decision, 0) for _, counts in shown]
        if any(row):
            yield words(DECISION[decision]), row


def _diff(proposal: Proposal, words: Words, width: int) -> Iterator[str]:
    diff = unified(proposal.patch.edits).split("\n")
    if not diff[:-1]:
        return
    yield ""
    yield from map(_shown, diff[:-1][:MOST_LINES])
    if len(diff) - 1 > MOST_LINES:
        yield from wrapped(
            words(T("… and {count} more lines; --patch FILE writes them all.",
                    count=len(diff) - 1 - MOST_LINES)),
            width,
        )  # fmt: skip


def _shown(row: str) -> str:
    """A line of a file as it is, but for what a terminal would obey."""
    return "".join(sign if sign.isprintable() or sign == "\t" else "�" for sign in row[:1000])


def proof_lines(proposal: Proposal, proof: Proof, words: Words, width: int) -> Iterator[str]:
    """Before, predicted and after, and whether the prediction was met."""
    yield ""
    yield from table(columns(proposal, proof), words)
    yield ""
    if proof.met:
        more = proof.predicted.total - proof.after.total
        yield from wrapped(words(T("✓ As predicted.")), width)
        if more > 0:  # hardening a Dockerfile clears what no upgrade could be planned for
            text = T("{count} finding more than predicted is gone.",
                     "{count} findings more than predicted are gone.", count=more)  # fmt: skip
            yield from wrapped(words(text), width)
        return
    yield from wrapped(words(T("✗ Not as predicted.")), width)
    for found in proof.still_there[:_MOST_LEFT]:
        yield from wrapped("  " + words(T("still there: {id}", id=found.rule.id)), width, "    ")
    for found in proof.unexpected[:_MOST_LEFT]:
        yield from wrapped("  " + words(T("new: {id}", id=found.rule.id)), width, "    ")
    if proof.weaker:
        text = T("did not finish this time, so they prove nothing: {names}", names=proof.weaker)
        yield from wrapped("  " + words(text), width, "    ")


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines of at most `width` signs; what somebody would copy is not broken."""
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]
