"""Makes the Python upgrades of a plan fit together, and says what does not.

Where one package asks for another than the patch would write, the one in the way goes to the
lowest version that suits, else the one that asks, else an upgrade is left out of the patch.
docs/guides/fix.md says it for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from vigie.model.results import Plan, Step
from vigie.model.text import T, Text
from vigie.ports.patches import Edit, PatchEditor, Upgrade
from vigie.services.fixing.asked import Asked, sets_of
from vigie.services.fixing.choosing import Choices, Companion, Floor, is_below
from vigie.services.fixing.clashes import Clash, Examination, Examiner
from vigie.services.fixing.folder import Folder
from vigie.services.fixing.patching import Outcome, Patching, Standing
from vigie.services.fixing.telling import left_out, notes, reasons, spoken
from vigie.sources.registries.fitting import Demand, plain_name

_EDITORS = ("requirements", "pipfile", "pyproject")
_MOST_ROUNDS = 12
_MOST_RAISES = 6  # rounds in which versions are looked for; later ones only leave out


@dataclass(frozen=True, slots=True)
class Fitted:
    """A plan whose Python upgrades fit together as far as that could be known.

    `steps` have the upgrades that go along with them. `left` says why the upgrade of a package
    is not in the patch, `reasons` why it goes where it goes, both by its plain name. `looked`
    are the files that an answer was got for.
    """

    plan: Plan
    steps: Sequence[tuple[Step, Sequence[Upgrade]]]
    left: Mapping[str, Text] = field(default_factory=dict)
    reasons: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    looked: frozenset[str] = frozenset()

    def explained(self, outcome: Outcome) -> Outcome:
        """The outcome of a step with why it goes where it goes."""
        step = outcome.step
        why = self.reasons.get(plain_name(step.component.name), ())
        if step.component.type != "pypi" or outcome.standing is Standing.MANUAL:
            return outcome
        return replace(outcome, reasons=(*outcome.reasons, *why))


def unchecked(
    edits: Sequence[Edit], files: Mapping[str, Sequence[str]], looked: frozenset[str]
) -> tuple[Text, ...]:
    """Said once: the manifests that nobody was asked about, by pip or by the tool of a lock."""
    asking = {path for name, paths in files.items() if name != "dockerfile" for path in paths}
    places = tuple(
        edit.path
        for edit in edits
        if edit.done and edit.path in asking and edit.path not in looked
        and not edit.renew
    )  # fmt: skip
    if not places:
        return ()
    return (T("whether these versions fit together was not checked: {files}", files=places),)


def fit(
    choices: Choices,
    folder: Folder,
    editors: Mapping[str, PatchEditor],
    files: Mapping[str, Sequence[str]],
) -> Fitted:
    """The plan of `choices`, changed until what it writes fits together."""
    return _Fitting(choices, folder, editors, files).run()


class _Fitting:
    def __init__(
        self, choices: Choices, folder: Folder, editors: Mapping[str, PatchEditor],
        files: Mapping[str, Sequence[str]],
    ) -> None:  # fmt: skip
        self.choices = choices
        self.folder = folder
        self.editors = {n: e for n, e in editors.items() if n in _EDITORS}
        self.files = {n: files.get(n, ()) for n in _EDITORS}
        self.examiner = Examiner(choices.pip)
        self.before = {a.key: a for a in sets_of(self.files, folder.original)}
        self.old: dict[str, Text] = {}

    def run(self) -> Fitted:
        self.choices.again()
        for turn in range(_MOST_ROUNDS):
            seen = self._look()
            again = [
                self._settle(asked, found, look_further=turn < _MOST_RAISES)
                for asked, found in seen
                if found.fits is False
            ]
            if not any(again):
                break
        return self._told(self._look())

    def _look(self) -> list[tuple[Asked, Examination]]:
        """Every set that the patch changes, and what is known of it."""
        folder = replace(self.folder, changed={})
        steps = [
            (step, group)
            for step, group in self.choices.pairs()
            if step.component.type == "pypi"
            and plain_name(step.component.name) not in self.choices.left
        ]
        Patching(folder, self.editors, self.files, {}, harden=False).carry_out(steps)
        return [
            (asked, self.examiner.look(asked))
            for asked in sets_of(self.files, folder.read)
            if (old := self.before.get(asked.key)) is None or old.spelled() != asked.spelled()
        ]

    def _settle(self, asked: Asked, found: Examination, *, look_further: bool) -> bool:
        """Decide something about a set that does not fit; False when nothing can be."""
        settled: set[str] = set()
        for clash in found.clashes:
            if settled & {clash.by, clash.target}:
                continue
            if self._settle_clash(asked, clash, look_further=look_further):
                settled |= {clash.by, clash.target}
        if found.group:
            return self._settle_group(asked, found.group)
        return bool(settled)

    def _settle_clash(self, asked: Asked, clash: Clash, *, look_further: bool) -> bool:
        moving = (self.choices.moving(clash.by), self.choices.moving(clash.target))
        if not any(moving):
            self._is_old(clash)
            return False
        if look_further and (
            self._raise_target(clash)
            or self._raise_requirer(clash)
            or self._raise_target(clash, clears_less=True)
        ):
            return True
        if not moving[0] and self._was_so_before(asked, clash):
            self._is_old(clash)
            return False
        self.choices.leave_out(moving[0] or moving[1], left_out(clash))
        return True

    def _raise_target(self, clash: Clash, *, clears_less: bool = False) -> bool:
        """The package in the way goes where it suits whoever asks for it."""
        choices, name = self.choices, clash.target
        known = choices.needs.get(name, ())
        versions = choices.fitting(name, (*known, clash.demand))
        if clash.demand in known or not versions or name in choices.left:
            return False
        if not choices.steps(name):
            return self._take_along(clash, versions)
        before = choices.clears(name)
        choices.needs[name] = (*known, clash.demand)
        choices.again()
        now = choices.clears(name)
        if now and (clears_less or now >= before):
            return True
        choices.needs[name] = known
        choices.again()
        return False

    def _take_along(self, clash: Clash, versions: Sequence[str]) -> bool:
        """A pin without findings is raised with the step that asks for it."""
        old = self._old_pin(clash.manifest, clash.target)
        higher = [v for v in versions if not old or is_below(old, v)]
        return self._along(clash, self.choices.unharmed(clash.target, old, higher), old, clash.by)

    def _along(self, clash: Clash, versions: Sequence[str], old: str, of: str) -> bool:
        owner = self.choices.moving(of)
        if not versions or not owner:
            return False
        name = clash.target if of == clash.by else clash.by
        if of == clash.by:
            known = self.choices.needs.get(name, ())
            self.choices.needs[name] = (*known, clash.demand)
        paths = (clash.path,) if of == clash.by and clash.path else ()
        upgrade = Upgrade("pypi", name, old, versions[0], paths)
        self.choices.companions[name] = Companion(upgrade, owner, clash)
        return True

    def _raise_requirer(self, clash: Clash) -> bool:
        """The package that asks goes to its first version that takes what is there."""
        choices, name = self.choices, clash.by
        if not clash.at or name in choices.left:
            return False
        versions = [
            v
            for v in choices.fitting(name, choices.needs.get(name, ()))
            if is_below(clash.demand.version, v)
        ]
        lowest = self._first_that_takes(clash, versions)
        if lowest is None:
            return False
        if not choices.steps(name):
            old = self._old_pin(clash.manifest, name) or clash.demand.version
            found = choices.unharmed(name, old, versions[lowest:])
            suited = [v for v in found[:5] if self._takes(clash, v)]
            return self._along(clash, suited, old, clash.target)
        before, known = choices.clears(name), choices.floors.get(name)
        choices.floors[name] = Floor(versions[lowest], clash.target, clash.at)
        choices.again()
        if choices.clears(name) >= before:
            return True
        del choices.floors[name]
        if known is not None:
            choices.floors[name] = known
        choices.again()
        return False

    def _first_that_takes(self, clash: Clash, versions: Sequence[str]) -> int | None:
        """By halving: what newer versions of a package ask for is seldom older."""
        if not versions or not self._takes(clash, versions[-1]):
            return None
        low, high = 0, len(versions) - 1
        while low < high:
            middle = (low + high) // 2
            if self._takes(clash, versions[middle]):
                high = middle
            else:
                low = middle + 1
        return low

    def _takes(self, clash: Clash, version: str) -> bool:
        said = self.choices.pip.demands({clash.by: version})
        demands = said.get(clash.by) if said is not None else None
        return demands is not None and all(
            demand.asked.specifier.contains(clash.at, prereleases=True)
            for demand in demands
            if plain_name(demand.asked.name) == clash.target
        )

    def _settle_group(self, asked: Asked, group: Sequence[Demand]) -> bool:
        """A conflict that lies deeper: the one upgrade without which it fits is left out, else
        all that have to do with it."""
        names = {plain_name(n) for d in group for n in (d.name, d.asked.name)}
        concerned = list(dict.fromkeys(filter(None, map(self.choices.moving, sorted(names)))))
        why = T("left out of the patch, for it does not fit with the rest: {demands}",
                demands=spoken(group))  # fmt: skip
        old = self.before.get(asked.key)
        if not concerned:
            if old is None or self.examiner.look(old).fits is not True:
                self._never_fitted(asked)
                return False
            concerned = [n for n in sorted(asked.names) if self.choices.moving(n) == n]
        elif old is not None and len(concerned) > 1:
            concerned = self._the_one(asked, concerned) or concerned
        for name in concerned:
            self.choices.leave_out(name, why)
        return bool(concerned)

    def _the_one(self, asked: Asked, names: Sequence[str]) -> list[str]:
        for name in names:
            choices = self.choices
            self.choices = replace(choices, left={**choices.left, name: T("by hand")})
            fits = {a.key: f.fits for a, f in self._look()}
            self.choices = choices
            if fits.get(asked.key, True) is True:
                return [name]
        return []

    def _old_pin(self, manifest: str, name: str) -> str:
        """The version that was asked for before the patch; "" for a range."""
        pins = [a.pins(self.choices.pip.holds) for a in self.before.values()
                if a.manifest == manifest]  # fmt: skip
        return next((found[name] for found in pins if name in found), "")

    def _was_so_before(self, asked: Asked, clash: Clash) -> bool:
        old = self._old_pin(asked.manifest, clash.target)
        return bool(old) and not clash.demand.asked.specifier.contains(old, prereleases=True)

    def _is_old(self, clash: Clash) -> None:
        said = T("{demand}, and {path} asks for another; that was so before the patch",
                 demand=spoken([clash.demand])[0], path=clash.path)  # fmt: skip
        self.old[clash.manifest] = said

    def _never_fitted(self, asked: Asked) -> None:
        self.old[asked.manifest] = T(
            "what {path} asks for did not fit together before the patch either",
            path=asked.manifest,
        )

    def _told(self, seen: Sequence[tuple[Asked, Examination]]) -> Fitted:
        choices = self.choices
        return Fitted(
            choices.plan,
            choices.pairs(),
            {name: why for name, why in choices.left.items() if choices.steps(name)},
            reasons(choices),
            tuple(notes(seen, self.old, choices.pip.python)),
            frozenset(p for a, found in seen if found.fits is not None for p in a.files),
        )
