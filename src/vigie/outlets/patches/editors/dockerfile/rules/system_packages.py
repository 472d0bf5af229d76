"""Packages of the distribution: no questions, no extras, nothing left behind, fixed versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vigie.model.text import T
from vigie.outlets.patches.editors._upgrades import by_name
from vigie.outlets.patches.editors.dockerfile.changes import Case, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.rules._managers import TYPES, Call, calls_of
from vigie.outlets.patches.editors.dockerfile.shell import Word
from vigie.ports.patches import Upgrade

_APT_GET = frozenset({"update", "install", "upgrade", "remove", "purge", "autoremove", "clean",
                      "autoclean", "build-dep", "source", "download"})  # fmt: skip
_RECOMMENDS = re.compile(r"(?i)apt::install-recommends=(?:\"?(?:false|0|no)\"?)")
# What asks other sites over TLS; its certificates are only recommended to it.
_ASKS_SITES = frozenset({"curl", "wget", "git", "aria2"})
_HAS_CERTIFICATES = frozenset({"python", "golang", "ruby", "buildpack-deps", "perl", "rust"})
_DEB = re.compile(r"(?P<name>[a-z0-9][a-z0-9.+-]*)(?P<arch>:[a-z0-9-]+)?(?:=(?P<version>[^\s=]+))?")
_APK = re.compile(r"(?P<name>[A-Za-z0-9_][\w.+-]*)(?P<arch>)(?:=(?P<version>[\w.+-]+))?")


def _apt_get(case: Case) -> Iterator[Outcome]:
    for call in calls_of(case, "apt-get"):
        if call.program.raw == "apt" and call.sub.value in _APT_GET:
            yield case.rewrite(
                call.one,
                call.program.start,
                call.program.end,
                "apt-get",
                T("apt is for people at a terminal; apt-get is for scripts"),
            )


def _assume_yes(case: Case) -> Iterator[Outcome]:
    for call in calls_of(case, "apt-get", "dnf", "zypper"):
        quiet = any(word.raw.startswith("-qq") for word in call.options)
        if not call.installs or quiet or call.has("-y", "--yes", "--assume-yes", "--assumeyes",
                                                  "-n", "--non-interactive"):  # fmt: skip
            continue
        end = call.sub.end
        yield case.rewrite(call.one, end, end, " -y", T("nobody can answer a question in a build"))


def _no_recommends(case: Case) -> Iterator[Outcome]:
    for call in calls_of(case, "apt-get"):
        text = call.one.code[call.command.words[0].start : call.command.words[-1].end]
        if not call.installs or "--no-install-recommends" in text or _RECOMMENDS.search(text):
            continue
        end = call.sub.end
        yield case.rewrite(
            call.one, end, end, " --no-install-recommends",
            T("only what is named is installed; what was only recommended has to be named now"),
        )  # fmt: skip
        if call.named and _needs_certificates(call):
            end = call.named[-1].end
            yield case.rewrite(
                call.one, end, end, " ca-certificates",
                T("ca-certificates was only recommended, and is needed to ask sites over TLS"),
            )  # fmt: skip


def _needs_certificates(call: Call) -> bool:
    base = call.stage.base
    if base is not None and base.name in _HAS_CERTIFICATES:
        return False
    names = {word.raw.partition("=")[0] for word in call.named}
    return bool(names & _ASKS_SITES) and not any(
        "ca-certificates" in one.code for one in call.stage.chain if one.keyword == "RUN"
    )


def _pins(case: Case) -> Iterator[Outcome]:
    wanted = {kind: by_name(u for u in case.upgrades if u.type == kind)
              for kind in set(TYPES.values())}  # fmt: skip
    there: set[str] = set()
    for call in calls_of(case, *TYPES):
        if not call.installs:
            continue
        there.add(TYPES[call.kind])
        open_ones = []
        for word in call.named:
            outcome = _pinned(case, call, word, wanted[TYPES[call.kind]])
            if isinstance(outcome, str):
                open_ones.append(outcome)
            elif outcome is not None:
                yield outcome
        if open_ones:
            yield Remark(
                call.one.start,
                T("no version is known for {names}; none is made up", names=tuple(open_ones)),
            )
    kind = case.final.family
    for name, upgrades in wanted.get(kind, {}).items():
        for upgrade in upgrades:
            if upgrade not in case.tally.done:
                case.tally.leave(
                    upgrade,
                    T("{package} is not installed by name here; it comes with the base image",
                      package=name),
                )  # fmt: skip


def _pinned(
    case: Case, call: Call, word: Word, wanted: dict[str, list[Upgrade]]
) -> Outcome | str | None:
    """The change of one package's word, its name when it has no version, None when all is well."""
    said = word.value
    if (
        said is None
        or "/" in said
        or said.startswith((".", "@", "$"))
        or said.endswith((".deb", ".rpm"))
    ):
        return None
    name, version, spelled = _split(call, said, wanted)
    if not name:
        return None
    for upgrade in wanted.get(name, ()):
        new = upgrade.version.removeprefix("0:")
        if version == new:
            case.tally.done[upgrade] = None
            return None
        if version and upgrade.installed.removeprefix("0:") != version:
            case.tally.leave(upgrade, T("{version} is asked for here, not {installed}",
                                        version=version, installed=upgrade.installed))  # fmt: skip
            continue
        case.tally.done[upgrade] = None
        reason = T("{package} is fixed to {version}, which mends what was found in it",
                   package=name, version=new)  # fmt: skip
        return case.rewrite(call.one, word.start, word.end, spelled.format(version=new), reason)
    return None if version else name


def _split(
    call: Call, said: str, wanted: Sequence[str] | dict[str, list[Upgrade]]
) -> tuple[str, str, str]:
    """Name, version ("" for none) and how another version is written; ("", "", "") for no name."""
    if call.kind in ("apt-get", "apk", "zypper"):
        match = (_APK if call.kind == "apk" else _DEB).fullmatch(said)
        if match is None:
            return "", "", ""
        name = match["name"]
        return name, match["version"] or "", f"{name}{match['arch'] or ''}={{version}}"
    for name in wanted:
        if said == name or (said.startswith(f"{name}-") and said[len(name) + 1 :][:1].isdigit()):
            return name, said[len(name) + 1 :], f"{name}-{{version}}"
    pinned = re.search(r"-\d[^-]*-[^-]+$|-\d+[.:]\S*$", said)
    name = said[: pinned.start()] if pinned else said
    return name, said[len(name) + 1 :], f"{name}-{{version}}"


RULES = (
    Rule("apt-get", frozenset({"DL3027"}), _apt_get),
    Rule("assume-yes", frozenset({"DL3014", "DL3030", "DL3034", "DL3038"}), _assume_yes),
    Rule("no-recommends", frozenset({"DL3015"}), _no_recommends),
    Rule("pins", frozenset({"DL3008", "DL3018", "DL3033", "DL3037", "DL3041"}), _pins),
)
