"""The behaviour of the patch port for Dockerfiles, over folders with what the field does wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugs.dockerfile_samples import FOLDERS
from vigie.model.errors import UserError
from vigie.model.patterns import Patterns
from vigie.outlets.patches.editors.dockerfile import EDITOR
from vigie.outlets.patches.editors.dockerfile.parsing import parse_dockerfile
from vigie.outlets.patches.editors.dockerfile.stages import stages_of
from vigie.outlets.patches.unified import unified
from vigie.ports.patches import Edit, PatchEditor, Upgrade
from vigie.wiring.plugs import PATCHES, Plugs

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "Dockerfile"
ALL = {**FOLDERS, "the shop": {"Dockerfile": SHOP.read_text(), "requirements.txt": "flask\n"}}
every_folder = pytest.mark.parametrize("name", list(ALL))


def edit_of(files: Mapping[str, str], *upgrades: Upgrade, path: str = "Dockerfile") -> Edit:
    [edit] = EDITOR.edit(path, files.get, upgrades)
    return edit


def test_it_is_a_plug_that_hardens_without_upgrades() -> None:
    editor: PatchEditor = Plugs(PATCHES)["dockerfile"]
    assert editor.name == "dockerfile"
    assert editor.hardens  # type: ignore[attr-defined]
    patterns = Patterns([("dockerfile", editor.patterns)])
    for path in ("Dockerfile", "a/Dockerfile.prod", "web.Dockerfile", "Containerfile"):
        assert patterns.owners(path) == ["dockerfile"]


def test_what_is_no_dockerfile_is_left_alone() -> None:
    assert list(EDITOR.edit("Dockerfile", lambda _: None, ())) == []
    assert list(EDITOR.edit("Dockerfile.dockerignore", lambda _: "*.env\n", ())) == []


@every_folder
def test_a_second_time_changes_nothing(name: str) -> None:
    once = edit_of(ALL[name])
    assert once.before == ALL[name]["Dockerfile"]
    assert once.after != once.before
    files = {**ALL[name], "Dockerfile": once.after}
    for again in EDITOR.edit("Dockerfile", files.get, ()):
        assert again.after == once.after
        assert not [note for note in again.notes if "left as it is" not in str(note)]


@every_folder
def test_every_change_has_a_reason_and_a_name(name: str) -> None:
    notes = [str(note) for note in edit_of(ALL[name]).notes]
    assert notes
    assert len(notes) == len(set(notes))
    for note in notes:
        assert note.startswith("Dockerfile:")
        assert note.endswith("]")


@every_folder
def test_the_patch_applies(name: str, tmp_path: Path) -> None:
    edit = edit_of(ALL[name])
    (tmp_path / "Dockerfile").write_bytes(edit.before.encode())
    done = subprocess.run(
        ["patch", "-p1", "--binary", "-F0"],
        input=unified([edit]).encode(),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "Dockerfile").read_bytes().decode() == edit.after


@every_folder
def test_line_ends_and_comments_stay(name: str) -> None:
    edit = edit_of(ALL[name])
    if "\r\n" in edit.before:
        assert "\n" not in edit.after.replace("\r\n", "")
    for line in edit.before.splitlines():
        if line.lstrip().startswith("#"):
            assert line in edit.after.splitlines()


@every_folder
def test_the_same_thing_is_built(name: str) -> None:
    """The stages, settings and what runs, but for what is changed on purpose."""
    edit = edit_of(ALL[name])
    before = stages_of(parse_dockerfile(edit.before, "before"))
    after = stages_of(parse_dockerfile(edit.after, "after"))
    split = len(after) - len(before)
    assert split in (0, 1)
    assert [s.reference for s in after][: len(before)] == [s.reference for s in before]
    names = [stage.name for stage in before]
    assert [stage.name for stage in after] == (["build", ""] if split else names)
    for keyword in ("ENV", "EXPOSE", "VOLUME", "STOPSIGNAL", "LABEL"):
        then = [o.arguments for o in before[-1].instructions if o.keyword == keyword]
        now = [o.arguments for o in after[-1].instructions if o.keyword == keyword]
        assert [one for one in now if "image.authors" not in one] == then, keyword
    assert after[-1].folder_before() == before[-1].folder_before()
    for keyword in ("CMD", "ENTRYPOINT"):
        then_, now_ = before[-1].last(keyword), after[-1].last(keyword)
        assert (then_ is None) == (now_ is None)
        if then_ is None or now_ is None or then_.arguments == now_.arguments:
            continue
        assert " ".join(now_.argument_list or ()) == then_.arguments


def _hadolint() -> str | None:
    data = Path(os.environ.get("VIGIE_DATA", Path.home() / ".local" / "share" / "vigie"))
    installed = sorted(data.glob("scanners/hadolint/*/bin/hadolint"))
    return str(installed[-1]) if installed else shutil.which("hadolint")


def lint(text: str) -> Counter[str]:
    program = _hadolint()
    if program is None:
        pytest.skip("no hadolint on this machine: vigie scanners install hadolint")
    done = subprocess.run(
        [program, "--no-fail", "-f", "json", "-"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    return Counter(f"{one['level']} {one['code']}" for one in json.loads(done.stdout))


@every_folder
def test_hadolint_finds_less_and_nothing_new(name: str) -> None:
    edit = edit_of(ALL[name])
    before, after = lint(edit.before), lint(edit.after)
    if "warning DL3027" in before:
        # It does not look for versions behind `apt`, nor behind `sudo apt-get`.
        before["warning DL3008"] = edit.before.count("install ")
    assert set(after) <= set(before)
    assert all(after[code] <= before[code] for code in after)


def test_hadolint_finds_less_than_half_in_all() -> None:
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for files in ALL.values():
        edit = edit_of(files)
        before += lint(edit.before)
        after += lint(edit.after)
    assert after.total() * 2 < before.total()
    worst = {code for code in after if code.startswith("error")}
    assert worst <= {"error DL1000"}  # a here-document that Hadolint itself cannot read


def test_known_versions_leave_hadolint_nothing_of_the_shop_but_its_secret() -> None:
    upgrades = (
        Upgrade("docker", "python", "latest", "3.12.4-slim@sha256:" + "a" * 64),
        Upgrade("deb", "curl", "7.88.1-10", "7.88.1-10+deb12u5"),
        Upgrade("deb", "sudo", "1.9.13", "1.9.13p3-1+deb12u1"),
        Upgrade("deb", "imagemagick", "", "8:6.9.11.60+dfsg-1.6+deb12u1"),
    )
    edit = edit_of(ALL["the shop"], *upgrades)
    assert set(edit.done) == set(upgrades)
    assert "FROM python:3.12.4-slim@sha256:" in edit.after
    assert "curl=7.88.1-10+deb12u5 sudo=1.9.13p3-1+deb12u1" in edit.after
    assert set(lint(edit.after)) == {"warning DL3064"}
    again = edit_of({**ALL["the shop"], "Dockerfile": edit.after}, *upgrades)
    assert again.after == edit.after
    assert set(again.done) == set(upgrades)


@pytest.mark.parametrize("text", ["", "<html>", "RUN true\n", "FROM x\nRUN <<EOF\n", "FROM a\x00"])
def test_what_cannot_be_understood_is_named_and_not_touched(text: str) -> None:
    with pytest.raises(UserError) as error:
        list(EDITOR.edit("deep/Dockerfile", {"deep/Dockerfile": text}.get, ()))
    assert "deep/Dockerfile" in str(error.value)


@pytest.mark.parametrize("text", ["CMD x\n" * 500, "#" * 256 * 1024])
def test_a_huge_file_is_left_alone(text: str) -> None:
    with pytest.raises(UserError, match="too large"):
        list(EDITOR.edit("Dockerfile", {"Dockerfile": f"FROM x:1\n{text}"}.get, ()))


def test_a_large_one_is_hardened_whole() -> None:
    edit = edit_of({"Dockerfile": "FROM debian:12\n" + "RUN cd /x && make\n" * 499})
    assert edit.after.count("WORKDIR /x\n") == 499


def untouched(text: str) -> list[str]:
    """The very text of the instructions that no rule writes; USER and LABEL are only added."""
    file = parse_dockerfile(text, "Dockerfile")
    return [
        text[one.start : one.end].rstrip()
        for one in file.instructions
        if one.keyword in ("ENV", "EXPOSE", "VOLUME", "ONBUILD", "STOPSIGNAL")
        or (one.keyword == "USER" and one.arguments != "10001:10001")
        or (one.keyword == "LABEL" and "image.authors" not in one.arguments)
        or one.heredocs
    ]


PIECES = (
    "FROM python:3.12\n", "FROM alpine AS a\n", "FROM a\n", "RUN apt-get update\n",
    "RUN apt-get install -y curl \\\n  # why\n  git\n", "RUN cd /x && make | tee log\n",
    "RUN apk add --virtual .b gcc\n", "RUN if true; then apt install x; fi\n", "CMD run it\n",
    "CMD [\"run\"]\n", "ENTRYPOINT exec run $HOME\n", "USER root\n", "USER 5\n", "ADD a b /c/\n",
    "COPY . .\n",
    "RUN <<EOF\napt-get install x\nEOF\n", "ARG TOKEN\n", "RUN echo $TOKEN\n",
    "ENV A_TOKEN=1\n", "EXPOSE 80 443/udp\n", "WORKDIR /srv/x\n", "WORKDIR y\n",
    "MAINTAINER a\"b\n",
    "SHELL [\"/bin/bash\", \"-c\"]\n", "# hadolint ignore=DL3009\n", "ONBUILD RUN cd /a && b\n",
    "HEALTHCHECK NONE\n", "RUN sudo pip install x # late\n", "RUN npm install\n", "\n",
    "VOLUME /v\n",
    "RUN yum install a;\n", "RUN dnf install a || true\n", "LABEL a=b\n", "RUN wget -O- x|sh\n",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=14),
    dirt=st.text(st.sampled_from("\"'\\$`{}()<>|&;#=-\n\t é"), max_size=5),
    at=st.integers(0, 400),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_a_file_holds_it_is_hardened_or_refused(
    pieces: list[str], dirt: str, at: int, ends: str
) -> None:
    """No other error, the result parses, is settled, and keeps every comment."""
    text = "FROM debian:12\n" + "".join(pieces)
    text = (text[:at] + dirt + text[at:]).replace("\n", ends)
    try:
        edits = list(EDITOR.edit("Dockerfile", {"Dockerfile": text}.get, ()))
    except UserError:
        return
    for edit in edits:
        assert untouched(edit.before) == untouched(edit.after)
        again = list(EDITOR.edit("Dockerfile", {"Dockerfile": edit.after}.get, ()))
        assert [one.after for one in again if one.after != edit.after] == []


@settings(max_examples=150, deadline=None)
@given(version=st.text(max_size=20), installed=st.text(max_size=8), kind=st.sampled_from(
    ["docker", "deb", "apk", "rpm", "pypi", "npm"]))  # fmt: skip
def test_hostile_versions_write_nothing_but_themselves(
    version: str, installed: str, kind: str
) -> None:
    """A version comes out of a scanner's report: it must not carry commands of its own."""
    text = (
        "FROM x:1\nRUN apt-get install x\nRUN apk add x\nRUN dnf install x\n"
        "RUN pip install x\nRUN npm install -g x\n"
    )
    edit = edit_of({"Dockerfile": text}, Upgrade(kind, "x", installed, version))
    plain = edit_of({"Dockerfile": text})
    if edit.after != plain.after:
        assert not set(version) & set(" \n\t;&|$`'\"\\<>()#")
        assert len(edit.after.splitlines()) == len(plain.after.splitlines())
