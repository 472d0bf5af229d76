"""Installed Python projects: who asked, licences, origins, working trees."""

from __future__ import annotations

from tests.plugs.one_reader import read_one
from tests.plugs.package_samples.python_installed import SAMPLES

from vigie.sources.packages.readers.python_installed import READER

HERE = "lib/site-packages/demo-1.0.dist-info"
PLAIN = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n"


def test_what_metadata_says_is_kept() -> None:
    package = read_one(READER, SAMPLES[0][0]).packages[0].component
    assert (package.name, package.licences) == ("Demo_Web", ("BSD License",))
    assert package.direct is False  # pip leaves REQUESTED for what it was asked for
    assert read_one(READER, SAMPLES[0][0]).packages[0].requires == ("demo-core",)


def test_who_asked_is_unknown_unless_the_installer_tells() -> None:
    asked = {f"{HERE}/METADATA": PLAIN, f"{HERE}/REQUESTED": ""}
    assert read_one(READER, asked).packages[0].component.direct is True
    other = {f"{HERE}/METADATA": PLAIN, f"{HERE}/INSTALLER": "conda"}
    assert read_one(READER, other).packages[0].component.direct is None


def test_the_expression_comes_before_classifiers_and_these_before_the_text() -> None:
    def licences(more: str) -> tuple[str, ...]:
        tree = {f"{HERE}/METADATA": PLAIN + more}
        return read_one(READER, tree).packages[0].component.licences

    free = "License: Demo Licence\n"
    classified = "Classifier: License :: OSI Approved :: MIT License\n"
    assert licences(free) == ("Demo Licence",)
    assert licences(free + classified) == ("MIT License",)
    assert licences(free + classified + "License-Expression: MIT\n") == ("MIT",)
    assert licences("License: " + "words " * 40) == ()
    assert licences("License: UNKNOWN\n") == ()


def test_a_direct_url_is_its_origin() -> None:
    said = '{"url": "https://git.example/demo.git", "vcs_info": {"vcs": "git", "commit_id": "01"}}'
    tree = {f"{HERE}/METADATA": PLAIN, f"{HERE}/direct_url.json": said}
    assert read_one(READER, tree).packages[0].component.purl == (
        "pkg:pypi/demo@1.0?vcs_url=git%2Bhttps://git.example/demo.git%4001"
    )


def test_a_description_is_not_read_and_missing_names_are_said() -> None:
    tree = {f"{HERE}/METADATA": "Metadata-Version: 2.1\n\nName: demo\nVersion: 1.0\n"}
    found = read_one(READER, tree)
    assert (found.packages, len(found.problems)) == ([], 1)


def test_a_versioned_egg_info_counts_anywhere() -> None:
    tree = {"opt/demo-1.0-py3.11.egg-info/PKG-INFO": PLAIN, "src/demo.egg-info/PKG-INFO": PLAIN}
    assert [p.location.path for p in read_one(READER, tree).packages] == [
        "opt/demo-1.0-py3.11.egg-info/PKG-INFO"
    ]
