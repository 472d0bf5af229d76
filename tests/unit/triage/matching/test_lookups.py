"""Under which ecosystems and names a package is looked for, given what is loaded."""

from __future__ import annotations

from tests.unit.triage.matching.advisories import DEBIAN, UBUNTU

from vigie.model.components import Component
from vigie.model.inventory import Distribution
from vigie.triage.matching.lookups import Lookup, Lookups, Named

ALMA = Distribution("almalinux", "9.4")


def look(component: Component, *loaded: str, distribution: Distribution | None = None) -> Lookup:
    return Lookups(distribution, loaded).of(component)


def places(found: Lookup) -> list[tuple[str, str]]:
    return [(named.ecosystem, named.name) for named in found.names]


def test_names_are_spelt_as_each_registry_does() -> None:
    found = look(Component("Zope.Interface", "1", "pypi"), "PyPI")
    assert found == Lookup("pypi", "PyPI", True, (Named("PyPI", "zope-interface", "1"),))
    assert places(look(Component("Newtonsoft.Json", "1", "nuget"), "NuGet")) == [
        ("NuGet", "newtonsoft.json")
    ]
    assert places(look(Component("Symfony/Http", "1", "composer"), "Packagist")) == [
        ("Packagist", "symfony/http")
    ]


def test_other_registries_of_the_same_names_are_asked_too() -> None:
    loaded = ("Maven", "Maven:https://maven.google.com", "MavenX", "npm")
    found = look(Component("a:b", "1", "maven"), *loaded)
    assert places(found) == [("Maven", "a:b"), ("Maven:https://maven.google.com", "a:b")]


def test_what_is_not_loaded_is_said_under_its_own_name() -> None:
    assert look(Component("x", "1", "npm"), "PyPI").loaded is False
    assert look(Component("x", "1", "npm"), "PyPI").home == "npm"
    assert look(Component("x", "1", "gem"), "PyPI").home == "RubyGems"
    assert look(Component("x", "1", "conda"), "PyPI") == Lookup("conda", "conda")
    assert look(Component("x"), "PyPI").home == ""
    assert look(Component("x", "1", "rpm"), distribution=Distribution("rhel")).home == "rhel"
    assert look(Component("x", "1", "deb"), "Debian:12") == Lookup("deb", "deb")
    arch = Distribution("arch")
    assert look(Component("x", "1", "alpm"), distribution=arch) == Lookup("alpm", "arch")
    debian11 = look(
        Component("x", "1", "deb"), "Debian:12", distribution=Distribution("debian", "11")
    )
    assert (debian11.loaded, debian11.home) == (False, "Debian:11")


def test_additions_to_what_is_not_loaded_are_found_all_the_same() -> None:
    assert places(look(Component("x", "1", "npm"))) == [("npm", "x")]
    found = look(Component("x", "1", "deb"), distribution=DEBIAN)
    assert (found.loaded, places(found)) == (False, [("Debian:12", "x")])


def test_a_package_of_another_kind_than_its_distribution_is_unknown() -> None:
    found = look(Component("x", "1", "rpm"), "Debian:12", distribution=DEBIAN)
    assert found == Lookup("rpm", "debian-12")


def test_source_names_alone_where_the_database_has_no_others() -> None:
    component = Component("libssl3", "3.0-1+b1", "deb", source_name="openssl")
    found = look(component, "Debian:12", distribution=DEBIAN)
    assert found.names == (Named("Debian:12", "openssl", "3.0-1"),)


def test_binary_and_source_names_each_with_its_version() -> None:
    component = Component("perl-Carp", "1.50-1", "rpm", source_name="perl", source_version="5.32-2")
    found = look(component, "AlmaLinux:9", distribution=ALMA)
    assert found.names == (
        Named("AlmaLinux:9", "perl-Carp", "1.50-1"),
        Named("AlmaLinux:9", "perl", "5.32-2"),
    )
    one = Component("perl", "0:5.32-3", "rpm", source_name="perl", source_version="5.32-2")
    assert look(one, "AlmaLinux:9", distribution=ALMA).names == (
        Named("AlmaLinux:9", "perl", "0:5.32-3"),
    )


def test_the_component_knows_its_distribution_best() -> None:
    loaded = ("Debian:12", "Debian:11", "Alpine:v3.19", "Wolfi")
    said = Component("x", "1", "deb", distro="debian-11")
    assert look(said, *loaded, distribution=DEBIAN).home == "Debian:11"
    assert look(Component("x", "1", "apk", distro="alpine-3.19.1"), *loaded).home == "Alpine:v3.19"
    for purl, home in (
        ("pkg:apk/alpine/x@1?distro=alpine-3.19.1", "Alpine:v3.19"),
        ("pkg:apk/alpine/x@1?distro=3.19.1", "Alpine:v3.19"),
        ("pkg:apk/wolfi/x@1", "Wolfi"),
    ):
        assert look(Component("x", "1", "apk", purl), *loaded).home == home
    bookworm = Component("x", "1", "deb", "pkg:deb/debian/x@1?distro=bookworm")
    assert look(bookworm, *loaded).home == "Debian:12"
    # A purl's word counts for less than what the file system itself says.
    assert look(bookworm, *loaded, distribution=Distribution("debian", "11")).home == "Debian:11"


def test_a_codename_helps_where_only_the_distribution_has_it() -> None:
    mint = Distribution("pop", "22.04", "jammy", like=("ubuntu",))
    found = look(
        Component("x", "1", "deb", distro=mint.label), "Ubuntu:22.04:LTS", distribution=mint
    )
    assert found.home == "Ubuntu:22.04:LTS"


def test_tiers_are_marked() -> None:
    tiers = ("Ubuntu:Pro:22.04:LTS", "Ubuntu:Pro:FIPS-updates:22.04:LTS")
    found = look(Component("x", "1", "deb"), "Ubuntu:22.04:LTS", *tiers, distribution=UBUNTU)
    assert [named.tier for named in found.names] == ["", "esm", "fips"]


def test_databases_without_epochs_are_marked() -> None:
    mageia, alma = Distribution("mageia", "9"), ALMA
    component = Component("x", "1:1-1", "rpm")
    assert look(component, "Mageia:9", distribution=mageia).names[0].epochs is False
    assert look(component, "AlmaLinux:9", distribution=alma).names[0].epochs is True


def test_at_another_version() -> None:
    component = Component("perl-Carp", "1", "rpm", source_name="perl", source_version="5")
    found = look(component, "AlmaLinux:9", distribution=ALMA).at("7")
    assert [named.version for named in found.names] == ["7", "7"]
    assert found.has_version
    assert not found.at("").has_version


def test_packages_of_one_system_may_be_of_several_service_packs() -> None:
    euler = Distribution("openeuler", "22.03")
    lookups = Lookups(euler, ("openEuler:22.03-LTS", "openEuler:22.03-LTS-SP3"))
    homes = [
        lookups.of(Component("x", version, "rpm", distro="openeuler-22.03")).home
        for version in ("1-1.oe2203sp3", "1-1.oe2203", "1-1.oe2203sp3")
    ]
    assert homes == ["openEuler:22.03-LTS-SP3", "openEuler:22.03-LTS", "openEuler:22.03-LTS-SP3"]
