"""A gist in words: the message that a channel is sent, the same however often it is tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vigie.model.severity import Severity
from vigie.model.text import T, Text
from vigie.ports.notifiers import Item, Matter, Message
from vigie.services.sentences import spoken
from vigie.watch.grouping import BACK, CLOSED, NEW, count_of, counts_of, is_over, worst_of

# What happened, where it is told of by itself.
EVENTS: Mapping[str, Text] = {
    NEW: T("new findings"),
    BACK: T("findings that are back"),
    CLOSED: T("findings that closed"),
    "import.finished": T("an import is finished"),
    "import.failed": T("an import failed"),
    "scan.finished": T("a scan is finished"),
    "scan.failed": T("a scan failed"),
    "waiver.expired": T("a waiver has expired"),
    "finding.triaged": T("findings were decided on"),
    "finding.revoked": T("decisions were taken back"),
    "finding.commented": T("a finding was commented on"),
    "finding.assigned": T("findings were assigned"),
    "vex.imported": T("VEX statements were taken in"),
    "vex.revoked": T("VEX statements were taken back"),
    "policy.changed": T("a policy was changed"),
}
_FACTS = {
    "new": T("New"),
    "reopened": T("Back"),
    "closed": T("Closed"),
    "counting": T("Open"),
    "name": T("Name"),
    "error": T("Error"),
    "reason": T("Reason"),
}


def message_of(
    delivery: Mapping[str, Any], *, address: str = "", tenant: str = "", digest: str = ""
) -> Message:
    """The message of a delivery's row. `address` is the platform's, `tenant` its name; `digest`
    names the rule where it is a digest."""
    document = delivery["message"]
    gist = document["gist"]
    counts = tuple(counts_of(gist).items())
    total = sum(number for _, number in counts)
    title = T("{rule}: {what}", rule=digest, what=title_of(gist)) if digest else title_of(gist)
    items = tuple(_item(item, address) for item in gist["items"] if is_over(gist) or _open(item))
    return Message(
        key=delivery["key"],
        matter=Matter(delivery["matter"]),
        title=title,
        severity=worst_of(gist),
        tenant=tenant,
        summary=_summary(gist),
        items=items or tuple(_noted(note) for note in gist["notes"]),
        total=total or len(gist["notes"]),
        counts=counts,
        url=_url(gist, address),
        sent=document["sent"],
    )


def trial_message(tenant: str, sent: str, address: str, key: str) -> Message:
    """What a channel is sent to see whether it works."""
    return Message(
        key=key,
        matter=Matter.TEST,
        title=T("this channel works"),
        severity=Severity.NONE,
        tenant=tenant,
        summary=T("Somebody asked Vigie for this message. Nothing has happened."),
        url=address,
        sent=sent,
    )


def title_of(gist: Mapping[str, Any]) -> Text:
    """What it is about, in one line: the weightiest thing that happened."""
    where = _where(gist)
    new, back = count_of(gist, NEW), count_of(gist, BACK)
    closed = count_of(gist, CLOSED)
    if new:
        return T("{count} new finding{where}", "{count} new findings{where}",
                 count=new, where=where)  # fmt: skip
    if back:
        return T("{count} finding is back{where}", "{count} findings are back{where}",
                 count=back, where=where)  # fmt: skip
    if closed:
        return T("{count} finding closed{where}", "{count} findings closed{where}",
                 count=closed, where=where)  # fmt: skip
    # A scan is taken in as an import: of the two the scan is what somebody asked for.
    of_scan = {"import.finished"} if "scan.finished" in gist["events"] else set()
    events = {name: count for name, count in gist["events"].items() if name not in of_scan}
    event = min(events, default="")
    name = EVENTS.get(event) or T("{event}", event=event)
    number = sum(events.values())
    return T("{event}{where} ({number})", event=name, where=where, number=number) if (
        number > 1
    ) else T("{event}{where}", event=name, where=where)  # fmt: skip


def _where(gist: Mapping[str, Any]) -> Text | str:
    names = [name for name in gist["assets"].values() if name]
    if len(gist["assets"]) == 1 and names:
        return T(" in {asset}", asset=names[0])
    if gist["more_assets"]:
        return T(" in more than {number} assets", number=len(gist["assets"]))
    return T(" in {number} assets", number=len(gist["assets"])) if gist["assets"] else ""


def _summary(gist: Mapping[str, Any]) -> Text | None:
    """What else happened, beside what the title tells."""
    new, back, closed = (count_of(gist, event) for event in (NEW, BACK, CLOSED))
    if new and back and closed:
        return T("{back} are back, {closed} closed.", back=back, closed=closed)
    if new and back:
        return T("{back} are back.", back=back)
    if (new or back) and closed:
        return T("{closed} closed.", closed=closed)
    return None


def _open(item: Mapping[str, Any]) -> bool:
    return bool(item["event"] != CLOSED)


def _item(item: Mapping[str, Any], address: str) -> Item:
    return Item(
        title=item["title"],
        severity=Severity(item["severity"]),
        decision=item["decision"],
        asset=item["asset"],
        component=item["component"],
        fix=item["fix"],
        url=f"{address}/findings/{item['id']}" if address else "",
    )


def _noted(note: Mapping[str, Any]) -> Item:
    """Something that is no finding: what its event says of it."""
    facts = note["facts"]
    shown = tuple((_FACTS[name], _said(facts[name])) for name in _FACTS if name in facts)
    title = str(facts.get("name") or note["subject"][1] or note["event"])
    return Item(title=title, severity=Severity(note["severity"]), facts=shown)


def _said(fact: Any) -> Text | str:
    """A sentence that is kept as data is said in the reader's language."""
    return (spoken(fact) or "") if isinstance(fact, dict) else str(fact)


def _url(gist: Mapping[str, Any], address: str) -> str:
    if not address:
        return ""
    if len(gist["assets"]) == 1 and not gist["more_assets"]:
        return f"{address}/findings?asset_id={next(iter(gist['assets']))}"
    return f"{address}/findings"
