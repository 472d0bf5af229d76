"""Any other service, through the apprise library: its address says which, and is a secret.

apprise opens connections of its own, reads files that an address may name, follows whatever time
it takes, and logs as it goes. So it works in a process of its own (`courier`), which asks here
before every connection, may read only what Python itself needs, and ends when the time is over.
"""

from __future__ import annotations

from vigie.model.errors import UserError
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_fields, given, wrong
from vigie.outlets.notifiers._http import forbidden, judge, late, unreachable
from vigie.outlets.notifiers._wording import Said, say
from vigie.outlets.notifiers.apprise.sending import Ended, Outcome, carry
from vigie.ports.notifiers import Attempt, Channel, Delivered, Field, Matter, Message, Post
from vigie.ports.plugs import Needs

_URL = Field("url", T("Address for apprise"), secret=True, example="ntfys://ntfy.sh/my-topic")
_CHECK_SECONDS = 20.0
# What services read as mark-up or mentions, in forms that none of them does. Which service it
# is only apprise knows, so this is for all of them.
_DISARM = str.maketrans({"<": "‹", ">": "›", "@": "@\u2060", "`": "'", "[": "(", "]": ")"})
_TYPES = {Severity.CRITICAL: "failure", Severity.HIGH: "failure", Severity.MEDIUM: "warning"}


class Apprise:
    name = "apprise"
    label = "apprise"
    needs = Needs(extra="server", network=True)
    fields = (_URL,)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        outcome = carry({"url": given(channel, _URL), "check": True}, _CHECK_SECONDS, _refuse)
        if outcome.ended is Ended.MISSING:
            raise UserError(T("apprise is not installed"), "pip install 'vigie[server]'")
        if outcome.ended is not Ended.DONE:
            raise wrong(_URL, T("is not an address that apprise knows"))

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        said = say(message, post.words)
        letter = {
            "url": given(channel, _URL),
            "title": said.headline.translate(_DISARM),
            "body": text(said),
            "type": _type(message),
        }
        return _judged(carry(letter, post.timeout, post.allows))


NOTIFIER = Apprise()


def text(said: Said) -> str:
    """The message as plain lines, disarmed; only addresses of ours are left as they are."""
    paragraphs = [[said.summary.translate(_DISARM), said.counts]]
    for entry in said.entries:
        lines = (entry.head, entry.title, entry.tail, *entry.facts)
        paragraphs.append([*(line.translate(_DISARM) for line in lines), entry.url])
    paragraphs += [[said.rest], [said.url]]
    written = ["\n".join(filter(None, lines)) for lines in paragraphs]
    return "\n\n".join(filter(None, written)) or said.matter


def _type(message: Message) -> str:
    if message.matter is Matter.RESOLVED:
        return "success"
    if message.matter is Matter.TEST:
        return "info"
    return _TYPES.get(message.severity, "info")


def _refuse(host: str, port: int) -> None:  # noqa: ARG001 - a check connects nowhere
    raise UserError(T("the receiver's address is not one that may be connected to"))


def _judged(outcome: Outcome) -> Attempt:
    """apprise says yes or no; the status is known where the service's plugin wrote it down."""
    match outcome.ended:
        case Ended.DONE:
            return Attempt(Delivered.DONE)
        case Ended.LATE:
            return late()
        case Ended.FORBIDDEN:
            return forbidden()
        case Ended.UNKNOWN:
            return Attempt(Delivered.REJECTED, T("apprise does not know this address"))
        case Ended.MISSING:
            return Attempt(Delivered.REJECTED, T("apprise is not installed"))
        case _:
            return judge(outcome.status) if outcome.status >= 300 else unreachable(OSError())
