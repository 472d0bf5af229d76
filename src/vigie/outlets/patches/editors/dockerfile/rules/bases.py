"""The base image: raised to the tag or digest that the caller knows, else named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.model.text import T
from vigie.outlets.patches.editors.dockerfile.changes import Case, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.stages import Image, read_image
from vigie.ports.patches import Upgrade

_FIXED = re.compile(
    r"(?P<tag>\w[\w.-]{0,127})?(?:(?:^|@)(?P<digest>sha256:[0-9a-f]{64}))?", re.ASCII
)
_TYPES = frozenset({"docker", "oci"})


def _find(case: Case) -> Iterator[Outcome]:
    known = {u: image for u in case.upgrades if u.type in _TYPES
             if (image := read_image(u.name)) is not None}  # fmt: skip
    for stage, one in case.each("FROM"):
        if stage.parent is not None or stage.reference == "scratch":
            continue
        if stage.image is None:
            yield Remark(
                one.start, T("what {image} stands for is not set here", image=stage.reference)
            )
            continue
        about = [u for u, image in known.items() if image.name == stage.image.name]
        raised = [_raised(case, one, stage.image, upgrade) for upgrade in about]
        outcomes = [outcome for outcome in raised if outcome is not None]
        if outcomes:
            yield outcomes[0]
        elif stage.image.tag in ("", "latest") and not stage.image.digest:
            yield Remark(
                one.start,
                T(
                    "{image} names no fixed version: each build may get another one, and no fixed "
                    "tag or digest of it is known here",
                    image=stage.reference,
                ),
            )


def _raised(case: Case, one: Instruction, image: Image, upgrade: Upgrade) -> Outcome | None:
    match = _FIXED.fullmatch(upgrade.version)
    if match is None or not upgrade.version:
        return None
    digest = match["digest"] or ""
    tag = match["tag"] or (image.tag if digest else "")
    if (image.tag, image.digest) == (tag, digest):
        case.tally.done[upgrade] = None
        return None
    there = {image.tag or "latest", image.tag, image.digest}
    if image.digest and upgrade.installed == image.tag and digest == "":
        return None
    if upgrade.installed and upgrade.installed not in there:
        asked = image.tag or image.digest or "latest"
        case.tally.leave(upgrade, T("{version} is asked for here, not {installed}", version=asked,
                                    installed=upgrade.installed))  # fmt: skip
        return None
    raw = one.arguments.split()[0]
    if "$" in raw:
        why = T("its version is made of {said}, which is not set here", said=raw)
        case.tally.leave(upgrade, why)
        return None
    start = one.code.index(raw, one.body)
    bare = raw.partition("@")[0]
    if image.tag:
        bare = bare.removesuffix(f":{image.tag}")
    wanted = bare + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    case.tally.done[upgrade] = None
    reason = (
        T("the base image is fixed by its digest, so that every build starts from the same one")
        if digest
        else T("the base image is raised to {version}", version=tag)
    )
    return case.rewrite(one, start, start + len(raw), wanted, reason)


RULE = Rule("base", frozenset({"DL3006", "DL3007"}), _find)
