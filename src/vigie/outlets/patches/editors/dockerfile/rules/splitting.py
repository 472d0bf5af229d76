"""Two stages instead of one, where compilers and build tools would stay in the image.

Only where it is sure to be right: one stage that does nothing but build in its own folder; that
folder goes whole into an image of the same distribution without the tools.
Sources: Docker's "Multi-stage builds"; the variants that the official images publish.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from vigie.model.text import T, Text
from vigie.outlets.patches.editors.dockerfile.changes import Case, Change, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.contents import context_text, sources_of
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.rules._managers import calls_of
from vigie.outlets.patches.editors.dockerfile.shell import Command, script_of
from vigie.outlets.patches.editors.dockerfile.stages import Image, Stage

_BUILDS: dict[str, dict[str, set[str] | None]] = {
    "node": {"npm": {"ci", "install", "i", "run", "prune", "cache"}, "yarn": None, "pnpm": None,
             "corepack": None},
    "golang": {"go": {"build", "mod", "get", "generate", "vet", "test", "version"}},
    "rust": {"cargo": {"build", "fetch", "test", "vendor"}},
    "maven": {"mvn": None, "./mvnw": None},
    "gradle": {"gradle": None, "./gradlew": None, "gradlew": None},
}  # fmt: skip
_HARMLESS = frozenset({"true", "echo", "test", "ls"})
_CARRIED = frozenset({"ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "CMD", "ENTRYPOINT"})
_BUILDING = frozenset({"FROM", "WORKDIR", "COPY", "ADD", "RUN", "ENV", "ARG"})
_TOOLS = frozenset(
    {
        "gcc",
        "g++",
        "make",
        "cmake",
        "build-essential",
        "python3-dev",
        "build-base",
        "musl-dev",
        "libc6-dev",
        "gcc-c++",
        "rustc",
        "cargo",
        "golang",
        "maven",
    }
)
_DEBIANS = re.compile(r"(?:^|-)(bullseye|bookworm|trixie)$")
_ALPINE = re.compile(r"-alpine(\d+\.\d+)$")
_NODE = re.compile(r"\d+(?:\.\d+){0,2}(?:-(?:bookworm|bullseye|trixie))?")
_JAVA = re.compile(r"(?:eclipse-temurin-|jdk)(8|11|17|21|25)(-alpine)?(?:-jammy|-noble)?$")
# Crates that bind a C library are named so; these bind nothing that has to be there.
_RUST_SYS = re.compile(r'(?m)^name = "([\w-]+-sys)"')
_PURE_SYS = frozenset({"linux-raw-sys", "windows-sys", "js-sys", "web-sys", "core-foundation-sys",
                       "security-framework-sys", "wasi-sys", "redox-sys"})  # fmt: skip
_NAME = "build"


def _find(case: Case) -> Iterator[Outcome]:
    if len(case.stages) != 1 or not case.posix:
        return
    stage = case.final
    base = stage.image
    start = stage.instructions[0]
    if base is None or base.name not in _BUILDS:
        tools = sorted({w.raw for call in calls_of(case, "apt-get", "apk", "dnf") if call.installs
                        for w in call.named if w.raw.partition("=")[0] in _TOOLS})  # fmt: skip
        if tools:
            yield Remark(
                start.start,
                T(
                    "build tools stay in the image ({tools}): build in a stage of its own; what "
                    "of it is needed to run cannot be told here",
                    tools=tuple(tools),
                ),
            )
        return
    if base.name == "node" and ("slim" in base.tag or "alpine" in base.tag):
        return  # there are no tools in it that another variant leaves out
    if not any(one.keyword in ("CMD", "ENTRYPOINT") for one in stage.instructions):
        return
    final = _final_image(base)
    if final is None:
        yield Remark(start.start, T("the tools of {image} stay in the image: its tag does not say "
                                    "which image without them is the same otherwise",
                                    image=stage.reference))  # fmt: skip
        return
    home = stage.folder_before()
    if (
        home is None
        or home in ("/", "/go", "/home/gradle")
        or home.startswith(("/usr/local", "/etc"))
    ):
        yield Remark(start.start, T("the tools of {image} stay in the image: without a WORKDIR of "
                                    "its own it cannot be told what to take along",
                                    image=stage.reference))  # fmt: skip
        return
    why = _why_not(stage, base, home) or _native(case, stage, base, home)
    if why is not None:
        yield Remark(why[0].start, T("the tools of {image} stay in the image: {why}",
                                     image=stage.reference, why=why[1]))  # fmt: skip
        return
    yield from _split(case, stage, final, home)


def _final_image(base: Image) -> str | None:
    """The image that is the same without the tools, None when the tag does not tell."""
    tag = "" if base.digest else base.tag
    if base.name == "node":
        return f"node:{tag}-slim" if _NODE.fullmatch(tag) else None
    if base.name in ("golang", "rust"):
        alpine, debian = _ALPINE.search(tag), _DEBIANS.search(tag)
        if alpine is not None:
            return f"alpine:{alpine[1]}"
        return f"debian:{debian[1]}-slim" if debian is not None else None
    java = _JAVA.search(tag)
    return f"eclipse-temurin:{java[1]}-jre{java[2] or ''}" if java is not None else None


def _why_not(stage: Stage, base: Image, home: str) -> tuple[Instruction, Text] | None:
    """The first instruction that is more than building in the folder, and what of it."""
    for one in stage.instructions:
        if one.keyword not in _CARRIED | _BUILDING or (one.keyword in _CARRIED and one.ignored):
            return one, T("{keyword} would have to be split as well", keyword=one.keyword)
        if one.keyword == "FROM" and len(one.arguments.split()) != 1:
            return one, T("the stage has a name already")
        if one.keyword == "WORKDIR" and not _inside(one.arguments.strip("\"'"), home):
            return one, T("it works in several folders")
        if one.keyword in ("COPY", "ADD") and not _copies_inside(stage, one, home):
            return one, T("it copies something out of {folder}", folder=home)
        if one.keyword == "RUN" and not _builds(one, base, home):
            return one, T("this is more than building in {folder}", folder=home)
        if one.keyword == "ENV" and ("=" not in one.arguments or "$" in one.arguments):
            return one, T("what ENV says is made of something else")
    words = [w for o in stage.instructions if o.keyword in ("CMD", "ENTRYPOINT")
             for w in (o.argument_list or ("",))]  # fmt: skip
    program = posixpath.basename(words[0])
    allowed = {"node": {"node"}, "maven": {"java"}, "gradle": {"java"}}.get(base.name)
    fine = program in allowed if allowed else _inside(posixpath.join(home, words[0]), home) \
        and "/" in words[0]  # fmt: skip
    if not fine:
        last = stage.last("CMD", "ENTRYPOINT")
        return last or stage.instructions[0], T("what it runs may need the tools")
    return None


def _native(case: Case, stage: Stage, base: Image, home: str) -> tuple[Instruction, Text] | None:
    """Whether what is built may need libraries of the larger image, and where that is said."""
    at = stage.last("CMD", "ENTRYPOINT") or stage.instructions[0]
    if base.name == "node":
        lock = context_text(case, stage, f"{home}/package-lock.json")
        if lock is None:
            return at, T("without a package-lock.json it cannot be told whether a package is built "
                         "for libraries of this image")  # fmt: skip
        return (
            (at, T("a package is built for libraries of this image")) if _builds_own(lock) else None
        )
    if base.name == "rust":
        lock = context_text(case, stage, f"{home}/Cargo.lock")
        if lock is None:
            return at, T("without a Cargo.lock it cannot be told whether it is linked to libraries "
                         "of this image")  # fmt: skip
        linked = {name for name in _RUST_SYS.findall(lock) if name not in _PURE_SYS}
        return (at, T("{package} links it to a library of this image", package=min(linked))) \
            if linked else None  # fmt: skip
    if base.name == "golang" and "alpine" not in base.tag:
        # The image for Alpine has no C compiler, so nothing of C can be in what it builds.
        text = " ".join(one.code for one in stage.instructions if one.keyword in ("ENV", "RUN"))
        if not re.search(r"\bCGO_ENABLED[= ][\"']?0\b", text):
            return at, T(
                "it may be linked to libraries of this image; CGO_ENABLED=0 rules that out"
            )
    return None


def _builds_own(lock: str) -> bool:
    """Whether a package that is there at run time runs something when it is installed."""
    try:
        packages = json.loads(lock)["packages"]
        return any(one.get("hasInstallScript") and not one.get("dev") for one in packages.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True


def _inside(place: str, home: str) -> bool:
    place = posixpath.normpath(posixpath.join(home, place))
    return place == home or place.startswith(home + "/")


def _copies_inside(stage: Stage, one: Instruction, home: str) -> bool:
    sources, goal = sources_of(one)
    now = stage.folder_before(one)
    return (
        bool(sources)
        and "$" not in goal
        and now is not None
        and _inside(posixpath.join(now, goal), home)
    )


def _builds(one: Instruction, base: Image, home: str) -> bool:
    script = script_of(one)
    return script is not None and all(_build(command, base, home) for command in script.commands)


def _build(command: Command, base: Image, home: str) -> bool:
    if any(mark in word.raw for word in command.words for mark in ("<", ">")):
        return False
    argv = command.argv
    if not argv or any(w.raw in ("-g", "--global") for w in argv):
        return False
    if command.program == "mkdir":
        places = [word.value for word in argv[1:] if not word.is_option]
        return all(place is not None and _inside(place, home) for place in places)
    if command.program in _HARMLESS:
        return True
    known = _BUILDS[base.name]
    raw = argv[0].raw if argv[0].raw in known else command.program
    if raw not in known:
        return False
    allowed = known[raw]
    if allowed is not None and (len(argv) < 2 or argv[1].raw not in allowed):
        return False
    # What is written elsewhere would not be taken along.
    return all(
        not (w.value or w.raw).startswith("/") or _inside(w.value or "/", home) for w in argv[1:]
    )


def _split(case: Case, stage: Stage, final: str, home: str) -> Iterator[Outcome]:
    reason = T("what builds it stays behind in a stage of its own; the image that runs it has no "
               "compilers and build tools")  # fmt: skip
    first = stage.instructions[0]
    end = len(first.code.rstrip())
    yield case.rewrite(first, end, end, f" AS {_NAME}", reason)
    building = [one for one in stage.instructions if one.keyword in _BUILDING]
    last = max((one for one in building if one.keyword != "ENV"), key=lambda one: one.start)
    kept = [case.file.text[one.start : one.end].rstrip("\r\n") for one in stage.instructions
            if one.keyword == "ENV" and one.start < last.start]  # fmt: skip
    moved = [one for one in stage.instructions
             if one.keyword in _CARRIED - {"ENV"} and one.start < last.start]  # fmt: skip
    kept += [case.file.text[one.start : one.end].rstrip("\r\n") for one in moved]
    for one in moved:
        yield Change(one.start, one.end, "", reason, one.start)
    flag = first.flag("platform")
    platform = f"--platform={flag} " if flag and "BUILDPLATFORM" not in flag else ""
    lines = ["", f"FROM {platform}{final}", *_carried(stage, final), f"WORKDIR {home}", *kept,
             f"COPY --from={_NAME} {home} {home}"]  # fmt: skip
    yield case.put_behind(last, lines, reason)


def _carried(stage: Stage, final: str) -> Iterator[str]:
    """What a Go or Rust program may look for that the smaller Debian does not have."""
    if final.startswith("debian:"):
        yield f"COPY --from={_NAME} /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/"
    if stage.image is not None and stage.image.name == "golang":
        zones = "/usr/local/go/lib/time/"
        yield f"COPY --from={_NAME} {zones}zoneinfo.zip {zones}"


RULE = Rule("stages", frozenset(), _find)
