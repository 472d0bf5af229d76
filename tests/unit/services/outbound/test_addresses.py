"""Which addresses may be called, however they are written."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import UserError
from vigie.services.outbound.addresses import Rules, host_name, is_internal, plain

INTERNAL = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "100.127.255.255", "0.0.0.0", "0.1.2.3",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.0.192", "192.0.2.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.88.99.1", "168.63.129.16",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1",
]  # fmt: skip
OPEN = [
    "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.1",
    "169.253.255.255", "11.0.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("text", INTERNAL)
def test_what_is_inside_is_internal(text: str) -> None:
    assert is_internal(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OPEN)
def test_the_open_internet_is_not(text: str) -> None:
    assert not is_internal(ipaddress.ip_address(text))


@given(st.integers(0, 2**32 - 1))
def test_no_way_of_wrapping_an_address_changes_what_it_is(number: int) -> None:
    inner = ipaddress.IPv4Address(number)
    wrapped = [
        ipaddress.IPv6Address((0xFFFF << 32) + number),
        ipaddress.IPv6Address((0x64FF9B << 96) + number),
        ipaddress.IPv6Address((0x2002 << 112) + (number << 80)),
    ]
    assert {plain(one) for one in wrapped} == {inner}
    assert {is_internal(one) for one in wrapped} == {is_internal(inner)}
    if not inner.is_global:
        assert is_internal(inner)


@given(st.integers(0, 2**128 - 1))
def test_nothing_that_python_calls_special_is_called_open(number: int) -> None:
    address = ipaddress.IPv6Address(number)
    if plain(address) == address and not address.is_global:
        assert is_internal(address)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "127.0.0.01", "0x7f.0.0.0x1",
        "a.0x7f", "x.1", "017700000001", "１２７.1", "127。0。0。1。", "fe80::1%eth0", "", ".",
        "..", "a..b", "a b", "a/b", "a@b", "a\nb", "x" * 64, ".".join(["a"] * 130), "-a", "a-",
        "*.example.com", "exa\u0000mple",
    ],
)  # fmt: skip
def test_odd_spellings_are_no_hosts(host: str) -> None:
    with pytest.raises(UserError) as caught:
        host_name(host)
    assert "can be called" in str(caught.value)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Example.COM.", "example.com"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::1]", "::1"),
        ("127。0。0。1", "127.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("my_host", "my_host"),
    ],
)
def test_hosts_are_compared_in_one_form(host: str, name: str) -> None:
    assert host_name(host) == name


@given(st.text(max_size=40))
def test_a_host_is_an_address_a_name_or_refused(text: str) -> None:
    try:
        name = host_name(text)
    except UserError:
        return
    assert name.isascii()
    assert not set(name) & set(" /@%\n\r\t")


@pytest.mark.parametrize(
    ("entry", "name", "port", "address", "may"),
    [
        ("10.1.0.0/16", "x", 443, "10.1.2.3", True),
        ("10.1.0.0/16", "x", 443, "10.2.2.3", False),
        ("10.1.0.0/16", "x", 443, "::ffff:10.1.2.3", True),
        ("10.1.2.3", "x", 9, "10.1.2.3", True),
        ("10.1.2.3:80", "x", 80, "10.1.2.3", True),
        ("10.1.2.3:80", "x", 81, "10.1.2.3", False),
        ("::1", "x", 80, "::1", True),
        ("[::1]:80", "x", 80, "::1", True),
        ("[::1]:80", "x", 443, "::1", False),
        ("fd00::/8", "x", 1, "fd12::1", True),
        ("Git.Corp.", "git.corp", 443, "10.0.0.5", True),
        ("git.corp", "evil.git.corp", 443, "10.0.0.5", False),
        ("git.corp:8443", "git.corp", 8443, "10.0.0.5", True),
        ("git.corp:8443", "git.corp", 443, "10.0.0.5", False),
        ("git.corp", "git.corp", 80, "127.0.0.1", True),
        ("git.corp", "git.corp", 80, "169.254.169.254", False),
        ("git.corp", "git.corp", 80, "::ffff:169.254.169.254", False),
        ("git.corp", "git.corp", 80, "100.100.100.200", False),
        ("git.corp", "git.corp", 80, "fd00:ec2::254", False),
        ("git.corp", "git.corp", 80, "0.0.0.0", False),
        ("git.corp", "git.corp", 80, "::", False),
        ("169.254.169.254", "x", 80, "169.254.169.254", True),
        ("10.0.0.0/8", "x", 80, "169.254.169.254", False),
    ],
)
def test_only_what_is_written_down_is_allowed(
    entry: str, name: str, port: int, address: str, may: bool
) -> None:
    assert Rules([entry]).may(name, port, ipaddress.ip_address(address)) is may


@pytest.mark.parametrize(
    "entry",
    ["", "10.0.0.1/8", "10.0.0.0/33", "host:0", "host:65536", "host:x", "http://host", "a b",
     "127.1", "0x7f000001:80", "::1:80:", "*"],
)  # fmt: skip
def test_what_is_no_entry_is_said_at_once(entry: str) -> None:
    with pytest.raises(UserError, match="nothing that can be allowed"):
        Rules([entry])
