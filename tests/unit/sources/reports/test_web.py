from __future__ import annotations

import time

import pytest

from vigie.model.assets import AssetKind
from vigie.sources.reports.web import cves, endpoint, links, moment, origin, plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One.</p><p>Two&nbsp;&amp; three.</p>", "One.\nTwo & three."),
        ("<ul><li>a</li><li><b>b</b></li></ul>", "a\nb"),
        ("line<br>line<br/>line", "line\nline\nline"),
        ("a < b and c > d", "a < b and c > d"),
        ("&lt;script&gt; is kept as words", "<script> is kept as words"),
        ('<pre class="x">code</pre>', "code"),
        ("<parameter>", ""),
        ("", ""),
    ],
)
def test_html_becomes_words(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_hostile_html_is_read_in_linear_time() -> None:
    started = time.perf_counter()
    plain_text("<a" * 200_000 + "<" * 200_000)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Shop.example:443/a?b#c", "https://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]"),
        ("shop.example:22", ""),
        ("www.shop.example", ""),
        ("http://[broken", ""),
        ("http://shop.example:port/", ""),
        ("", ""),
    ],
)
def test_origin_is_scheme_host_and_unusual_port(url: str, expected: str) -> None:
    assert origin(url) == expected


def test_endpoint_prefers_an_origin_to_a_bare_name() -> None:
    asset = endpoint("", "shop.example", "https://shop.example/x")
    assert asset is not None
    assert (asset.kind, asset.name) == (AssetKind.ENDPOINT, "https://shop.example")
    bare = endpoint("", "shop.example")
    assert bare is not None and bare.name == "shop.example"
    assert endpoint("", "") is None


def test_links_are_found_once_each_without_the_punctuation_around_them() -> None:
    html = '<a href="https://a.example/1">x</a> (see https://b.example/2). https://a.example/1'
    assert links(html) == ("https://a.example/1", "https://b.example/2")
    assert links("https://a.example/page_(old)") == ("https://a.example/page_(old)",)


def test_cves_are_found_once_each_in_capitals() -> None:
    assert cves("cve-2020-11022, CVE-2020-11022 CVE-1-2") == ("CVE-2020-11022",)


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("Tue, 14 Sep 2021 14:44:51", "2021-09-14T14:44:51"),
        ("Sat Sep 13 22:35:04 CEST 2014", "2014-09-13T22:35:04"),
        ("mar., 14 sept. 2021 14:44:51", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_dates_in_words_become_iso(words: str, iso: str) -> None:
    assert moment(words) == iso
