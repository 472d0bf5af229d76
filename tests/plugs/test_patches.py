"""The behaviour of the patch port, over every editor there is."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugs.patch_samples import Sample, after
from vigie.model.errors import UserError
from vigie.model.patterns import Patterns
from vigie.outlets.patches.unified import unified
from vigie.ports.patches import Edit, PatchEditor, Upgrade
from vigie.wiring.plugs import PATCHES, Plugs

PLUGS = Plugs(PATCHES)
# The Dockerfile editor hardens besides raising, and has a suite of its own.
NAMES = [name for name in PLUGS if name != "dockerfile"]
every_editor = pytest.mark.parametrize("name", NAMES)


def samples_of(name: str) -> ModuleType:
    return importlib.import_module(f"tests.plugs.patch_samples.{name.replace('-', '_')}")


def _samples() -> Iterator[object]:
    for name in NAMES:
        for sample in samples_of(name).SAMPLES:
            yield pytest.param(name, sample, id=f"{name}: {sample.name}")


every_sample = pytest.mark.parametrize(("name", "sample"), list(_samples()))


def edits_of(name: str, sample: Sample) -> dict[str, Edit]:
    editor: PatchEditor = PLUGS[name]
    found = {e.path: e for e in editor.edit(sample.path, sample.files.get, sample.upgrades)}
    assert all(edit.before == sample.files[edit.path] for edit in found.values())
    return found


@every_editor
def test_an_editor_says_what_it_is(name: str) -> None:
    editor: PatchEditor = PLUGS[name]
    assert editor.name == name
    assert editor.label
    assert editor.types
    for sample in samples_of(name).SAMPLES:
        assert Patterns([(name, editor.patterns)]).owners(sample.path) == [name]


@every_sample
def test_exactly_what_must_change_changes(name: str, sample: Sample) -> None:
    edits = edits_of(name, sample)
    for path in sample.files:
        now = edits[path].after if path in edits else sample.files[path]
        assert now == after(sample, path), path
    changed = {path for path, edit in edits.items() if edit.before != edit.after}
    assert changed == set(sample.changes)


@every_sample
def test_every_upgrade_is_done_or_left_with_a_reason(name: str, sample: Sample) -> None:
    edits = edits_of(name, sample)
    left = {one.upgrade.name for edit in edits.values() for one in edit.left}
    done = {upgrade for edit in edits.values() for upgrade in edit.done}
    assert left - {u.name for u in done} <= set(sample.left)
    assert set(sample.left) <= left
    assert all(str(one.reason) for edit in edits.values() for one in edit.left)
    assert edits[sample.path].renew == sample.renew
    for upgrade in done:
        assert upgrade in sample.upgrades
    for edit in edits.values():
        assert not {one.upgrade for one in edit.left} & set(edit.done)


@every_sample
def test_the_ecosystem_reads_the_new_versions(name: str, sample: Sample) -> None:
    """Its own parser sees the change, and nothing else differs for it."""
    asked = samples_of(name).asked
    for path, edit in edits_of(name, sample).items():
        before, now = asked(edit.before), asked(edit.after)
        assert asked(after(sample, path)) == now
        raised = {u.version.removeprefix("v") for u in edit.done}
        for package, said in now.items():
            if before.get(package) != said:
                inside = any(version in said for version in raised)
                assert inside or said.startswith("<"), (package, said)


@every_sample
def test_a_second_time_changes_nothing(name: str, sample: Sample) -> None:
    files = dict(sample.files)
    files |= {path: edit.after for path, edit in edits_of(name, sample).items()}
    again = list(PLUGS[name].edit(sample.path, files.get, sample.upgrades))
    assert [edit.path for edit in again if edit.before != edit.after] == []


@every_sample
@pytest.mark.parametrize("tool", ["patch", "git"])
def test_the_patch_applies(name: str, sample: Sample, tool: str, tmp_path: Path) -> None:
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"no {tool} on this machine")
    for path, text in sample.files.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    diff = unified(edits_of(name, sample).values())
    if not diff:
        assert not sample.changes
        return
    arguments = ["-p1", "--binary", "-F0"] if tool == "patch" else ["apply", "--whitespace=nowarn"]
    done = subprocess.run(
        [program, *arguments], input=diff.encode(), cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for path in sample.files:
        assert (tmp_path / path).read_bytes().decode() == after(sample, path)


def _broken() -> Iterator[object]:
    for name in NAMES:
        for number, text in enumerate(samples_of(name).BROKEN):
            yield pytest.param(name, text, id=f"{name} {number}")


@pytest.mark.parametrize(("name", "text"), list(_broken()))
def test_a_file_that_cannot_be_understood_is_named_and_not_touched(name: str, text: str) -> None:
    sample: Sample = samples_of(name).SAMPLES[0]
    with pytest.raises(UserError) as error:
        list(PLUGS[name].edit(sample.path, {sample.path: text}.get, sample.upgrades))
    assert sample.path in str(error.value)


@every_editor
def test_a_file_that_is_not_there_is_no_edit(name: str) -> None:
    sample: Sample = samples_of(name).SAMPLES[0]
    assert list(PLUGS[name].edit(sample.path, lambda _: None, sample.upgrades)) == []


@every_editor
def test_without_upgrades_nothing_is_said(name: str) -> None:
    for sample in samples_of(name).SAMPLES:
        assert list(PLUGS[name].edit(sample.path, sample.files.get, ())) == []


@every_editor
def test_strange_lock_files_stop_nothing(name: str) -> None:
    """What lies beside a manifest may be anything."""
    sample: Sample = samples_of(name).SAMPLES[0]
    for strange in ("", "{", "[[[", "null", "[]", '{"packages": 3, "dependencies": []}', "\x00"):

        def read(path: str, strange: str = strange) -> str | None:
            return sample.files.get(path, strange)

        for edit in PLUGS[name].edit(sample.path, read, sample.upgrades):
            assert edit.path


@every_editor
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_a_file_holds_it_is_edited_or_refused(name: str, data: st.DataObject) -> None:
    """A sample with a piece cut out or put in: no other error, and nothing is lost."""
    sample: Sample = data.draw(st.sampled_from(samples_of(name).SAMPLES))
    text = sample.files[sample.path]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    piece = data.draw(st.text(st.sampled_from("\"\\'{}[]()<>=,;#@${}\n\r\t é1.v^~*/-"), max_size=6))
    files = {**sample.files, sample.path: text[:start] + piece + text[end:]}
    try:
        edits = list(PLUGS[name].edit(sample.path, files.get, sample.upgrades))
    except UserError:
        return
    for edit in edits:
        assert edit.before == files[edit.path]
        if not edit.done:
            assert edit.after == edit.before


@every_editor
@pytest.mark.parametrize(
    "hostile",
    ["1.0\n+evil", "1.0; rm -rf x", '1.0"', "1.0 --index-url=x", "$(x)", "", "1.0<b>"],
)
def test_what_is_no_name_or_version_is_not_written(name: str, hostile: str) -> None:
    sample: Sample = samples_of(name).SAMPLES[0]
    for upgrade in sample.upgrades:
        for changed in (
            replace(upgrade, version=hostile),
            replace(upgrade, name=f"{upgrade.name}{hostile}" if hostile else ""),
        ):
            for edit in PLUGS[name].edit(sample.path, sample.files.get, (changed,)):
                assert edit.after == edit.before
                assert edit.renew == ""


@every_editor
@settings(max_examples=60, deadline=None)
@given(version=st.text(max_size=12), installed=st.text(max_size=8))
def test_hostile_versions_write_nothing_but_themselves(
    name: str, version: str, installed: str
) -> None:
    """A version comes out of a scanner's report: it must not carry lines of its own."""
    sample: Sample = samples_of(name).SAMPLES[0]
    first = sample.upgrades[0]
    hostile = Upgrade(first.type, first.name, installed, version)
    try:
        edits = list(PLUGS[name].edit(sample.path, sample.files.get, (hostile,)))
    except UserError:
        return
    for edit in edits:
        if edit.before != edit.after:
            assert edit.after.count("\n") <= edit.before.count("\n") + 12
            samples_of(name).asked(edit.after)
