"""What a channel was told, checked: nothing missing, nothing that cannot be right.

No sentence here repeats a value: most of them are secrets, or hold one.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.ports.notifiers import Channel, Field

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST = 4096


def given(channel: Channel, field: Field) -> str:
    """The field's value, its default when nothing was said."""
    return channel.value(field.name).strip() or field.default


def check_fields(channel: Channel, fields: Sequence[Field]) -> None:
    """Raises UserError for the first field that is missing, too long, no choice, or two lines."""
    for field in fields:
        value = given(channel, field)
        if field.secret and field.name in channel.settings:
            raise UserError(
                T("{field} is a secret and cannot stand among the settings", field=field.label),
                T("Store it as a secret and give its reference: secret://name"),
            )
        if not value:
            if field.required:
                raise wrong(field, T("is missing"))
            continue
        if len(value) > _LONGEST:
            raise wrong(field, T("is too long"))
        if not value.isprintable():
            raise wrong(field, T("holds characters that cannot be shown"))
        if field.choices and value not in field.choices:
            raise UserError(
                T("{field}: {why}", field=field.label, why=T("is none of its choices")),
                T("Choose from: {names}", names=field.choices),
            )


def check_address(channel: Channel, field: Field, *, plain: bool = False) -> None:
    """Raises UserError unless the field is a web address.

    It must be https: the address itself or what is sent with it is secret. Without TLS it may
    only be this machine's own, or anything where the caller says that `plain` is fine.
    """
    address = given(channel, field)
    if not address:
        return
    parts = split(address)
    host = parts.hostname if parts else None
    if parts is None or not host or parts.scheme not in ("http", "https") or " " in address:
        raise wrong(field, T("is not a web address"))
    if parts.scheme == "http" and not plain and host not in LOOPBACK:
        raise wrong(field, T("must begin with https://"))


def split(address: str) -> SplitResult | None:
    """The parts of an address; None when it has none or its port is impossible."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - a port out of range is found out only when asked for
    except ValueError:
        return None
    return parts


def wrong(field: Field, why: Text) -> UserError:
    """ "Webhook address: is missing", with an example of how it looks."""
    hint: Text | str = T("It looks like {example}", example=field.example) if field.example else ""
    return UserError(T("{field}: {why}", field=field.label, why=why), hint)
