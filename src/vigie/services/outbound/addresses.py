"""Which addresses the platform may call, and which are somebody's inside.

The tables are IANA's special-purpose address registries (RFC 6890, RFC 8190) and what the
clouds serve credentials on.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from vigie.model.errors import UserError
from vigie.model.text import T

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_INTERNAL = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # what Azure serves its machines on, in the middle of public ones
    )
)  # fmt: skip
# All of IPv6 that is given to anybody (RFC 4291, section 4), without what means something else.
_GIVEN = IPv6Network("2000::/3")
_SPECIAL = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address in the last 32 bits
_SIX_TO_FOUR = IPv6Network("2002::/16")  # RFC 3056: the IPv4 address in bits 16 to 48

# A name that is allowed is trusted to lead inside, but never to where clouds hand out keys or
# to no single host: that has to be written as an address.
_NEVER_BY_NAME: tuple[Network, ...] = (
    *(IPv4Network(text) for text in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
                                     "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32")),
    *(IPv6Network(text) for text in ("::/128", "fe80::/10", "ff00::/8", "fd00:ec2::254/128",
                                     "fd20:ce::254/128")),
)  # fmt: skip

_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\Z"
)
_NUMERIC = re.compile(r"(\A|.*\.)(0x[0-9a-f]*|[0-9]+)\Z")
_PORT = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:]+):(?P<port>[0-9]{1,5})\Z")


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, NAT64, 6to4), else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
    return address


def is_internal(address: Address) -> bool:
    """Whether an address is not one of the open internet: private, loopback, shared, special."""
    address = plain(address)
    if isinstance(address, IPv4Address):
        return any(address in network for network in _INTERNAL)
    return address not in _GIVEN or any(address in network for network in _SPECIAL)


def host_name(host: str) -> str:
    """A host as it is compared: lower case, without brackets and the dot of the root.

    Raises UserError for what is neither a name nor a plainly written address: numbers such as
    `2130706433`, `0x7f.1` and `127.1` that resolvers take for an address, and zones.
    """
    name = host.strip().lower().removeprefix("[").removesuffix("]")
    if name.endswith("."):
        name = name[:-1]
    if literal(name) is not None:
        return name
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        raise _no_host(host) from None
    # Once more: full-width digits have become plain ones.
    if literal(name) is None and (_NUMERIC.fullmatch(name) or not _NAME.match(name)):
        raise _no_host(host)
    return name


def literal(name: str) -> Address | None:
    """The address that is written here, None when it is a name."""
    try:
        return ipaddress.ip_address(name) if "%" not in name else None
    except ValueError:
        return None


def _no_host(host: str) -> UserError:
    return UserError(
        T("{host} is no host that can be called", host=repr(host[:100])),
        T("Give a name, or an address written as 192.0.2.1 or 2001:db8::1."),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing that is allowed: a host by name or a network, on one port or (0) on all."""

    name: str = ""
    network: Network | None = None
    port: int = 0

    def allows(self, name: str, port: int, address: Address) -> bool:
        if self.port not in (0, port):
            return False
        if self.network is not None:
            return address in self.network or plain(address) in self.network
        inner = plain(address)
        return self.name == name and not any(inner in network for network in _NEVER_BY_NAME)


class Rules:
    """What may be called: the open internet, and inside only what is written down.

    `allowed` holds networks (`10.1.0.0/16`), addresses, names, each also with `:port`; an IPv6
    address with a port is written in brackets. Raises UserError for what is none of these.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._entries = tuple(_entry(text) for text in allowed)

    def may(self, name: str, port: int, address: Address) -> bool:
        """Whether this address, which `name` led to, may be connected to on this port."""
        if not is_internal(address):
            return True
        return any(entry.allows(name, port, address) for entry in self._entries)


def _entry(text: str) -> _Entry:
    said = text.strip()
    network = _network(said)
    if network is not None:
        return _Entry(network=network)
    port = 0
    found = _PORT.match(said)
    if found is not None:
        said, port = found["host"], int(found["port"])
    try:
        name = host_name(said)
    except UserError:
        raise _no_entry(text) from None
    if found is not None and not 0 < port < 65536:
        raise _no_entry(text)
    address = literal(name)
    if address is not None:
        return _Entry(network=ipaddress.ip_network(address), port=port)
    return _Entry(name=name, port=port)


def _network(said: str) -> Network | None:
    """Raises UserError for a network whose address has bits of a host: it may be a slip."""
    if "/" not in said:
        return None
    try:
        return ipaddress.ip_network(said)
    except ValueError:
        raise _no_entry(said) from None


def _no_entry(text: str) -> UserError:
    return UserError(
        T("{entry} is nothing that can be allowed to be called", entry=repr(text[:100])),
        T("Give a network (10.1.0.0/16), an address or a host name, with :port if only that one."),
    )
