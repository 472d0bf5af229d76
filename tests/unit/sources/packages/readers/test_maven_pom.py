"""pom.xml: inheritance, interpolation, scopes, and what stays unknown."""

from __future__ import annotations

import time

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.maven_pom import SAMPLES

from vigie.model.inventory import Package, Scope
from vigie.model.runs import ProblemCode
from vigie.sources.packages.readers.maven_pom import READER

SHOP = "<groupId>org.shop</groupId><artifactId>till</artifactId><version>2.0</version>"


def dependency(name: str, version: str = "", more: str = "") -> str:
    said = f"<version>{version}</version>" if version else ""
    return (
        f"<dependency><groupId>g</groupId><artifactId>{name}</artifactId>{said}{more}</dependency>"
    )


def pom(dependencies: str, more: str = "") -> str:
    return f"<project>{SHOP}{more}<dependencies>{dependencies}</dependencies></project>"


def one(text: str, **beside: str) -> Package:
    packages = read_one(READER, {"a/pom.xml": text, **beside}).packages
    return next(p for p in packages if p.location.path == "a/pom.xml")


def test_a_childs_dependencies_take_what_the_parent_says() -> None:
    found = read_one(READER, SAMPLES[0][0])
    packages = by_name(found)
    assert packages["org.demo:managed"].component.direct is True
    assert packages["org.demo:managed"].scope is Scope.RUNTIME
    assert packages["org.demo:checks"].scope is Scope.DEVELOPMENT
    assert packages["org.demo:managed"].location.start_line == 6
    assert "org.shop:stock" not in packages
    notes = [p.message.params for p in found.problems]
    assert notes == [{"path": "till/pom.xml", "count": 1}, {"path": "till/pom.xml"}]
    assert {p.code for p in found.problems} == {ProblemCode.NOTE}


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("1.2", "1.2"),
        ("[1.2]", "1.2"),
        ("[1.2,1.3)", ""),
        ("(,1.0],[1.2,)", ""),
        ("LATEST", ""),
        ("${a}", "3-x"),
        ("${nowhere}", ""),
        ("${project.version}", "2.0"),
        ("${pom.version}.1", "2.0.1"),
        ("${circle}", ""),
    ],
)
def test_versions_are_resolved_or_unknown(version: str, wanted: str) -> None:
    properties = "<properties><a>${b}-x</a><b>3</b><circle>${circle}</circle></properties>"
    assert one(pom(dependency("x", version), properties)).component.version == wanted


def test_a_childs_property_wins_over_its_parents() -> None:
    parent = "<parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent>"
    child = pom(dependency("x", "${v}"), parent + "<properties><v>2</v></properties>")
    above = (
        "<project><groupId>g</groupId><artifactId>p</artifactId><version>1</version>"
        "<properties><v>1</v></properties><dependencies>"
        f"{dependency('y', '${v}')}</dependencies></project>"
    )
    found = read_one(READER, {"pom.xml": above, "a/pom.xml": child})
    own = {p.component.name: p for p in found.packages if p.location.path == "a/pom.xml"}
    assert {name: p.component.version for name, p in own.items()} == {"g:x": "2", "g:y": "2"}
    assert own["g:y"].location.start_line is None  # it stands in the parent's file
    other = above.replace("<artifactId>p<", "<artifactId>q<")
    lonely = read_one(READER, {"pom.xml": other, "a/pom.xml": child})
    assert [p.component.name for p in lonely.packages if p.location.path == "a/pom.xml"] == ["g:x"]


@pytest.mark.parametrize("relative", ["", "../../outside/pom.xml", "/etc/pom.xml", "."])
def test_a_parent_elsewhere_is_not_looked_for(relative: str) -> None:
    parent = (
        "<parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version>"
        f"<relativePath>{relative}</relativePath></parent>"
    )
    assert one(pom(dependency("x", "${v}"), parent)).component.version == ""


@pytest.mark.parametrize(
    ("more", "scope"),
    [
        ("", Scope.RUNTIME),
        ("<scope>provided</scope>", Scope.RUNTIME),
        ("<scope>test</scope>", Scope.DEVELOPMENT),
        ("<optional>true</optional>", Scope.OPTIONAL),
    ],
)
def test_scopes(more: str, scope: Scope) -> None:
    assert one(pom(dependency("x", "1", more))).scope is scope


def test_scope_and_version_may_be_managed() -> None:
    managed = dependency("x", "7", "<scope>test</scope>")
    above = f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>"
    package = one(pom(dependency("x"), above))
    assert (package.component.version, package.scope) == ("7", Scope.DEVELOPMENT)
    own = one(pom(dependency("x", "8", "<scope>compile</scope>"), above))
    assert (own.component.version, own.scope) == ("8", Scope.RUNTIME)


def test_what_a_profile_asks_for_is_optional_unless_it_is_the_usual_one() -> None:
    text = pom(
        dependency("x", "1"),
        "<profiles><profile><activation><activeByDefault>true</activeByDefault></activation>"
        f"<dependencies>{dependency('y', '2')}</dependencies></profile><profile>"
        f"<dependencies>{dependency('z', '3')}</dependencies></profile></profiles>",
    )
    found = by_name(read_one(READER, {"pom.xml": text}))
    scopes = {name: package.scope for name, package in found.items()}
    assert scopes == {"g:x": Scope.RUNTIME, "g:y": Scope.RUNTIME, "g:z": Scope.OPTIONAL}


def test_kinds_and_classifiers_are_in_the_purl() -> None:
    more = "<type>test-jar</type><classifier>tests</classifier>"
    purl = one(pom(dependency("x", "1", more))).component.purl
    assert purl == "pkg:maven/g/x@1?classifier=tests&type=test-jar"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html/>",
        "<project>",
        '<!DOCTYPE p [<!ENTITY a "b">]><project>&a;</project>',
        "<project>" + "<a>" * 100 + "</a>" * 100 + "</project>",
        '<?xml version="1.0" encoding="nonsense"?><project/>',
    ],
)
def test_another_file_is_refused(text: str) -> None:
    found = read_one(READER, {"pom.xml": text})
    assert found.packages == []
    assert "is no pom.xml" in str(found.problems[0].message)


def test_properties_that_grow_without_end_cost_no_time() -> None:
    bomb = "".join(f"<p{n}>{f'${{p{n + 1}}}' * 50}</p{n}>" for n in range(30))
    started = time.thread_time()
    package = one(pom(dependency("x", "${p0}"), f"<properties>{bomb}</properties>"))
    assert package.component.version == ""
    assert time.thread_time() - started < 2


def test_an_unpacked_archives_pom_speaks_for_its_authors() -> None:
    tree = {"x/META-INF/maven/g/a/pom.xml": pom(dependency("x", "1"))}
    assert read_one(READER, tree).packages == []
