"""The letter itself: headers, a text part, an HTML part that stands alone and fetches nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from vigie.model.severity import Severity
from vigie.model.text import T, Words
from vigie.outlets.notifiers._wording import Said
from vigie.outlets.phrases.figures import local, moment, sentence
from vigie.ports.notifiers import Matter, Message, Post

_HERE = files(__package__)
_LONGEST_SUBJECT = 160


@dataclass(frozen=True, slots=True)
class Sealed:
    """What stands on the envelope."""

    sender: Address
    recipients: tuple[Address, ...]


def letter(message: Message, said: Said, envelope: Sealed, post: Post) -> EmailMessage:
    """One letter. Every value of a header is one line, so none can begin another header.

    Message-ID and thread come from the message's key (RFC 5322, section 3.6.4): the same letter
    tried twice has the same Message-ID, and all letters about one matter refer to one thread.
    """
    mail = EmailMessage(policy=SMTP)
    domain = envelope.sender.domain
    urgent = message.severity is Severity.CRITICAL and message.matter is Matter.OPENED
    sent = moment(message.sent) or datetime.fromtimestamp(post.now, UTC)
    mail["From"] = envelope.sender
    mail["To"] = envelope.recipients
    mail["Subject"] = sentence(said.headline, _LONGEST_SUBJECT)
    mail["Date"] = sent
    mail["Message-ID"] = f"<{said.identity}@{domain}>"
    mail["In-Reply-To"] = mail["References"] = f"<{said.thread}.thread@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notices, please
    mail["X-Auto-Response-Suppress"] = "All"
    if urgent:
        mail["Importance"] = "high"
    values = {
        "said": said,
        "lang": post.words.lang,
        "when": local(said.sent),
        **_spoken(said, post.words),
    }
    # A fixed transfer encoding, so that no line is longer than SMTP allows.
    mail.set_content(_templates(False).get_template("letter.txt.jinja").render(values),
                     cte="quoted-printable")  # fmt: skip
    mail.add_alternative(_templates(True).get_template("letter.html.jinja").render(values),
                         subtype="html", cte="quoted-printable")  # fmt: skip
    mail.set_boundary(f"vigie-{said.identity}")
    return mail


def _spoken(said: Said, words: Words) -> dict[str, str]:
    return {
        "why": words(T("Vigie sent this because of a notification rule.")),
        "tenant": words(T("{name}: {value}", name=T("tenant"), value=said.tenant)),
    }


@cache
def _templates(escape: bool) -> Environment:
    """Jinja2; everything is escaped in HTML, and nothing in the text part."""
    return Environment(
        autoescape=escape,  # noqa: S701 - the part that is not escaped is plain text
        loader=FunctionLoader(lambda name: _HERE.joinpath("templates", name).read_text("utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
