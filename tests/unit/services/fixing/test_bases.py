from __future__ import annotations

from pathlib import Path

from vigie.model.errors import SourceError, UserError
from vigie.ports.patches import Upgrade
from vigie.services.fixing.bases import base_upgrades
from vigie.services.fixing.folder import open_folder

DIGEST = "sha256:" + "b" * 64


def test_each_tag_is_asked_for_once_and_goes_to_every_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "Dockerfile").write_text(
        f"ARG V=3.19\nFROM alpine:$V AS x\nFROM x\nFROM scratch\nFROM debian@{DIGEST}\nFROM $Y\n"
    )
    (tmp_path / "a" / "Dockerfile").write_text("FROM alpine:3.19\nFROM python\n")
    (tmp_path / "a" / "Containerfile").write_text("nonsense")
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return DIGEST

    paths = ["Dockerfile", "a/Containerfile", "a/Dockerfile", "gone/Dockerfile"]
    found = base_upgrades(open_folder(tmp_path), paths, ask)
    assert sorted(asked) == ["alpine:3.19", "python:latest"]
    assert found == [
        Upgrade("docker", "alpine", "3.19", DIGEST, ("Dockerfile", "a/Dockerfile")),
        Upgrade("docker", "python", "latest", DIGEST, ("a/Dockerfile",)),
    ]


def test_what_nobody_says_is_left_out_and_a_silent_registry_is_asked_once(tmp_path: Path) -> None:
    names = ["quay.io/a/a:1", "quay.io/a/b:1", "quay.io/a/c:1", "python:1", "ruby:1", "r.io/x:1"]
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        if name.startswith("quay.io"):
            raise SourceError("silent", retryable=True)
        if name == "python:1":
            raise SourceError("there is none")
        if name.startswith("r.io"):
            raise UserError("not asked")
        return DIGEST

    for number, name in enumerate(names):
        (tmp_path / f"{number}.Dockerfile").write_text(f"FROM {name}\n")
    # One after the other, so that the first answer is there before the second question.
    found = [
        upgrade
        for number in range(3, 6)
        for upgrade in base_upgrades(open_folder(tmp_path), [f"{number}.Dockerfile"], ask)
    ]
    assert [upgrade.name for upgrade in found] == ["ruby"]
    lines = [f"FROM quay.io/a/m{n}:1\n" for n in range(40)]
    (tmp_path / "many.Dockerfile").write_text("".join(lines))
    before = len(asked)
    assert base_upgrades(open_folder(tmp_path), ["many.Dockerfile"], ask) == []
    assert len(asked) - before <= 4  # as many as are asked at once
