"""What a channel of a ticket system must be told, and whether it can be right."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.ports.notifiers import Channel, Field

_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}\Z")


def address_field(example: str, default: str = "") -> Field:
    return Field("url", T("Address"), required=not default, example=example, default=default)


def token_field(label: Text) -> Field:
    return Field("token", label, secret=True)


def setting(channel: Channel, field: Field) -> str:
    """The value of a field, its default when it is not given."""
    return channel.value(field.name).strip() or field.default


def check_given(channel: Channel, fields: Sequence[Field]) -> None:
    """Raises UserError for a field that is missing, for one that is not among its choices, and
    for a secret among the settings, where it would be shown and kept."""
    for field in fields:
        if field.secret and channel.settings.get(field.name):
            raise UserError(
                T("{field} is a secret and cannot stand among the settings", field=field.label),
                T("Store it as a secret and give its reference: secret://name"),
            )
        value = setting(channel, field)
        if field.required and not value:
            raise UserError(
                T("the channel lacks {field}", field=field.label),
                T("Give {name} in the channel's settings.", name=field.name),
            )
        if field.choices and value not in field.choices:
            raise UserError(
                T("{value} is no choice for {field}", value=repr(value[:50]), field=field.label),
                T("Choose from: {names}", names=field.choices),
            )


def address(channel: Channel, field: Field) -> str:
    """The system's address without a slash at its end.

    Raises UserError for one that is none, holds a login, or would show the token on the way.
    """
    url = setting(channel, field)
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole or parts.scheme not in ("https", "http") or not url.isprintable() or " " in url:
        raise UserError(
            T("the address of the channel is no web address"),
            T("Give one such as {example}.", example=field.example),
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise UserError(
            T("the address of the channel holds more than an address"),
            T("Leave out login, question mark and number sign; the token is given apart."),
        )
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        raise UserError(
            T("the token would be sent without encryption"),
            T("Give an address that begins with https://."),
        )
    return url.rstrip("/")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def token(channel: Channel) -> str:
    """The channel's token. Raises UserError, which does not show it, for what cannot be one."""
    value = channel.value("token").strip()  # files of secrets end in a line break
    if not _TOKEN.match(value):
        raise UserError(
            T("the token of the channel holds characters that no token has"),
            T("Store it again, alone and on one line."),
        )
    return value


def matching(channel: Channel, field: Field, form: re.Pattern[str]) -> str:
    """A setting that has this form. Raises UserError for another."""
    value = setting(channel, field)
    if not form.fullmatch(value):
        raise UserError(
            T("{value} cannot be right for {field}", value=repr(value[:100]), field=field.label),
            T("Give one such as {example}.", example=field.example),
        )
    return value
