"""A proposal of `vigie fix` as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from vigie.faces.cli.proposals import (
    STANDING,
    columns,
    count_rows,
    existence,
    headline,
    named_remains,
)
from vigie.model.plain import plain_writer
from vigie.model.results import Counts, Plan
from vigie.model.text import T, Text, Words
from vigie.outlets.patches.unified import unified
from vigie.outlets.phrases.upgrades import caveats_of, clears_line, jump_of, step_line
from vigie.services.fix import Proposal
from vigie.services.fixing.patching import Outcome
from vigie.services.fixing.proof import Proof

LAYOUT = "1.0"


def markdown(proposal: Proposal, proof: Proof | None, words: Words) -> str:
    """The plan as a list, the counts as a table, the patch as a block."""
    parts = [f"## {words(T('Fix'))}", _plain(headline(proposal, words))]
    parts += [
        "\n".join(_item(number, outcome, proposal, words))
        for number, outcome in enumerate(proposal.patch.outcomes, 1)
    ]
    remains = list(named_remains(proposal, proposal.plan.remains, words))
    if remains:
        parts.append(words(T("{count} finding is left:", "{count} findings are left:",
                             count=len(remains))))  # fmt: skip
        parts.append("\n".join(f"- {_plain(name)}: {_plain(why)}" for name, why in remains))
    shown = columns(proposal, proof)
    if shown and proposal.patch.outcomes:
        head = ["", *(words(title) for title, _ in shown)]
        rows = [[name, *map(str, counts)] for name, counts in count_rows(shown, words)]
        rule = ["---", *["---:"] * len(shown)]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows)))
    if proof is not None:
        parts.append(words(T("✓ As predicted.") if proof.met else T("✗ Not as predicted.")))
    diff = unified(proposal.patch.edits)
    if diff:
        fence = "`" * max(3, _longest_run(diff) + 1)
        parts.append(f"{fence}diff\n{diff}{fence}")
    return "\n\n".join(parts) + "\n"


def _item(number: int, outcome: Outcome, proposal: Proposal, words: Words) -> Iterator[str]:
    step = outcome.step
    yield f"{number}. **{_plain(step_line(step, words))}**"
    clears = ", ".join(filter(None, (clears_line(step, words), jump_of(step, words))))
    yield f"   {_plain(clears)} — {words(STANDING[outcome.standing])}"
    if outcome.files:
        yield "   " + _plain(words(T("in {files}", files=outcome.files)))
    said = [*(words(reason) for reason in outcome.reasons), *caveats_of(step, words)]
    known = existence(proposal, outcome)
    said += [words(known)] if isinstance(known, Text) else []
    yield from (f"   - {_plain(text)}" for text in said)
    yield from (f"   - `{command}`" for command in outcome.commands)


def _plain(text: str) -> str:
    """Names out of reports must not become Markdown or HTML."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _longest_run(text: str) -> int:
    longest = run = 0
    for sign in text:
        run = run + 1 if sign == "`" else 0
        longest = max(longest, run)
    return longest


def plain(proposal: Proposal, proof: Proof | None) -> dict[str, Any]:
    """The proposal for programs. Texts are in English and keep their templates."""
    counts, text = plain_writer(Counts), plain_writer(Text)
    whole: dict[str, Any] = {
        "fix_version": LAYOUT,
        "target": proposal.result.target,
        "plan": plain_writer(Plan)(proposal.plan),
        "steps": [
            {
                "package": outcome.step.component.name,
                "version": outcome.step.version,
                "standing": outcome.standing.value,
                "files": list(outcome.files),
                "commands": list(outcome.commands),
                "reasons": [text(reason) for reason in outcome.reasons],
                "exists": proposal.exists(outcome),
            }
            for outcome in proposal.patch.outcomes
        ],
        "notes": [text(note) for note in proposal.patch.notes],
        "problems": [text(problem.message) for problem in proposal.patch.problems],
        "patch": unified(proposal.patch.edits),
        "predicted": counts(proposal.predicted),
        "proof": None,
    }
    if proof is not None:
        whole["proof"] = {
            "met": proof.met,
            "before": counts(proof.before),
            "predicted": counts(proof.predicted),
            "after": counts(proof.after),
            "still_there": [finding.fingerprint for finding in proof.still_there],
            "unexpected": [finding.fingerprint for finding in proof.unexpected],
            "unfinished": list(proof.weaker),
        }
    return whole


def as_json(proposal: Proposal, proof: Proof | None) -> str:
    """`plain` as one document."""
    return json.dumps(plain(proposal, proof), ensure_ascii=False, indent=2) + "\n"
