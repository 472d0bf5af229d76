"""Requirements files: pins, includes, constraints, remarks of who asked, and what is loose."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import read_one
from tests.plugs.package_samples.requirements_txt import SAMPLES

from vigie.model.inventory import Package, Scope
from vigie.model.runs import ProblemCode
from vigie.sources.packages.readers._python import parse_requirement
from vigie.sources.packages.readers.requirements_txt import READER


def named(tree: dict[str, str]) -> dict[str, Package]:
    return {p.component.name: p for p in read_one(READER, tree).packages}


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("a==1.0", "1.0"),
        ("a == 1.0", "1.0"),
        ("a===1.0+local", "1.0+local"),
        ("a[x,y]==1.0", "1.0"),
        ("a (==1.0)", "1.0"),
        ("a==1.0,>=0.9", "1.0"),
        ("a==1.0; python_version < '3'", "1.0"),
        ("a==1.*", ""),
        ("a>=1.0", ""),
        ("a~=1.0", ""),
        ("a", ""),
        ("a @ https://files.example/a-1.0.tar.gz#sha256=00", "1.0"),
    ],
)
def test_only_a_pin_is_a_version(line: str, version: str) -> None:
    found = parse_requirement(line)
    assert found is not None
    assert (found.name, found.version) == ("a", version)


@pytest.mark.parametrize("line", ["", "two words", "-a==1", "a==1 b==2", "a[", "<p>", "a = 1"])
def test_what_is_none_is_none(line: str) -> None:
    assert parse_requirement(line) is None


def test_lines_are_where_the_fix_goes() -> None:
    found = named(dict(SAMPLES[0][0]))
    assert found["Demo_Web"].location.start_line == 5
    assert found["demo.core"].location.start_line == 8
    assert (found["demo-loose"].location.path, found["demo-loose"].location.start_line) == (
        "limits.txt",
        1,
    )


def test_origins_lose_their_credentials() -> None:
    tree = {"requirements.txt": "a @ git+https://me:token@git.example/a.git@v1\n"}
    assert named(tree)["a"].component.purl == (
        "pkg:pypi/a?vcs_url=git%2Bhttps://git.example/a.git%40v1"
    )


def test_remarks_say_who_asked() -> None:
    tree = {
        "requirements.txt": """\
web==2.0 \\
    --hash=sha256:00
    # via -r requirements.in
core==1.0
    # via
    #   -c limits.txt
    #   web
extra==3.0  # via web, shop (pyproject.toml)
"""
    }
    found = named(tree)
    assert {name: p.component.direct for name, p in found.items()} == {
        "web": True,
        "core": False,
        "extra": True,
    }
    assert found["web"].requires == ("pkg:pypi/core@1.0", "pkg:pypi/extra@3.0")
    assert named({"requirements.txt": "web==2.0  # keep\n"})["web"].component.direct is None


def test_loose_ones_are_told_once_a_file() -> None:
    found = read_one(READER, {"requirements.txt": "a\nb>=1\nc==1\n"})
    assert [p.component.version for p in found.packages] == ["", "", "1"]
    assert [(p.code, str(p.message)) for p in found.problems] == [
        (
            ProblemCode.NOTE,
            "requirements.txt asks for 2 packages without a fixed version: they cannot be assessed",
        )
    ]


def test_files_for_development_say_so_by_their_names() -> None:
    tree = {"requirements-dev.txt": "-r requirements.txt\nt==1\n", "requirements.txt": "a==1\n"}
    assert {p.component.name: p.scope for p in read_one(READER, tree).packages} == {
        "t": Scope.DEVELOPMENT,
        "a": Scope.UNKNOWN,
    }
    assert named({"requirements/tests.txt": "t==1"})["t"].scope is Scope.DEVELOPMENT


def test_includes_that_are_missing_lead_out_or_lead_back_are_no_trap() -> None:
    tree = {"requirements.txt": "-r ../up.txt\n-r /etc/passwd\n-r requirements.txt\n-rx.txt\na==1"}
    found = read_one(READER, {**tree, "x.txt": "-r requirements.txt\nb==2\n"})
    assert [p.component.name for p in found.packages] == ["a", "b"]
    assert [str(p.message) for p in found.problems] == [
        "requirements.txt includes ../up.txt, which is not there",
        "requirements.txt includes /etc/passwd, which is not there",
    ]


def test_a_line_that_is_none_is_told_and_the_rest_read() -> None:
    found = read_one(READER, {"requirements.txt": "a==1\nb==1\nthis is prose\n"})
    assert len(found.packages) == 2
    assert [str(p.message) for p in found.problems] == [
        "requirements.txt: 1 line is no requirement and was passed over"
    ]


def test_requirements_inside_an_installed_package_are_its_authors() -> None:
    assert named({"lib/site-packages/x/requirements.txt": "a==1"}) == {}
