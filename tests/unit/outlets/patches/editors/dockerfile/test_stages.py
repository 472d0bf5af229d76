from __future__ import annotations

import pytest

from vigie.outlets.patches.editors.dockerfile.parsing import parse_dockerfile
from vigie.outlets.patches.editors.dockerfile.stages import (
    Image,
    Stage,
    assignments,
    read_image,
    stages_of,
)

DIGEST = "sha256:" + "0a" * 32


def stages(text: str) -> list[Stage]:
    return stages_of(parse_dockerfile(text, "Dockerfile"))


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("python", Image("python")),
        ("docker.io/library/python:3.12", Image("python", "3.12")),
        (f"ghcr.io/a/b:1@{DIGEST}", Image("ghcr.io/a/b", "1", DIGEST)),
        ("localhost:5000/a:b", Image("localhost:5000/a", "b")),
        ("python:$V", None),
        ("a b", None),
    ],
)
def test_references(text: str, image: Image | None) -> None:
    assert read_image(text) == image


@pytest.mark.parametrize(
    ("reference", "family"),
    [("python:3.12", "deb"), ("python:3.12-alpine", "apk"), ("alpine", "apk"), ("fedora", "rpm"),
     ("scratch", "scratch"), ("ghcr.io/x/python:1", ""), ("eclipse-temurin:17-ubi9-minimal", "rpm"),
     ("eclipse-temurin:17-jre", "deb"), ("busybox", ""), ("ghcr.io/d/distroless", "scratch"),
     ("mcr.microsoft.com/windows/nanoserver:1", "windows")],
)  # fmt: skip
def test_distributions_of_images(reference: str, family: str) -> None:
    image = read_image(reference)
    assert image is not None
    assert image.family == family


def test_a_stage_on_a_stage_has_its_past() -> None:
    found = stages("FROM debian AS a\nWORKDIR /x\nUSER 5\nFROM b\nFROM A\nWORKDIR y\nRUN z\n")
    assert [stage.parent.index if stage.parent else None for stage in found] == [None, None, 0]
    last = found[-1]
    assert last.base == Image("debian")
    assert last.folder_before() == "/x/y"
    user = last.last("USER")
    assert user is not None
    assert user.arguments == "5"
    assert found[1].folder_before() is None


def test_arguments_before_the_first_stage_fill_its_name() -> None:
    [one] = stages("ARG V=3.12 W\nFROM python:${V}-${W:-slim}\n")
    assert one.image == Image("python", "3.12-slim")
    [open_one] = stages("ARG V\nFROM python:$V\n")
    assert open_one.image is None


def test_the_package_manager_in_use_tells_the_distribution() -> None:
    assert stages("FROM corp.example/base:1\nRUN apt-get install -y x\n")[0].family == "deb"
    assert stages("FROM corp.example/base:1\nRUN apk add x && apt-get update\n")[0].family == ""


def test_assignments_in_every_form() -> None:
    assert list(assignments("A=1 B=\"x y\" C='z'")) == [("A", "1"), ("B", "x y"), ("C", "z")]
    assert list(assignments("A some words")) == [("A", "some words")]
    assert list(assignments("A")) == [("A", "")]
