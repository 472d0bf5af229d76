from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.sources.filesystems.documents import Descriptor, PlatformRecord
from vigie.sources.filesystems.platforms import Platform, choose, config_platform, parse_platform


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/amd64", Platform("linux", "amd64")),
        ("Linux/x86_64", Platform("linux", "amd64")),
        ("linux/aarch64", Platform("linux", "arm64")),
        ("linux/arm/v6", Platform("linux", "arm", "v6")),
    ],
)
def test_platforms_as_they_are_written(text: str, platform: Platform) -> None:
    assert parse_platform(text) == platform


@pytest.mark.parametrize("text", ["", "linux", "linux/", "/amd64", "a/b/c/d"])
def test_what_is_no_platform(text: str) -> None:
    with pytest.raises(UserError, match="no platform"):
        parse_platform(text)


def offer(digest: str, os: str = "", architecture: str = "", variant: str = "") -> Descriptor:
    return Descriptor(digest, platform=PlatformRecord(os, architecture, variant))


def test_the_best_of_several_variants() -> None:
    offered = [offer("6", "linux", "arm", "v6"), offer("7", "linux", "arm", "v7")]
    assert choose(offered, Platform("linux", "arm"))[0].digest == "7"
    assert choose(offered, Platform("linux", "arm", "v6"))[0].digest == "6"
    assert choose(offered[:1], Platform("linux", "arm"))[0].digest == "6"


def test_a_variant_that_is_not_said_is_the_usual_one() -> None:
    offered = [offer("a", "linux", "arm64"), offer("b", "linux", "amd64")]
    assert choose(offered, Platform("linux", "arm64", "v8"))[0].digest == "a"


def test_rivals_are_counted_by_what_they_are() -> None:
    same = [offer("a", "linux", "amd64"), offer("a", "linux", "amd64")]
    assert choose(same, Platform("linux", "amd64"))[1] == 1
    other = [*same, offer("b", "linux", "amd64"), offer("c", "linux", "arm64")]
    assert choose(other, Platform("linux", "amd64"))[1] == 2
    assert choose([Descriptor("a"), Descriptor("b")], Platform("linux", "amd64"))[1] == 2


def test_the_only_image_is_taken_and_none_is_refused() -> None:
    only = [offer("a", "linux", "s390x")]
    assert choose(only, Platform("linux", "amd64")) == (only[0], 1)
    with pytest.raises(UserError, match="lists no image"):
        choose([offer("x", "unknown", "unknown")], Platform("linux", "amd64"))


def test_the_platform_of_a_configuration() -> None:
    said = {"os": "linux", "architecture": "arm64", "variant": "v8"}
    assert str(config_platform(said)) == "linux/arm64/v8"
    assert config_platform({"os": 3, "architecture": "x"}) is None
    assert config_platform({}) is None
