"""`vigie fix`: which upgrades clear the most, as a patch that can be applied and proved."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.inputs import Inputs, answer, read_inputs, readers
from vigie.faces.cli.options import common_options, scan_options
from vigie.faces.cli.proposal_forms import as_json, markdown
from vigie.faces.cli.proposals import lines_of, proof_lines
from vigie.faces.cli.scanning import scan_targets
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.faces.cli.verdict import code_of_scan
from vigie.faces.cli.warnings import warn_of
from vigie.model.errors import UserError
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.model.text import T
from vigie.outlets.patches.unified import unified
from vigie.ports.outlets import Part
from vigie.services.advisories import open_index
from vigie.services.arguments import Given, sort_out
from vigie.services.fix import FixOptions, Proposal, propose
from vigie.services.fixing.folder import Folder, open_folder
from vigie.services.fixing.proof import Proof, prove
from vigie.services.fixing.writing import write_patch
from vigie.services.intake import Reading, read_paths
from vigie.services.results import load_result, write_parts
from vigie.services.scan import DEFAULT_EXCLUDED
from vigie.wiring.plugs import PATCHES, REPORTS, SCANNERS, Plugs
from vigie.wiring.settings import Settings

FORMS = ("table", "json", "markdown", "diff")
JUMPS = ("patch", "minor", "major")


@command(
    "fix",
    T(
        "Plan the smallest set of upgrades that clears the most findings, and show it as a patch "
        "of the files that ask for these packages. With --write the patch is applied and the "
        "target scanned again: exit code 1 means that what was predicted did not come true."
    ),
    Example("vigie fix .", T("Show what to upgrade here, and the patch")),
    Example("vigie fix . --write", T("Apply it and prove it by a second scan")),
    Example("vigie fix result.json --in . --format diff | git apply", T("From a saved result")),
    Example("vigie fix . --jump minor --only requests", T("One package, and no major release")),
)
@click.argument("subject", metavar="TARGET|RESULT")
@option("--write", is_flag=True, say=T("Apply the patch, scan again and compare."))
@option("--patch", metavar="FILE", say=T("Write the patch to FILE, for patch -p1 or git apply."))
@option("--in", "home", metavar="FOLDER", say=T("The folder to patch, where a result is given."))
@option("--only", metavar="NAMES", multiple=True,
        say=T("Only these packages or findings, with commas between."))  # fmt: skip
@option("--jump", metavar="WORD", names=lambda: JUMPS,
        say=T("The longest jump to offer: patch, minor or major (major)."))  # fmt: skip
@option("--format", "forms", metavar="F[=FILE]", multiple=True, names=lambda: FORMS, listed=True,
        say=T("Show table, json, markdown or diff; to standard output or to FILE."))  # fmt: skip
@scan_options
@common_options
def COMMAND(  # noqa: N802
    session: Session,
    subject: str,
    write: bool,
    patch: str | None,
    home: str | None,
    only: tuple[str, ...],
    jump: str | None,
    forms: tuple[str, ...],
    **typed: Any,
) -> int:
    settings = session.settings(**typed)
    shown = _forms(forms)
    if jump not in (None, *JUMPS):
        raise UserError(
            T("there is no jump {name!r}", name=jump), T("Choose from: {names}", names=JUMPS)
        )
    case = _looked_at(subject, home, settings, session)
    if write and case.folder is None:
        raise UserError(
            T("there is no folder to patch; it was no folder that was scanned"),
            T("Give the folder to patch: --in FOLDER."),
        )
    options = FixOptions(
        longest=jump or "major",
        only=tuple(n.strip() for names in only for n in names.split(",") if n.strip()),
        offline=settings.scan.offline,
        excluded=(*DEFAULT_EXCLUDED, *settings.scan.exclude),
    )
    with ExitStack() as held:
        index = open_index()
        if index is not None:
            held.enter_context(index)
        editors = Plugs(PATCHES)
        proposal = propose(case.result, case.folder, editors.working(), options, index)
    if patch:
        _write_text(unified(proposal.patch.edits), Path(patch), session)
    proof = None
    if not write:
        _show(proposal, None, shown, session)
    else:
        proof = _write(proposal, case, settings, shown, session)
    warn_of(case.result, session)
    for problem in editors.disabled:
        session.warn(problem)
    if proof is not None and not proof.met:
        return ExitCode.REFUSED
    if case.given is Given.TARGETS:
        return code_of_scan(case.result)
    return ExitCode.FINE if case.result.complete else ExitCode.INCOMPLETE


@dataclass(frozen=True, slots=True)
class _Case:
    """What is to be fixed: the result, how it came, the folder (None: none) and the inputs that
    a second scan is judged with."""

    given: Given
    subject: str
    result: Result
    folder: Folder | None
    inputs: Inputs


def _looked_at(subject: str, home: str | None, settings: Settings, session: Session) -> _Case:
    given = sort_out([subject], readers(Plugs(REPORTS)))
    inputs = read_inputs(settings, session, target=subject)
    inputs = replace(inputs, policy=None)  # a gate is another question
    found: Sequence[Reading] = ()
    if given is Given.REPORTS:
        found = read_paths([Path(subject)], readers(inputs.parsers), limits=inputs.limits)
        if all(_only_lists(reading) for reading in found):
            given = Given.TARGETS  # of packages alone nobody knows yet what is wrong with them
    if given is Given.RESULT:
        result = load_result(Path(subject))
    elif given is Given.REPORTS:
        result = answer(found, inputs, session)
    else:
        result = scan_targets([subject], settings, inputs, session)
    where = home or (subject if given is Given.TARGETS else result.target)
    there = Path(where)
    if home is None and (not there.exists() or (there.is_file() and _is_no_source(there))):
        return _Case(given, subject, result, None, inputs)
    return _Case(given, subject, result, open_folder(there), inputs)


def _only_lists(reading: Reading) -> bool:
    """True for an SBOM in which nobody has looked for anything."""
    coverage = reading.run.coverage
    return (
        reading.report is not None
        and coverage is not None
        and coverage.kinds == frozenset({Kind.LICENCE})
    )


def _is_no_source(path: Path) -> bool:
    """An image's archive or an SBOM: the folder that it lies in was not looked at."""
    return path.suffix.lower() in (".tar", ".gz", ".tgz", ".json", ".xml", ".spdx")


def _write(
    proposal: Proposal, case: _Case, settings: Settings, shown: Sequence[tuple[str, str]],
    session: Session,
) -> Proof | None:  # fmt: skip
    if case.folder is None or not proposal.patch.edits:
        _show(proposal, None, shown, session)
        session.note(T("There is nothing to write."))
        return None
    undo = write_patch(case.folder.root, proposal.patch.edits, case.inputs.options.created)
    session.note(T("changed {files}", files=tuple(e.path for e in proposal.patch.edits)))
    session.note(
        T("To undo it: patch -R -p1 -d {folder} < {file}",
          folder=shlex.quote(str(case.folder.root)), file=shlex.quote(str(undo)))
    )  # fmt: skip
    again = _again(case, settings)
    if again is None:
        _show(proposal, None, shown, session)
        session.note(T("What was scanned is no folder here: build it, scan it and compare."))
        return None
    after = scan_targets([again[0]], again[1], case.inputs, session)
    proof = prove(proposal.result, proposal.predicted, proposal.cleared, after)
    _show(proposal, proof, shown, session)
    return proof


def _again(case: _Case, settings: Settings) -> tuple[str, Settings] | None:
    """What to scan to prove it, and how; None when a scan of it here would be another one."""
    if case.given is Given.TARGETS:
        return case.subject, settings
    folder = case.folder
    kinds = {target.asset.kind.value for target in case.result.assets}
    if folder is None or kinds != {"repository"}:
        return None
    if settings.scan.with_:
        return str(folder.root), settings
    scanners = Plugs(SCANNERS)
    used = tuple(dict.fromkeys(run.tool for run in case.result.runs if run.tool in scanners))
    scan = type(settings.scan)(**{**_fields(settings.scan), "with_": used})
    return str(folder.root), type(settings)(**{**_fields(settings), "scan": scan})


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _forms(asked: Sequence[str]) -> list[tuple[str, str]]:
    """(form, file) pairs; "" is standard output. Raises UserError."""
    shown = []
    for word in asked or ("table",):
        name, _, file = word.partition("=")
        if name not in FORMS:
            raise UserError(
                T("there is no form {name!r} for a fix", name=name),
                T("Choose from: {names}", names=FORMS),
            )
        shown.append((name, "" if file == "-" else file))
    if sum(not file for _, file in shown) > 1:
        names = tuple(name for name, file in shown if not file)
        raise UserError(
            T("{names} cannot all go to standard output", names=names),
            T("Give all but one a file: --format {name}=FILE", name=names[1]),
        )
    return shown


def _show(
    proposal: Proposal, proof: Proof | None, shown: Sequence[tuple[str, str]], session: Session
) -> None:
    for name, file in sorted(shown, key=lambda pair: not pair[1]):
        text = _form(name, proposal, proof, session)
        if file:
            _write_text(text, Path(file), session)
        else:
            click.echo(text.encode("utf-8", "surrogateescape"), nl=False)


def _form(name: str, proposal: Proposal, proof: Proof | None, session: Session) -> str:
    if name == "json":
        return as_json(proposal, proof)
    if name == "markdown":
        return markdown(proposal, proof, session.words)
    if name == "diff":
        return unified(proposal.patch.edits)
    return "\n".join(_table(proposal, proof, session)) + "\n"


def _table(proposal: Proposal, proof: Proof | None, session: Session) -> Iterator[str]:
    width = max(60, min(100, shutil.get_terminal_size((80, 40)).columns))
    yield from lines_of(proposal, session.words, width)
    if proof is not None:
        yield from proof_lines(proposal, proof, session.words, width)


def _write_text(text: str, path: Path, session: Session) -> None:
    part = Part([text.encode("utf-8", "surrogateescape")])
    write_parts([part], path)
    session.note(T("wrote {path}", path=str(path)))
