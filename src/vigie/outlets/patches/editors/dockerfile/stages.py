"""The stages of a Dockerfile: what each is built on, and what that is known to be.

Sources: Docker's "Dockerfile reference" (FROM, ARG); the published descriptions of the official
images, for the distribution, the first user and the working directory of each.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vigie.outlets.patches.editors.dockerfile.parsing import Dockerfile, Instruction, listed
from vigie.outlets.patches.editors.dockerfile.shell import Command, script_of

# Official images whose first user is root, that only bring a language or a system, and where
# their programs start.
_HOMES = {
    **dict.fromkeys(
        listed(
            "debian ubuntu alpine python node ruby rust perl buildpack-deps fedora centos "
            "rockylinux almalinux amazonlinux oraclelinux openjdk eclipse-temurin amazoncorretto "
            "maven bash busybox registry.access.redhat.com/ubi8 registry.access.redhat.com/ubi9 "
            "registry.access.redhat.com/ubi8-minimal registry.access.redhat.com/ubi9-minimal"
        ),
        "/",
    ),
    "golang": "/go",
    "gradle": "/home/gradle",
    "scratch": "/",
}
# Images whose own entry point changes the user, or that have to begin as root.
_DAEMONS = listed(
    "nginx httpd postgres mysql mariadb mongo redis rabbitmq memcached haproxy traefik wordpress "
    "elasticsearch kibana ghost drupal joomla nextcloud tomcat caddy vault consul registry"
)
_DEBIAN = listed("debian ubuntu buildpack-deps python node ruby rust perl golang php gradle "
                    "nginx httpd postgres redis mariadb memcached")  # fmt: skip
_RPM = listed(
    "fedora centos rockylinux almalinux amazonlinux oraclelinux amazoncorretto "
    "registry.access.redhat.com/ubi8 registry.access.redhat.com/ubi9 "
    "registry.access.redhat.com/ubi8-minimal registry.access.redhat.com/ubi9-minimal"
)
_CODENAMES = ("stretch", "buster", "bullseye", "bookworm", "trixie", "slim")
_UBUNTU = ("focal", "jammy", "noble")
_MANAGERS = {"apt-get": "deb", "apt": "deb", "dpkg": "deb", "apk": "apk", "dnf": "rpm",
             "yum": "rpm", "microdnf": "rpm"}  # fmt: skip
_REFERENCE = re.compile(
    r"(?P<name>[a-z0-9.-]+(?::\d+(?=/))?(?:/[a-z0-9._-]+)*)(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^}]*))?\}|(?P<bare>\w+))")


@dataclass(frozen=True, slots=True)
class Image:
    """A reference to an image; `name` as people write it ("python"), "" parts are not said."""

    name: str
    tag: str = ""
    digest: str = ""

    @property
    def family(self) -> str:
        """ "deb", "apk", "rpm", "windows" or "scratch"; "" when that is not known."""
        tag, name = self.tag.lower(), self.name
        if name == "scratch" or "distroless" in name:
            return "scratch"
        if any(word in f"{name}:{tag}" for word in ("windowsservercore", "nanoserver", "windows/")):
            return "windows"
        if name in ("alpine", "busybox", "bash") or "alpine" in tag:
            return "apk" if name != "busybox" and self.is_known else ""
        if not self.is_known:
            return ""
        if name in _RPM or "ubi" in tag or "oracle" in tag or "corretto" in tag:
            return "rpm"
        if name in _DEBIAN or any(word in tag for word in (*_CODENAMES, *_UBUNTU)):
            return "deb"
        return "deb" if name in ("eclipse-temurin", "maven") else ""

    @property
    def is_known(self) -> bool:
        return self.name in _HOMES or self.name in _DAEMONS or self.name == "php"

    @property
    def starts_as_root(self) -> bool:
        """True for an image that is known to, and needs it for nothing itself."""
        cli = self.name == "php" and not any(word in self.tag for word in ("apache", "fpm"))
        return self.name in _HOMES or (cli and "cli" in self.tag)

    @property
    def is_daemon(self) -> bool:
        return self.name in _DAEMONS or self.name == "php"

    @property
    def home(self) -> str | None:
        """Its working directory, None when unknown."""
        return _HOMES.get(self.name)


@dataclass(slots=True)
class Stage:
    """FROM and what follows it. `image` is None when it comes from another stage or when
    variables leave it open; `parent` is the stage that it builds on."""

    index: int
    name: str
    reference: str
    image: Image | None
    parent: Stage | None
    instructions: list[Instruction] = field(default_factory=list)

    @property
    def base(self) -> Image | None:
        """The image at the root of its stages."""
        return self._line[0].image

    @property
    def chain(self) -> list[Instruction]:
        """Everything that it is built of, its parents' instructions first."""
        return [one for stage in self._line for one in stage.instructions]

    @property
    def _line(self) -> list[Stage]:
        """The stages that it is built of, from the first one to itself."""
        found, stage = [self], self.parent
        while stage is not None:
            found.append(stage)
            stage = stage.parent
        return found[::-1]

    @property
    def family(self) -> str:
        """The distribution's kind of package: of the image, else by the program in use."""
        known = self.base.family if self.base is not None else ""
        if known:
            return known
        used = {_MANAGERS[c.program] for one in self.chain if one.keyword == "RUN"
                for c in commands_of(one) if c.program in _MANAGERS}  # fmt: skip
        return used.pop() if len(used) == 1 else ""

    def last(self, *keywords: str) -> Instruction | None:
        """The last instruction of these in this stage and what it builds on."""
        return next((one for one in reversed(self.chain) if one.keyword in keywords), None)

    def folder_before(self, one: Instruction | None = None) -> str | None:
        """The working directory before an instruction (None: at the end); None when unknown."""
        home = self.base.home if self.base is not None else None
        for each in self.chain:
            if one is not None and each is one:
                break
            if each.keyword == "WORKDIR":
                said = each.arguments.strip("\"'")
                if "$" in said or "`" in said or "\\" in said:
                    home = None
                elif said.startswith("/"):
                    home = posixpath.normpath(said)
                elif home is not None:
                    home = posixpath.normpath(posixpath.join(home, said))
        return home


def commands_of(one: Instruction) -> tuple[Command, ...]:
    """The commands of a shell form, none when they are not understood."""
    script = script_of(one)
    return script.commands if script is not None else ()


def read_image(text: str) -> Image | None:
    """A reference without variables; None for anything else."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    name = match["name"]
    for start in ("docker.io/", "index.docker.io/", "library/"):
        name = name.removeprefix(start)
    return Image(name, match["tag"] or "", match["digest"] or "")


def stages_of(file: Dockerfile) -> list[Stage]:
    """The stages in their order; arguments before the first FROM fill its variables."""
    arguments: dict[str, str] = {}
    found: list[Stage] = []
    for one in file.instructions:
        if one.keyword == "FROM":
            found.append(_opened(one, found, arguments))
        if found:
            found[-1].instructions.append(one)
        elif one.keyword == "ARG":
            arguments |= dict(assignments(one.arguments))
    return found


def _opened(one: Instruction, before: list[Stage], arguments: dict[str, str]) -> Stage:
    words = one.arguments.split()
    reference = filled(words[0], arguments)
    name = words[2] if len(words) == 3 and words[1].lower() == "as" else ""
    parent = next((s for s in reversed(before) if s.name and s.name.lower() == reference.lower()),
                  None)  # fmt: skip
    image = None if parent is not None else read_image(reference)
    return Stage(len(before), name, reference, image, parent)


def filled(text: str, arguments: dict[str, str]) -> str:
    """The text with the variables that are known; the others stay."""

    def value(match: re.Match[str]) -> str:
        name = match["braced"] or match["bare"]
        return arguments.get(name) or match["default"] or match[0]

    return _VARIABLE.sub(value, text)


def assignments(text: str) -> Iterator[tuple[str, str]]:
    """Names and values of ARG and ENV, quotes taken off; "" where none is given."""
    parts = re.findall(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""", text, re.DOTALL)
    if parts and "=" not in parts[0]:
        # `ENV NAME some words` is the old form; `ARG NAME` has no value.
        yield parts[0], text.strip()[len(parts[0]) :].strip()
        return
    for part in parts:
        name, _, value = part.partition("=")
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        yield name, value[1:-1] if quoted else value
