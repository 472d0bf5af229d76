"""The editor: every rule in turn, until none finds anything to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.outlets.patches.editors._upgrades import Tally
from vigie.outlets.patches.editors.dockerfile.changes import (
    Case,
    Change,
    Remark,
    Rule,
    carry_out,
    origin,
)
from vigie.outlets.patches.editors.dockerfile.parsing import Dockerfile, parse_dockerfile
from vigie.outlets.patches.editors.dockerfile.rules import RULES
from vigie.ports.patches import Edit, Reader, Upgrade

_MOST_ROUNDS = 12
# No Dockerfile that people write is larger; every rule looks at all of it in every round.
_LARGEST = 256 * 1024
_MOST_INSTRUCTIONS = 500
_NO_DOCKERFILES = (".dockerignore", ".j2", ".tmpl", ".tpl", ".template", ".erb", ".md", ".orig",
                   ".bak", ".rej", ".sh", ".py", ".yml", ".yaml", ".json")  # fmt: skip


class DockerfileEditor:
    """`skip` are names of rules, or Hadolint's codes, that are switched off for every file; a
    comment `# vigie ignore=NAME` or `# hadolint ignore=CODE` does it for one instruction, and with
    `global ignore=` for one file.
    """

    name = "dockerfile"
    label = "Dockerfile"
    types = frozenset({"docker", "oci", "deb", "apk", "rpm", "pypi", "npm"})
    patterns = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile",
                "Containerfile.*")  # fmt: skip
    hardens = True  # edits without upgrades, too

    def __init__(self, skip: Iterable[str] = ()) -> None:
        self.skip = frozenset(skip)

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The hardened file; `notes` say for each line what changed, what did not, and why."""
        text = read(path)
        if text is None or path.endswith(_NO_DOCKERFILES):
            return
        edit = _Hardening(path, text, read, upgrades, self.skip).edit()
        if edit.before != edit.after or edit.notes or edit.done or edit.left:
            yield edit


@dataclass(slots=True)
class _Hardening:
    """One file from round to round."""

    path: str
    text: str
    read: Reader
    upgrades: Sequence[Upgrade]
    skip: frozenset[str]
    tally: Tally = field(default_factory=Tally)
    rounds: list[list[Change]] = field(default_factory=list)
    said: dict[tuple[int, str, str], Text] = field(default_factory=dict)

    def edit(self) -> Edit:
        now = self.text
        original = parse_dockerfile(self.text, self.path)
        if len(self.text) > _LARGEST or len(original.instructions) > _MOST_INSTRUCTIONS:
            raise UserError(T("{path} is too large to be edited", path=self.path),
                            T("It was not touched."))  # fmt: skip
        for _ in range(_MOST_ROUNDS):
            before = now
            for rule in RULES:
                now = self._applied(rule, now)
            if now == before:
                break
        else:
            raise UserError(T("{path} could not be written back as it is", path=self.path),
                            T("It was not touched."))  # fmt: skip
        remarks = list(self._remarks(now))
        done = sorted(self.said.items(), key=lambda item: item[0])
        notes = [self._note(original, place, name, why) for (place, name, _), why in done]
        notes += [self._note(original, place, name, why, left=True) for place, name, why in remarks]
        # Several changes of one line may have one reason.
        self.tally.notes += {str(note): note for note in notes}.values()
        return self.tally.edit(self.path, self.text, now)

    def _applied(self, rule: Rule, now: str) -> str:
        case = Case(self.path, parse_dockerfile(now, self.path), self.read, self.upgrades,
                    self.tally)  # fmt: skip
        changes = [one for one in self._found(rule, case) if isinstance(one, Change)]
        after, done = carry_out(now, changes)
        if after == now:
            return now
        for change in done:
            about = change.about if change.about >= 0 else change.start
            place = origin(about, self.rounds)
            self.said.setdefault((place, rule.name, str(change.reason)), change.reason)
        self.rounds.append(done)
        return after

    def _remarks(self, now: str) -> Iterator[tuple[int, str, Text]]:
        """What is left to be said of the file as it shall be."""
        self.tally.left.clear()
        case = Case(self.path, parse_dockerfile(now, self.path), self.read, self.upgrades,
                    self.tally)  # fmt: skip
        found = {
            (origin(one.about, self.rounds), rule.name, str(one.reason)): one.reason
            for rule in RULES
            for one in self._found(rule, case)
            if isinstance(one, Remark)
        }
        for (place, name, _), reason in sorted(found.items(), key=lambda item: item[0]):
            yield place, name, reason

    def _found(self, rule: Rule, case: Case) -> Iterator[Change | Remark]:
        off = {rule.name, *rule.codes}
        if off & (self.skip | case.file.ignored):
            return
        spans = [(one.lead, one.end) for one in case.file.instructions if off & one.ignored]
        for one in rule.find(case):
            place = one.about if isinstance(one, Remark) or one.about >= 0 else one.start
            if not any(start <= place < end for start, end in spans):
                yield one

    def _note(
        self, file: Dockerfile, place: int, name: str, reason: Text, *, left: bool = False
    ) -> Text:
        where = f"{self.path}:{file.line_of(min(place, max(0, len(file.text) - 1)))}"
        if left:
            return T("{place}: left as it is: {reason} [{rule}]", place=where, reason=reason,
                     rule=name)  # fmt: skip
        return T("{place}: {reason} [{rule}]", place=where, reason=reason, rule=name)
