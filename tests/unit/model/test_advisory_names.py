"""A name is looked up as its registry takes it."""

from __future__ import annotations

import pytest

from vigie.model.ecosystems import advisory_name


@pytest.mark.parametrize(
    ("ecosystem", "name", "key"),
    [
        ("PyPI", "Zope.Interface__x", "zope-interface-x"),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
        ("Packagist:https://repo.example/8", "Drupal/Core", "drupal/core"),
        ("crates.io", "Serde_Json", "serde-json"),
        ("SwiftURL", "https://github.com/Apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("npm", "JSONStream", "JSONStream"),
        ("Go", "github.com/BurntSushi/toml", "github.com/BurntSushi/toml"),
        ("Maven", "org.Foo:Bar_baz", "org.Foo:Bar_baz"),
        ("Debian:12", "libX_y", "libX_y"),
        ("", " x ", "x"),
    ],
)
def test_a_name_becomes_its_key(ecosystem: str, name: str, key: str) -> None:
    assert advisory_name(ecosystem, name) == key
    assert advisory_name(ecosystem, key) == key
