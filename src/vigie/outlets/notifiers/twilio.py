"""Twilio: a short message to one telephone.

A body may have 1,600 characters; this one stays within two or three parts, since each is paid
for. Shapes would make it Unicode, 70 characters a part, so the severity is a word only. Twilio
has no key against repeats: after a time-out the same message may arrive twice.
"""

from __future__ import annotations

import re

import msgspec

from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_address, check_fields, given, wrong
from vigie.outlets.notifiers._http import Answer, call, judge
from vigie.outlets.notifiers._wording import Said, say
from vigie.outlets.phrases.figures import line, sentence
from vigie.ports.notifiers import Attempt, Channel, Delivered, Field, Message, Post
from vigie.ports.plugs import Needs

_ACCOUNT = Field("account_sid", T("Account SID"), example="AC0123456789abcdef0123456789abcdef")
_TOKEN = Field("auth_token", T("Auth token"), secret=True)
_FROM = Field("from", T("Sender: a number, or a messaging service"), example="+15017122661")
_TO = Field("to", T("Telephone number"), example="+33612345678")
_URL = Field(
    "url",
    T("Address of the Twilio API"),
    required=False,
    example="https://api.twilio.com",
    default="https://api.twilio.com",
)
_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")  # E.164
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}|[0-9]{3,8}")  # alphanumeric, short code
_LONGEST = 400
_WIDE = str.maketrans({"\u202f": " ", "\u00a0": " ", "·": "-", "→": "->", "…": "...", "’": "'"})


class Twilio:
    name = "twilio"
    label = "SMS (Twilio)"
    needs = Needs(network=True)
    fields = (_ACCOUNT, _TOKEN, _FROM, _TO, _URL)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        check_address(channel, _URL)
        if not _SID.fullmatch(given(channel, _ACCOUNT)):
            raise wrong(_ACCOUNT, T("is no account SID"))
        if not _NUMBER.fullmatch(given(channel, _TO)):
            raise wrong(_TO, T("is no telephone number with its country"))
        sender = given(channel, _FROM)
        if not any(form.fullmatch(sender) for form in (_NUMBER, _SERVICE, _NAME)):
            raise wrong(_FROM, T("is no sender that Twilio knows"))

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        account, sender = given(channel, _ACCOUNT), given(channel, _FROM)
        if not _SID.fullmatch(account):
            return Attempt(Delivered.REJECTED, T("the address cannot be called"))
        by = "MessagingServiceSid" if _SERVICE.fullmatch(sender) else "From"
        answer = call(
            post,
            f"{given(channel, _URL).rstrip('/')}/2010-04-01/Accounts/{account}/Messages.json",
            auth=(account, given(channel, _TOKEN)),
            data={"To": given(channel, _TO), by: sender, "Body": text(say(message, post.words))},
        )
        return _judged(answer)


NOTIFIER = Twilio()


def text(said: Said) -> str:
    """ "Vigie [critical] 3 new findings in shop. critical: 1 - high: 2. https://…". The link is
    whole or left out."""
    head = f"Vigie [{said.look.word}] {said.title}".translate(_WIDE)
    tail = f" {said.url}" if said.url and len(said.url) <= 150 else ""
    room = _LONGEST - len(tail)
    shown = sentence(head, room - 10).translate(_WIDE)
    first = said.entries[0] if said.entries else None
    for more in (said.counts, f"{first.title} ({first.place})" if first else ""):
        joined = f"{shown}. {line(more).translate(_WIDE)}" if more else shown
        shown = joined if len(joined) <= room else shown
    return f"{shown}{tail}"


def _judged(answer: Answer) -> Attempt:
    """Twilio's own number says why: 21610 is a recipient who unsubscribed."""
    try:
        said = msgspec.json.decode(answer.body, type=_Said)
    except msgspec.DecodeError:
        return answer.attempt
    if answer.attempt.outcome is Delivered.DONE:
        return Attempt(Delivered.DONE, status=answer.status, reference=line(said.sid, 64))
    if answer.status and said.code:
        why = T("code {code} of Twilio", code=str(said.code))
        return judge(answer.status, answer.attempt.after, why)
    return answer.attempt


class _Said(msgspec.Struct):
    sid: str = ""
    code: int | None = None
