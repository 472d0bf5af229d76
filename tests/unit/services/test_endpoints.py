"""Only the address of a service is a target; a repository's is not attacked by mistake."""

from __future__ import annotations

import pytest

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.services.targets import resolve_target


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://Shop.Example:443/a,b?c=d#e", "https://shop.example"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("HTTP://shop.example/x.github.com", "http://shop.example"),
    ],
)
def test_an_address_is_a_service_named_by_its_origin(text: str, name: str) -> None:
    target = resolve_target(text)
    assert (target.kind, target.path, target.reference) == (AssetKind.ENDPOINT, None, text)
    assert target.asset is not None
    assert (target.asset.kind, target.asset.name) == (AssetKind.ENDPOINT, name)


@pytest.mark.parametrize(
    "text",
    [
        "https://git.example/team/shop.git",
        "https://git.example/team/shop.git/",
        "https://github.com/team/shop",
        "https://www.github.com/team/shop",
        "https://gist.github.com/x",
        "git+https://git.example/x",
        "ssh://git@git.example/x",
        "ftp://files.example/x",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "http://shop.example:port/",
        "http://shop.example/a b",
        "http://shop.example/\n-x",
        "http://shop.example/é",
        "http://" + "x" * 5000,
    ],
)
def test_other_addresses_are_refused_with_words(text: str) -> None:
    with pytest.raises(UserError) as caught:
        resolve_target(text)
    assert "no address of a web service" in str(caught.value)
    assert caught.value.hint is not None and "clone" in str(caught.value.hint)


@pytest.mark.parametrize("text", ["https://me:pass@shop.example/", "https://me@shop.example/"])
def test_a_password_in_the_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UserError) as caught:
        resolve_target(text)
    assert "https://shop.example" in str(caught.value)
    assert "pass@" not in str(caught.value) and "me@" not in str(caught.value)
