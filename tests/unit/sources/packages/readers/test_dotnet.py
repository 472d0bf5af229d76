"""NuGet's records: direct through projects, ranges without a version, XML that is a trap."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples import (
    dotnet_deps,
    msbuild_project,
    nuget_assets,
    nuget_lock,
    packages_config,
)

from vigie.model.inventory import Scope
from vigie.sources.packages.readers.dotnet_deps import READER as DEPS
from vigie.sources.packages.readers.msbuild_project import READER as PROJECT
from vigie.sources.packages.readers.nuget_assets import READER as ASSETS
from vigie.sources.packages.readers.nuget_lock import READER as LOCK
from vigie.sources.packages.readers.packages_config import READER as CONFIG


def test_what_a_project_of_the_solution_asks_for_is_direct() -> None:
    found = read_one(LOCK, nuget_lock.SAMPLES[0][0]).packages
    assert [(p.component.name, p.component.version, p.component.direct) for p in found] == [
        ("Demo.Web", "2.0.0", True),
        ("Demo.Core", "1.0.0", False),
        ("Demo.Log", "3.0.0", True),
        ("Demo.Core", "1.1.0", False),
    ]
    assert found[0].requires == ("pkg:nuget/Demo.Core@1.0.0",)
    assert found[0].location.start_line == 5


def test_a_program_says_what_it_asked_for_itself() -> None:
    found = by_name(read_one(DEPS, dotnet_deps.SAMPLES[0][0]))
    assert {name: p.component.direct for name, p in found.items()} == {
        "Demo.Runtime.linux-x64": True,
        "Demo.Web": True,
        "Demo.Core": False,
    }


def test_restored_packages_know_their_project() -> None:
    found = by_name(read_one(ASSETS, nuget_assets.SAMPLES[0][0]))
    assert {n: p.component.direct for n, p in found.items()} == {
        "Demo.Core": False,
        "Demo.Web": True,
    }
    assert found["Demo.Web"].requires == ("pkg:nuget/Demo.Core@1.0.0",)


def test_development_is_said_in_each_files_own_way() -> None:
    config = by_name(read_one(CONFIG, packages_config.SAMPLES[0][0]))
    assert config["Demo.Analyzer"].scope is Scope.DEVELOPMENT
    assert config["Demo.Web"].scope is Scope.RUNTIME
    assert config["Demo.Web"].location.start_line == 3
    project = by_name(read_one(PROJECT, msbuild_project.SAMPLES[0][0]))
    assert project["Demo.Analyzer"].scope is Scope.DEVELOPMENT
    assert project["Demo.Core"].location.start_line == 4


@pytest.mark.parametrize(
    ("said", "version"),
    [("1.0.0", "1.0.0"), ("[1.0.0]", "1.0.0"), ("1.*", ""), ("[1.0,2.0)", ""), ("$(V)", "")],
)
def test_a_range_is_no_version(said: str, version: str) -> None:
    text = f'<Project><PackageReference Include="A" Version="{said}"/></Project>'
    found = read_one(PROJECT, {"a.csproj": text})
    assert [p.component.version for p in found.packages] == [version]
    assert len(found.problems) == (0 if version else 1)


@pytest.mark.parametrize(
    "text",
    [
        "<packages>",
        '<!DOCTYPE a [<!ENTITY b "c">]><packages>&b;</packages>',
        '<?xml version="1.0" encoding="no-such"?><packages/>',
        "<a>" * 5000,
    ],
)
def test_xml_that_is_broken_or_a_trap_is_refused(text: str) -> None:
    found = read_one(CONFIG, {"packages.config": text})
    assert (found.packages, len(found.problems)) == ([], 1)
