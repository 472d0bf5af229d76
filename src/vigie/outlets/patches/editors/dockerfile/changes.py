"""What a rule wants changed or said, and how changes are carried out one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vigie.model.text import Text
from vigie.outlets.patches.editors._upgrades import Tally
from vigie.outlets.patches.editors.dockerfile.parsing import Dockerfile, Instruction
from vigie.outlets.patches.editors.dockerfile.stages import Stage, stages_of
from vigie.ports.patches import Reader, Upgrade


@dataclass(frozen=True, slots=True)
class Change:
    """Replace `start` to `end` of the file by `text`. `about` is where the reason belongs."""

    start: int
    end: int
    text: str
    reason: Text
    about: int = -1


@dataclass(frozen=True, slots=True)
class Remark:
    """What is left as it is at a place of the file, and why."""

    about: int
    reason: Text


Outcome = Change | Remark


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of hardening. `name` switches it off in a comment, as do Hadolint's `codes`."""

    name: str
    codes: frozenset[str]
    find: Callable[[Case], Iterable[Outcome]]


@dataclass(slots=True)
class Case:
    """A Dockerfile as the changes so far have left it, and what a rule may ask about."""

    path: str
    file: Dockerfile
    read: Reader
    upgrades: Sequence[Upgrade]
    tally: Tally
    stages: list[Stage] = field(init=False)

    def __post_init__(self) -> None:
        self.stages = stages_of(self.file)

    @property
    def final(self) -> Stage:
        return self.stages[-1]

    @property
    def posix(self) -> bool:
        """False when it may be about Windows, where no shell of ours is known."""
        return self.file.escape == "\\"

    def each(self, *keywords: str) -> Iterator[tuple[Stage, Instruction]]:
        """Every instruction of these keywords with its stage."""
        for stage in self.stages:
            for one in stage.instructions:
                if one.keyword in keywords:
                    yield stage, one

    def put_before(self, one: Instruction, lines: Sequence[str], reason: Text) -> Change:
        """New instructions before one and the comments that belong to it."""
        text = "".join(line + self.file.newline for line in lines)
        return Change(one.lead, one.lead, text, reason)

    def put_behind(self, one: Instruction, lines: Sequence[str], reason: Text) -> Change:
        """New instructions behind one."""
        text = "".join(line + self.file.newline for line in lines)
        if not self.file.text[one.start : one.end].endswith("\n"):
            text = self.file.newline + text.removesuffix(self.file.newline)
        return Change(one.end, one.end, text, reason, one.start)

    def rewrite(self, one: Instruction, start: int, end: int, text: str, reason: Text) -> Change:
        """Put something in place of a piece of an instruction's code."""
        first, last = one.source(start, end)
        return Change(first, last, text, reason)

    def chained(self, one: Instruction) -> str:
        """What stands between a last command and one that is put behind it: "&&" on a line of
        its own, as the instruction's other lines are set in."""
        lines = self.file.text[one.start : one.end].rstrip().split("\n")
        inner = [line for line in lines[1:] if line.strip() and not line.lstrip().startswith("#")]
        last = inner[-1] if inner else ""
        indent = last[: len(last) - len(last.lstrip())] if inner else "    "
        return f" {self.file.escape}{self.file.newline}{indent or '    '}&& "


def carry_out(text: str, changes: Iterable[Change]) -> tuple[str, list[Change]]:
    """The text with the changes that do not overlap, and which these are. What is put in at the
    same place stays in the order it came."""
    done: list[Change] = []
    parts: list[str] = []
    place = 0
    for change in sorted(changes, key=lambda one: (one.start, one.end)):
        if change.start < place:
            continue  # it comes in the next round
        parts += [text[place : change.start], change.text]
        place = change.end
        done.append(change)
    return "".join([*parts, text[place:]]), done


def origin(place: int, rounds: Sequence[Sequence[Change]]) -> int:
    """Where something stood before all these changes."""
    for changes in reversed(rounds):
        shift = 0
        for change in changes:
            after = change.start + shift
            if place < after:
                break
            if place < after + len(change.text):
                place, shift = change.start, 0
                break
            shift += len(change.text) - (change.end - change.start)
        place -= shift
    return place
