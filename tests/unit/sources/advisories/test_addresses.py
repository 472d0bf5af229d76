"""Names of ecosystems as people write them, and where each is handed out."""

from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.sources.advisories.addresses import (
    ECOSYSTEMS,
    EPSS,
    KEV,
    OSV,
    USUAL,
    Addresses,
    ecosystem_named,
    ecosystems_listed,
)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("PyPI", "PyPI"), ("pypi", "PyPI"), ("python", "PyPI"), ("golang", "Go"),
        ("rust", "crates.io"), ("cargo", "crates.io"), ("Debian:12", "Debian"),
        ("ubuntu:22.04:LTS", "Ubuntu"),
        ("red hat", "Red Hat"), ("Rocky Linux", "Rocky Linux"), ("NewThing", "NewThing"),
    ],
)  # fmt: skip
def test_a_word_is_an_ecosystem(word: str, name: str) -> None:
    assert ecosystem_named(word) == name


@pytest.mark.parametrize("word", ["", ":12", "../x", "a/b", "-x", "x" * 99, "é"])
def test_what_cannot_be_one_is_refused(word: str) -> None:
    with pytest.raises(UserError, match="no ecosystem"):
        ecosystem_named(word)


def test_addresses_are_the_public_ones_or_a_mirrors() -> None:
    assert Addresses().dump("PyPI") == f"{OSV}/PyPI/all.zip"
    assert Addresses().dump("Red Hat") == f"{OSV}/Red%20Hat/all.zip"
    assert Addresses("https://m.example/o/").dump("npm") == "https://m.example/o/npm/all.zip"
    assert Addresses("https://m.example").listing == "https://m.example/ecosystems.txt"
    assert all(address.startswith("https://") for address in (OSV, KEV, EPSS))


def test_the_list_of_the_bucket() -> None:
    text = "npm\nDebian\nDebian:12\nRed Hat\n\n../etc\n[EMPTY]\n"
    assert ecosystems_listed(text) == ("Debian", "Red Hat", "npm")


def test_the_usual_ones_are_known() -> None:
    assert set(USUAL) <= set(ECOSYSTEMS)
