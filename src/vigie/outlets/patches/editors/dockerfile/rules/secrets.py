"""Secrets that would stay in a layer or in the image's settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from vigie.model.text import T
from vigie.outlets.patches.editors.dockerfile.changes import Case, Change, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.contents import roots, sources_of
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.shell import script_of
from vigie.outlets.patches.editors.dockerfile.stages import Stage, assignments

_SECRET = re.compile(
    r"(?i)(?:^|_)(?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key(?:_id)?|"
    r"private_?key|secret_?key|credentials?)(?:_|$)"
)
# Names that say where a secret lies, not what it is.
_ELSEWHERE = re.compile(r"(?i)(?:_file|_path|_url|_uri|_dir|_name|_length|_expir\w*|_ttl)$")
_PRIVATE = (
    ".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "id_rsa", "id_dsa",
    "id_ecdsa", "id_ed25519", ".npmrc", ".pypirc", ".netrc", ".git-credentials", ".git", ".aws",
    ".ssh", ".gnupg", ".docker", "credentials", "kubeconfig", "*.tfstate",
)  # fmt: skip
_HARMLESS = (".env.example", ".env.sample", ".env.template", ".env.dist", "*.pub.pem", "*.pub.key")
# Looked for where everything is copied; a folder shows by a file that it always holds.
_LOOKED_FOR = {".env": ".env", ".npmrc": ".npmrc", ".git": ".git/HEAD", "id_rsa": "id_rsa",
               ".netrc": ".netrc", ".pypirc": ".pypirc", ".aws": ".aws/credentials",
               ".ssh": ".ssh/id_rsa"}  # fmt: skip


def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None and _ELSEWHERE.search(name) is None


def _settings(case: Case) -> Iterator[Outcome]:
    for _, one in case.each("ENV"):
        for name, value in assignments(one.arguments):
            if _is_secret(name) and value:
                yield Remark(
                    one.start,
                    T(
                        "{name} stays in the image for everybody who can pull "
                        "it: give it when the container is run",
                        name=name,
                    ),
                )
    for one in case.file.instructions:
        if one.keyword != "ARG":
            continue
        stage = next((s for s in case.stages if one in s.instructions), None)
        for name, value in assignments(one.arguments):
            if _is_secret(name):
                yield from _argument(case, stage, one, name, value)


def _argument(
    case: Case, stage: Stage | None, one: Instruction, name: str, value: str
) -> Iterator[Outcome]:
    uses = list(_uses(stage, one, name)) if stage is not None and not value else []
    if not uses or stage is None or not case.posix or not _is_only_run(case, one, name, uses):
        yield Remark(one.start, T("{name} stays in the history of the image: give it to the RUN "
                                  "that needs it with --mount=type=secret", name=name))  # fmt: skip
        return
    reason = T("{name} does not stay in the image: build with --secret id={name},env={name}",
               name=name)  # fmt: skip
    yield Change(one.start, one.end, "", reason)
    for run in uses:
        place = run.flags[-1].end if run.flags else run.body
        yield case.rewrite(run, place, place, f" --mount=type=secret,id={name}", reason)
        start = run.code.index(run.arguments, run.body)
        # `export` in a step of its own: it would hide that the file is not there.
        text = f'{name}="$(cat /run/secrets/{name})" && export {name} && '
        yield case.rewrite(run, start, start, text, reason)


def _uses(stage: Stage, one: Instruction, name: str) -> Iterator[Instruction]:
    pattern = re.compile(rf"\$(?:{name}\b|\{{{name}\}})")
    for each in stage.instructions:
        if each.start > one.start and pattern.search(each.code):
            yield each


def _is_only_run(case: Case, one: Instruction, name: str, uses: list[Instruction]) -> bool:
    """Whether a build argument is named by itself, in one stage, in plain RUNs and nowhere else."""
    if one.arguments != name or one.ignored or any(use.keyword != "RUN" for use in uses):
        return False
    if any(script is None or not script.plain for script in map(script_of, uses)):
        return False
    mentions = [each for each in case.file.instructions
                if re.search(rf"\b{name}\b", case.file.text[each.start : each.end])]  # fmt: skip
    return set(mentions) == {one, *uses}


def _copies(case: Case) -> Iterator[Outcome]:
    ignored = _ignored(case)
    for _, one in case.each("COPY", "ADD"):
        if one.flag("from") is not None:
            continue
        for source in sources_of(one)[0]:
            name = posixpath.basename(posixpath.normpath(source))
            if _is_private(name):
                yield Remark(one.start, T("{name} stays in a layer, even if it is deleted later: "
                                          "name it in .dockerignore and mount it as a secret",
                                          name=name))  # fmt: skip
            if posixpath.normpath(source) in (".", "/") or source == "*":
                there = [
                    n
                    for n, mark in _LOOKED_FOR.items()
                    if n not in ignored
                    and any(case.read(root + mark) is not None for root in roots(case))
                ]
                if there:
                    yield Remark(one.start, T("this copies {names} into the image: name them in "
                                              ".dockerignore", names=tuple(there)))  # fmt: skip


def _is_private(name: str) -> bool:
    return any(fnmatchcase(name, p) for p in _PRIVATE) and not any(
        fnmatchcase(name, p) for p in _HARMLESS
    )


def _ignored(case: Case) -> frozenset[str]:
    """Those of the looked for that a .dockerignore leaves out."""
    lines: list[str] = []
    for path in (f"{case.path}.dockerignore", *(root + ".dockerignore" for root in roots(case))):
        text = case.read(path)
        if text is not None:
            lines = [line.strip() for line in text.splitlines()[:10_000]]
            break
    found: set[str] = set()
    for line in lines:
        keep = line.startswith("!")
        pattern = line.removeprefix("!").removeprefix("/").removeprefix("**/").rstrip("/")
        hit = {name for name in _LOOKED_FOR if pattern and fnmatchcase(name, pattern)}
        found = found - hit if keep else found | hit
    return frozenset(found)


RULES = (
    Rule("secrets", frozenset(), _settings),
    Rule("private-files", frozenset(), _copies),
)
