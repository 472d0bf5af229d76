"""From the steps of a plan to a patch: which editor writes what, and what each step comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from vigie.model.errors import UserError
from vigie.model.results import Step
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.patches import Edit, PatchEditor, Upgrade
from vigie.services.fixing.folder import Folder
from vigie.services.fixing.locks import Locks
from vigie.sources.registries.locks.renewing import Renewer
from vigie.triage.packages import package_key, parse_purl

# What lies there is a copy that an installer put there: only installing again changes it.
_INSTALLED = ("node_modules/", "site-packages/", "dist-packages/")


class Standing(StrEnum):
    """How far the patch carries a step."""

    PATCHED = "patched"
    PENDING = "pending"  # once a command has been run
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one step: the files that change, what to run, and why not all of it."""

    step: Step
    standing: Standing
    files: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    reasons: tuple[Text, ...] = ()


@dataclass(slots=True)
class Patch:
    """The edits of all steps together, one for each file, and what came of each step.

    `renewed` are manifests whose lock their own tool has renewed.
    """

    edits: tuple[Edit, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()
    renewed: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Said:
    """What editors said of one upgrade."""

    files: dict[str, None] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)  # the command by the manifest
    left: list[tuple[str, Text]] = field(default_factory=list)


def upgrades_of(step: Step, *, elsewhere: bool = False) -> list[Upgrade]:
    """One for each version that goes somewhere. `elsewhere` means that the paths are those of an
    image and not of the folder."""
    name = _name(step)
    return [
        Upgrade(
            step.component.type,
            name,
            move.installed,
            move.version,
            () if elsewhere else move.paths,
            step.component.direct,
        )
        for move in step.moves
    ]


def _name(step: Step) -> str:
    """The package as its ecosystem writes it, with the namespace that some tools leave out."""
    component = step.component
    if component.type == "maven":
        return package_key(component).name
    purl = parse_purl(component.purl)
    if component.type in ("npm", "golang") and purl is not None and purl.namespace:
        whole = f"{purl.namespace}/{purl.name}"
        return component.name if "/" in component.name else whole
    return component.name


class Patching:
    """One run of the editors over a folder."""

    def __init__(
        self,
        folder: Folder,
        editors: Mapping[str, PatchEditor],
        files: Mapping[str, Sequence[str]],
        renewers: Mapping[str, Sequence[Renewer]],
        *,
        harden: bool = True,
    ) -> None:
        """`harden` False: no edits but those that upgrades ask for."""
        self.folder = folder
        self.editors = editors
        self.files = files
        self.harden = harden
        self.said: dict[Upgrade, _Said] = {}
        self.notes: dict[str, Text] = {}
        self.problems: list[Problem] = []
        self.edits: dict[str, Edit] = {}
        self.locks = Locks(folder, renewers, self._all_files(), self._keep, self._note)

    def carry_out(
        self, steps: Sequence[tuple[Step, Sequence[Upgrade]]], beside: Sequence[Upgrade] = ()
    ) -> Patch:
        """The patch that brings these upgrades, as far as it can. `beside` are those that no step
        asks for and hardening can use, such as the digests of base images."""
        upgrades = [*(upgrade for _, group in steps for upgrade in group), *beside]
        for name, editor in self.editors.items():
            own = [u for u in upgrades if u.type in editor.types]
            # The deepest first: a workspace's lock lies above its members.
            for path in sorted(self.files.get(name, ()), key=lambda p: (-p.count("/"), p)):
                about = [u for u in own if _is_about(u, path, self._all_files())]
                if about or (self.harden and getattr(editor, "hardens", False)):
                    self._edit(editor, path, about)
        outcomes = tuple(self._outcome(step, group) for step, group in steps)
        changed = tuple(edit for _, edit in sorted(self.edits.items()) if edit.before != edit.after)
        return Patch(changed, outcomes, tuple(self.notes.values()), tuple(self.problems),
                     frozenset(self.locks.brought))  # fmt: skip

    def _all_files(self) -> frozenset[str]:
        return frozenset(path for paths in self.files.values() for path in paths)

    def _edit(self, editor: PatchEditor, path: str, upgrades: Sequence[Upgrade]) -> None:
        try:
            edits = list(editor.edit(path, self.folder.read, upgrades))
        except UserError as error:
            self.problems.append(Problem(ProblemCode.NOTE, error.message, path, error.hint))
            for upgrade in upgrades:
                self._of(upgrade).left.append((path, error.message))
            return
        # Every edit is renewed before one is kept: what editors read must not change meanwhile.
        for edit in [self.locks.renewed(editor, edit, upgrades) for edit in edits]:
            self._keep(edit)

    def _keep(self, edit: Edit) -> None:
        before = self.folder.original(edit.path)
        self.edits[edit.path] = replace(edit, before=before if before is not None else "")
        if edit.after != before:
            self.folder.changed[edit.path] = edit.after
        for upgrade in edit.done:
            said = self._of(upgrade)
            said.files[edit.path] = None
            if edit.renew:
                said.pending[edit.path] = _placed(edit.renew, edit.path)
        for one in edit.left:
            self._of(one.upgrade).left.append((edit.path, one.reason))
        for note in edit.notes:
            self._note(note)

    def _note(self, note: Text) -> None:
        self.notes.setdefault(str(note), note)

    def _of(self, upgrade: Upgrade) -> _Said:
        return self.said.setdefault(upgrade, _Said())

    def _outcome(self, step: Step, upgrades: Sequence[Upgrade]) -> Outcome:
        said = [self.said.get(upgrade, _Said()) for upgrade in upgrades]
        files = dict.fromkeys(path for one in said for path in one.files)
        commands = dict.fromkeys(command for one in said for command in one.pending.values())
        reasons: list[Text] = []
        standing = Standing.PATCHED
        for upgrade, one in zip(upgrades, said, strict=True):
            refused = [why for path, why in one.left if _matters(path, upgrade, one)]
            if refused or not one.files:
                standing = Standing.MANUAL
                reasons += refused or [self._silence(upgrade)]
        if standing is Standing.PATCHED and commands:
            standing = Standing.PENDING
        if any(_is_installed(path) for upgrade in upgrades for path in upgrade.paths):
            standing = standing if standing is Standing.MANUAL else Standing.PENDING
            reasons.append(T("a copy is installed already: install again after the patch"))
        changed = tuple(p for p in files if (e := self.edits.get(p)) and e.before != e.after)
        unique = tuple({str(reason): reason for reason in reasons}.values())
        return Outcome(step, standing, changed, tuple(commands), unique)

    def _silence(self, upgrade: Upgrade) -> Text:
        if not any(upgrade.type in editor.types for editor in self.editors.values()):
            return T("no file here says its version; it comes with the image or the system")
        return T("no file here asks for it")


def _is_about(upgrade: Upgrade, path: str, known: frozenset[str]) -> bool:
    """Whether a manifest may be the one that brings a package: it is named itself, or what is
    named lies beside, below or (in a workspace) above it."""
    if not upgrade.paths or path in upgrade.paths:
        return True
    home = _home(path)
    for named in upgrade.paths:
        if named in known and named.rpartition("/")[2] == path.rpartition("/")[2]:
            continue  # another file of the same kind, which speaks for itself
        there = _home(named)
        if there.startswith(home) or home.startswith(there):
            return True
    return False


def _home(path: str) -> str:
    head, slash, _ = path.rpartition("/")
    return head + slash


def _matters(path: str, upgrade: Upgrade, said: _Said) -> bool:
    """A refusal counts where the scanner saw the package, or when nothing else was done."""
    return path in upgrade.paths or not said.files


def _is_installed(path: str) -> bool:
    return any(part in path for part in _INSTALLED)


def _placed(command: str, path: str) -> str:
    home = _home(path)
    return f"cd {home.rstrip('/')} && {command}" if home else command


def states(outcomes: Iterable[Outcome], *wanted: Standing) -> list[Outcome]:
    """The outcomes of these standings."""
    return [outcome for outcome in outcomes if outcome.standing in wanted]
