"""E-mail: one letter in HTML and text over SMTP, always with TLS unless told otherwise."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.utils import parseaddr

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.outlets.notifiers._fields import LOOPBACK, check_fields, given, wrong
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.email.delivery import Server, deliver
from vigie.outlets.notifiers.email.letter import Sealed, letter
from vigie.ports.notifiers import Attempt, Channel, Delivered, Field, Message, Post
from vigie.ports.plugs import Needs

_HOST = Field("host", T("Mail server"), example="smtp.example.org")
_PORT = Field("port", T("Port"), required=False, example="587")
_SECURITY = Field(
    "security",
    T("Encryption"),
    required=False,
    choices=("starttls", "tls", "none"),
    default="starttls",
)
_USER = Field("username", T("User name"), required=False, example="vigie@example.org")
_PASSWORD = Field("password", T("Password"), secret=True, required=False)
_FROM = Field("from", T("Sender"), example="Vigie <vigie@example.org>")
_TO = Field("to", T("Recipients"), example="security@example.org, on-call@example.org")

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_NAME = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
# RFC 5321 without quoted local parts and address literals, which nobody has by accident.
_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
_ADDRESS = re.compile(_LOCAL + r"@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MOST_RECIPIENTS = 50
_MOST_ITEMS = 10


class Email:
    name = "email"
    label = "E-mail"
    needs = Needs(network=True)
    fields = (_HOST, _PORT, _SECURITY, _USER, _PASSWORD, _FROM, _TO)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        server(channel)
        sealed(channel)

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        try:
            where, envelope = server(channel), sealed(channel)
        except UserError as error:
            return Attempt(Delivered.REJECTED, error.message)
        said = say(message, post.words, _MOST_ITEMS)
        return deliver(letter(message, said, envelope, post), where, post)


NOTIFIER = Email()


def server(channel: Channel) -> Server:
    """Where the letter is handed in. Raises UserError when that cannot be right."""
    host, security = given(channel, _HOST), given(channel, _SECURITY)
    user, password = given(channel, _USER), channel.value(_PASSWORD.name)
    if not _NAME.fullmatch(host):
        raise wrong(_HOST, T("is no name of a server"))
    if security not in _PORTS:
        raise wrong(_SECURITY, T("is none of its choices"))
    port = given(channel, _PORT) or str(_PORTS[security])
    if not (port.isascii() and port.isdecimal() and len(port) <= 5 and 0 < int(port) < 65536):
        raise wrong(_PORT, T("is no port"))
    if bool(user) != bool(password):
        raise wrong(_USER if password else _PASSWORD, T("is missing"))
    if not (user + password).isascii():
        raise wrong(_PASSWORD, T("may have ASCII characters only"))
    if password and security == "none" and host not in LOOPBACK:
        raise wrong(_SECURITY, T("is off, and a password must not travel in clear"))
    return Server(host, int(port), security, user, password)


def sealed(channel: Channel) -> Sealed:
    """From whom and to whom. Raises UserError for what is no address."""
    sender = _address(given(channel, _FROM), _FROM)
    said = [part for part in given(channel, _TO).split(",") if part.strip()]
    if not said or len(said) > _MOST_RECIPIENTS:
        why: Text = T("must be 1 to {most} addresses", most=_MOST_RECIPIENTS)
        raise wrong(_TO, why)
    return Sealed(sender, tuple(_address(part, _TO) for part in said))


def _address(said: str, field: Field) -> Address:
    name, address = parseaddr(said.strip())
    if not _ADDRESS.fullmatch(address) or ".." in address or not name.isprintable():
        raise wrong(field, T("is no e-mail address"))
    try:
        return Address(name, addr_spec=address)
    except (ValueError, IndexError):
        raise wrong(field, T("is no e-mail address")) from None
