"""The one way the platform calls out: webhooks, ticket systems, sign-on, registries.

People of a tenant give addresses that this server then calls. So every address is looked up
here, refused when it leads inside and nobody allowed that, and connected to just as it was
checked: no second look-up can give another (OWASP: server-side request forgery).
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping, Sequence
from functools import cached_property

import httpx

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.services.outbound.addresses import Address, Rules, host_name, literal
from vigie.services.outbound.connections import CheckedNetwork, Dial, Resolve, dial, look_up, within
from vigie.services.outbound.transport import CheckedTransport

LARGEST = 8 * 1024 * 1024  # bytes of one answer
_MOST_ADDRESSES = 32
_MOST_TRIED = 4
_HOPS = 5


class Outbound:
    """Makes HTTP clients that cannot be led inside. Safe to use from several threads.

    `allowed` names what inside may be called: networks (`10.1.0.0/16`), addresses, host names,
    each also with `:port`. `timeout` is in seconds for a whole exchange, from looking up to the
    last byte. `setting` is how people call the list of what is allowed; errors name it.
    `verify` says whom to trust with TLS, the usual authorities when None. `resolve` and `dial_to`
    stand in for the resolver and the network.
    """

    def __init__(
        self,
        allowed: Sequence[str] = (),
        timeout: float = 10.0,
        *,
        setting: str = "VIGIE_OUTBOUND_ALLOWED",
        verify: ssl.SSLContext | None = None,
        resolve: Resolve = look_up,
        dial_to: Dial = dial,
    ) -> None:
        self._rules = Rules(allowed)
        self._timeout = timeout
        self._setting = setting
        self._verify = verify
        self._resolve = resolve
        self._dial = dial_to

    def client(
        self,
        *,
        timeout: float | None = None,
        largest: int = LARGEST,
        headers: Mapping[str, str] | None = None,
        follow: bool = False,
    ) -> httpx.Client:
        """A client for one receiver; the caller closes it.

        Nothing of the environment is used (no proxy, no .netrc). Redirects are followed only
        when asked, a few, each checked like a first call; whoever asks must not send secrets in
        headers of their own. Answers longer than `largest` bytes raise httpx.ReadError, packed
        ones httpx.DecodingError; what is not allowed raises UserError.
        """
        seconds = self._timeout if timeout is None else timeout
        network = CheckedNetwork(self._pick, self._dial, seconds)
        _keep_addresses_out_of_logs()
        return httpx.Client(
            transport=CheckedTransport(network, self._context, largest),
            trust_env=False,
            follow_redirects=follow,
            max_redirects=_HOPS,
            timeout=httpx.Timeout(seconds),
            headers={"accept-encoding": "identity", "user-agent": "vigie", **(headers or {})},
        )

    def allows(self, host: str, port: int, seconds: float | None = None) -> None:
        """Raises UserError unless this host and port may be called (`ports.notifiers.Allows`),
        SourceError when the name cannot be looked up, or not within so many seconds."""
        self.addresses(host, port, seconds)

    def addresses(self, host: str, port: int, seconds: float | None = None) -> tuple[str, ...]:
        """Where this host may be connected to now, for what speaks no HTTP: whoever connects to
        just these cannot be led elsewhere. Raises as `allows`."""
        try:
            patience = self._timeout if seconds is None else seconds
            return tuple(str(one) for one in self._pick(host, port, patience))
        except OSError:
            raise _not_found(host) from None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._verify or httpx.create_ssl_context(trust_env=False)

    def _pick(self, host: str, port: int, seconds: float) -> list[Address]:
        """The checked addresses of a host. One that leads inside spoils them all: which one is
        dialled would be chance."""
        name = host_name(host)
        written = literal(name)
        if written is not None:
            found = [written]
        else:
            said = within(seconds, self._resolve, name, port)
            # An address with a zone is one of a link; it has no place out there.
            found = [one for one in map(literal, said) if one is not None]
            if not found or len(said) > _MOST_ADDRESSES or len(found) != len(said):
                raise OSError("the name has no usable address")
        if not all(self._rules.may(name, port, one) for one in found):
            raise UserError(
                T("{host} leads to an internal address, which Vigie does not call", host=name),
                T("If it may be called, add {entry} to {setting}.",
                  entry=_entry(name, port), setting=self._setting),
            )  # fmt: skip
        return found[:_MOST_TRIED]


def _entry(name: str, port: int) -> str:
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _not_found(host: str) -> SourceError:
    return SourceError(
        T("{host} could not be found", host=host[:255]),
        T("See whether the name is right and can be looked up from this machine."),
        retryable=True,
    )


class _OriginOnly(logging.Filter):
    """Addresses of webhooks are secrets; httpx logs them whole."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{one.scheme}://{one.netloc.decode('ascii')}"
                if isinstance(one, httpx.URL)
                else one
                for one in record.args
            )
        return True


_ORIGIN_ONLY = _OriginOnly()


def _keep_addresses_out_of_logs() -> None:
    logging.getLogger("httpx").addFilter(_ORIGIN_ONLY)  # the same one twice is once
    # It writes every header at DEBUG.
    logging.getLogger("httpcore").setLevel(logging.INFO)
