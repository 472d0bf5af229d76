"""Which OSV ecosystem a release's advisories are in: the spellings of the OSV schema."""

from __future__ import annotations

import pytest

from vigie.model.inventory import Distribution
from vigie.triage.matching.distributions import has_advisories, release_of


@pytest.mark.parametrize(
    ("distribution", "name"),
    [
        (("debian", "12"), "Debian:12"),
        (("debian", "12.7"), "Debian:12"),
        (("debian", "", "trixie"), "Debian:13"),
        (("raspbian", "11"), "Debian:11"),
        (("ubuntu", "22.04"), "Ubuntu:22.04:LTS"),
        (("ubuntu", "24.10"), "Ubuntu:24.10"),
        (("ubuntu", "21.04"), "Ubuntu:21.04"),
        (("ubuntu", "", "noble"), "Ubuntu:24.04:LTS"),
        (("alpine", "3.19.1"), "Alpine:v3.19"),
        (("alpine", "v3.9"), "Alpine:v3.9"),
        (("alpine", "3.22_alpha20250108"), "Alpine:edge"),
        (("alpine", "edge"), "Alpine:edge"),
        (("wolfi", "20230201"), "Wolfi"),
        (("chainguard", ""), "Chainguard"),
        (("minimos", "20240101"), "MinimOS"),
        (("echo", "1"), "Echo"),
        (("alpaquita", "stream"), "Alpaquita:stream"),
        (("almalinux", "9.4"), "AlmaLinux:9"),
        (("rocky", "8.10"), "Rocky Linux:8"),
        (("rhel", "9.4"), "Red Hat:enterprise_linux:9"),
        (("sles", "15.5"), "SUSE:Linux Enterprise Server 15 SP5"),
        (("sles", "12"), "SUSE:Linux Enterprise Server 12"),
        (("sles", "16.0"), "SUSE:Linux Enterprise Server 16.0"),
        (("sl-micro", "6.0"), "SUSE:Linux Micro 6.0"),
        (("opensuse-leap", "15.6"), "openSUSE:Leap 15.6"),
        (("opensuse-leap-micro", "5.5"), "openSUSE:Leap Micro 5.5"),
        (("opensuse-tumbleweed", "20240101"), "openSUSE:Tumbleweed"),
        (("photon", "4.0"), "Photon OS:4.0"),
        (("mageia", "9"), "Mageia:9"),
        (("azurelinux", "3.0"), "Azure Linux:3"),
        (("mariner", "2.0"), "Azure Linux:2"),
        (("openeuler", "24.03"), "openEuler:24.03-LTS"),
        (("alpaquita", "23.05"), "Alpaquita:23.05"),
        (("Debian", "", "Bookworm"), "Debian:12"),
        (("AlmaLinux", "9.4"), "AlmaLinux:9"),
        # A label cut at another place, as it comes out of an SBOM.
        (("opensuse", "leap-15.5"), "openSUSE:Leap 15.5"),
        (("cbl", "mariner-2.0"), "Azure Linux:2"),
        (("opensuse.leap", "15.5"), "openSUSE:Leap 15.5"),
    ],
)
def test_names_of_releases(distribution: tuple[str, ...], name: str) -> None:
    id_, version, codename = (*distribution, "")[:3]
    release = release_of(Distribution(id_, version, codename))
    assert release is not None
    assert release.name == name


@pytest.mark.parametrize(
    "distribution",
    [("amzn", "2023"), ("ol", "9"), ("fedora", "40"), ("arch", ""), ("debian", ""),
     ("debianish", "12"), ("", "")],
)  # fmt: skip
def test_what_osv_does_not_have(distribution: tuple[str, str]) -> None:
    assert release_of(Distribution(*distribution)) is None


def test_made_from_debian_or_ubuntu_with_their_codename() -> None:
    mint = Distribution("pop", "22.04", "jammy", like=("ubuntu", "debian"))
    devuan = Distribution("lmde", "6", "bookworm", like=("debian",))
    loud = Distribution("lmde", "6", "Bookworm", like=("debian",))
    assert release_of(loud) == release_of(devuan)
    other = Distribution("kali", "2024.1", "kali-rolling", like=("debian",))
    fedora = Distribution("nobara", "39", "jammy", like=("fedora",))
    found = [release_of(one) for one in (mint, devuan, other, fedora)]
    assert [r.name if r else "" for r in found] == ["Ubuntu:22.04:LTS", "Debian:12", "", ""]


@pytest.mark.parametrize(
    ("distribution", "loaded", "foreign"),
    [
        (("debian", "12"), ["Debian:12"], ["Debian:11", "Debian:120", "Debian"]),
        (("ubuntu", "22.04"), ["Ubuntu:22.04:LTS", "Ubuntu:22.04"],
         ["Ubuntu:Pro:22.04:LTS", "Ubuntu:20.04:LTS", "Ubuntu"]),
        (("alpine", "3.1.2"), ["Alpine:v3.1"], ["Alpine:v3.10", "Alpine"]),
        (("almalinux", "8.9"), ["AlmaLinux:8", "AlmaLinux"], ["AlmaLinux:9"]),
        (("rhel", "9.4"),
         ["Red Hat:enterprise_linux:9::baseos", "Red Hat:enterprise_linux:9::appstream",
          "Red Hat:enterprise_linux:9.2"],
         ["Red Hat:enterprise_linux:8::baseos", "Red Hat:rhel_eus:9.4::baseos",
          "Red Hat:enterprise_linux:90"]),
        (("sles", "15.5"),
         ["SUSE:Linux Enterprise Server 15 SP5", "SUSE:Linux Enterprise Server 15 SP5-LTSS",
          "SUSE:Linux Enterprise Module for Basesystem 15 SP5", "SUSE:Package Hub 15 SP5"],
         ["SUSE:Linux Enterprise Server 15 SP4", "SUSE:Linux Enterprise Server 12 SP5",
          "SUSE:Manager Server 4.3", "SUSE:Linux Enterprise Server 15 SP51"]),
        (("sle-micro", "5.5"), ["SUSE:Linux Enterprise Micro 5.5"],
         ["SUSE:Linux Enterprise Micro 5.4"]),
    ],
)  # fmt: skip
def test_ecosystems_of_one_release(
    distribution: tuple[str, str], loaded: list[str], foreign: list[str]
) -> None:
    release = release_of(Distribution(*distribution))
    assert release is not None
    assert release.among([*foreign, *loaded]) == tuple(loaded)


def test_tiers_of_ubuntu_are_apart() -> None:
    release = release_of(Distribution("ubuntu", "22.04"))
    assert release is not None
    tiers = ["Ubuntu:Pro:22.04:LTS", "Ubuntu:Pro:FIPS-updates:22.04:LTS",
             "Ubuntu:Nvidia-BlueField:22.04:LTS"]  # fmt: skip
    said = [*tiers, "Ubuntu:22.04:LTS", "Ubuntu:Pro:20.04:LTS", "Ubuntu:22.04"]
    assert release.paid_among(said) == tuple(tiers)


@pytest.mark.parametrize(
    ("version", "name"),
    [("5.1-1.oe2203sp3", "openEuler:22.03-LTS-SP3"), ("1-1.OE2203SP3", "openEuler:22.03-LTS-SP3"),
     ("5.1-1.oe2203", "openEuler:22.03-LTS"),
     ("5.1-1.oe2203sp3.x86_64", "openEuler:22.03-LTS-SP3"), ("5.1-1", "openEuler:24.03-LTS")],
)  # fmt: skip
def test_packages_of_openeuler_say_their_service_pack(version: str, name: str) -> None:
    release = release_of(Distribution("openeuler", "24.03"), version)
    assert release is not None
    assert release.name == name
    assert release.among([name, f"{name}9"]) == (name,)


@pytest.mark.parametrize(
    ("labels", "type_", "binaries", "epochs"),
    [
        ("debian-12 raspbian-12 ubuntu-22.04 echo-1", "deb", False, True),
        ("alpine-3.19 alpaquita-23 bellsoft-hardened-containers-23", "apk", False, True),
        ("wolfi chainguard minimos cleanstart clnstrt", "apk", True, True),
        ("almalinux-9 alma-9 rocky-9 rhel-9 redhat-9 centos-9", "rpm", True, True),
        ("photon-5.0 azurelinux-3.0 mariner-2.0 cbl-mariner-2.0", "rpm", True, False),
        ("sles-15.5 sles_sap-15.5 sled-15.5 sle_hpc-15.5", "rpm", False, False),
        ("sle-micro-5.5 suse-microos-5.5 sl-micro-6.0", "rpm", False, False),
        ("opensuse-leap-15.5 opensuse-leap-micro-5.5 opensuse-tumbleweed-1 opensuse-microos-1",
         "rpm", False, False),
        ("mageia-9 openeuler-24.03", "rpm", False, False),
    ],
)  # fmt: skip
def test_how_each_database_names_packages(
    labels: str, type_: str, binaries: bool, epochs: bool
) -> None:
    """By the OSV schema: the source's name, except where it says "package" or "binary"."""
    for label in labels.split():
        release = release_of(Distribution(label))
        assert release is not None, label
        assert (release.type, release.binaries, release.epochs) == (type_, binaries, epochs), label
        assert release.among([release.name]) == (release.name,), label


@pytest.mark.parametrize(
    ("version", "name"),
    [("3", "Alpine:edge"), ("x.3", "Alpine:edge"), ("3.20.0_rc1", "Alpine:edge"),
     ("3.20", "Alpine:v3.20"), ("", "Alpine:edge"), ("3.2x", "Alpine:v3.2x")],
)  # fmt: skip
def test_alpine_without_a_release_is_edge(version: str, name: str) -> None:
    release = release_of(Distribution("alpine", version))
    assert release is not None
    assert release.name == name


def test_a_release_that_older_records_leave_out() -> None:
    for label in ("almalinux-9", "rocky-9", "alpaquita-23", "mageia-9", "azurelinux-3"):
        release = release_of(Distribution(label))
        assert release is not None
        family = release.name.partition(":")[0]
        assert release.among([family, release.name, f"{release.name}0"]) == (family, release.name)
    unsaid = release_of(Distribution("mageia"))
    assert unsaid is not None
    assert unsaid.name == "Mageia"


def test_a_tag_is_whole() -> None:
    for version in ("1-1.oe22039", "1-1.oe2203x", "1-1.oe22"):
        release = release_of(Distribution("openeuler", "24.03"), version)
        assert release is not None
        assert release.name == "openEuler:24.03-LTS"


def test_some_distributions_have_none() -> None:
    assert has_advisories(Distribution("debian", "12"))
    assert not has_advisories(Distribution("amzn", "2023"))
    assert not has_advisories(None)
