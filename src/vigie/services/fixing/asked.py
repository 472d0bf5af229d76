"""What Python manifests ask for, as requirements of an index and nothing else.

Sources: pip's "Requirements File Format", PEP 508 and 621, PEP 735, pipenv's "Pipfile".
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from vigie.sources.registries.fitting import plain_name

_FILE = re.compile(r"\s*(?P<option>-r|--requirement|-c|--constraint)(?:\s+|=)(?P<file>[^\s#]+)")
_CONTINUED = re.compile(r"\\\r?\n")
_END = re.compile(r"(?:^|\s)#|\s--?\w")
_MOST_FILES = 200
_MOST_LINES = 5_000
_MOST_GROUPS = 20

Read = Callable[[str], str | None]


@dataclass(slots=True)
class Asked:
    """What is installed together: `wanted`, within `limits`. `manifest` is the file that a person
    would install, `files` all that it takes in; `places` say where each package is asked for.
    `group` counts the sets of one manifest."""

    manifest: str
    wanted: list[Requirement] = field(default_factory=list)
    limits: list[Requirement] = field(default_factory=list)
    files: dict[str, None] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    group: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """The same before and after a patch."""
        return self.manifest, self.group

    def add(self, text: str, path: str, *, limit: bool = False) -> None:
        """One requirement; what is none, or comes from an address, is not taken."""
        requirement = _requirement(text)
        if requirement is not None and len(self.wanted) + len(self.limits) < _MOST_LINES:
            (self.limits if limit else self.wanted).append(requirement)
            self.places.setdefault(plain_name(requirement.name), path)

    def spelled(self) -> str:
        """The same for what asks the same."""
        return "\n".join([*map(str, self.wanted), "--", *map(str, self.limits)])

    def pins(self, holds: Callable[[Requirement], bool]) -> dict[str, str]:
        """The exact version of every package that has one; `holds` judges markers."""
        found: dict[str, str] = {}
        for one in (*self.limits, *self.wanted):
            version = pinned(one)
            if version and holds(one):
                found[plain_name(one.name)] = version
        return found

    @property
    def names(self) -> frozenset[str]:
        """Every package that is wanted."""
        return frozenset(plain_name(one.name) for one in self.wanted)


def pinned(requirement: Requirement) -> str:
    """The version of "==1.2.3"; "" for a range."""
    clauses = list(requirement.specifier)
    exact = len(clauses) == 1 and clauses[0].operator in ("==", "===")
    return clauses[0].version if exact and not clauses[0].version.endswith("*") else ""


def sets_of(files: Mapping[str, Sequence[str]], read: Read) -> list[Asked]:
    """Everything of these files (by the name of their editor) that is installed together."""
    found: list[Asked] = []
    included: set[str] = set()
    for path in files.get("requirements", ()):
        one = _of_requirements(path, read)
        included |= set(one.files) - {path}
        found.append(one)
    kept = [one for one in found if one.manifest not in included and _is_root(one.manifest, read)]
    for path in files.get("pipfile", ()):
        kept += _of_toml(path, read, _of_pipfile, ("Pipfile.lock",))
    for path in files.get("pyproject", ()):
        kept += _of_toml(path, read, _of_pyproject, ("uv.lock", "poetry.lock", "pdm.lock"))
    return [one for one in kept if one.wanted]


def _is_root(path: str, read: Read) -> bool:
    """False for constraints alone, and for what a file beside it was compiled from."""
    name = path.rpartition("/")[2]
    if name.startswith("constraints"):
        return False
    return not (path.endswith(".in") and read(path.removesuffix(".in") + ".txt") is not None)


def _of_requirements(path: str, read: Read) -> Asked:
    asked = Asked(path)
    waiting, seen = [(path, False)], {path}
    while waiting:
        place, limit = waiting.pop(0)
        text = read(place)
        if text is None:
            continue
        asked.files[place] = None
        for line in _CONTINUED.sub(" ", text).splitlines():
            file = _FILE.match(line)
            if file is not None:
                inner = posixpath.normpath(posixpath.join(posixpath.dirname(place), file["file"]))
                if inner not in seen and len(seen) < _MOST_FILES and not inner.startswith(".."):
                    seen.add(inner)
                    waiting.append((inner, limit or "c" in file["option"].lstrip("-")[:1]))
            elif not line.lstrip().startswith(("-", "#")):
                asked.add(_END.split(line, maxsplit=1)[0], place, limit=limit)
    return asked


def _of_toml(
    path: str,
    read: Read,
    groups: Callable[[Mapping[str, Any]], Iterable[Sequence[str]]],
    locks: Sequence[str],
) -> Iterator[Asked]:
    """One set for each group; none where a lock file says what is installed."""
    if any(read(posixpath.join(posixpath.dirname(path), lock)) is not None for lock in locks):
        return
    try:
        document = tomllib.loads(read(path) or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for number, group in enumerate([*groups(document)][:_MOST_GROUPS]):
        asked = Asked(path, files={path: None}, group=number)
        for text in group:
            asked.add(text, path)
        yield asked


def _of_pyproject(document: Mapping[str, Any]) -> Iterator[list[str]]:
    """What is always asked for, and each optional group together with it."""
    project = _table(document.get("project"))
    always = _texts(project.get("dependencies"))
    yield always
    for table in (project.get("optional-dependencies"), document.get("dependency-groups")):
        for group in _table(table).values():
            yield [*always, *_texts(group)]


def _of_pipfile(document: Mapping[str, Any]) -> Iterator[list[str]]:
    always = [*_categories(_table(document.get("packages")))]
    yield always
    yield [*always, *_categories(_table(document.get("dev-packages")))]


def _categories(table: Mapping[str, Any]) -> Iterator[str]:
    for name, said in table.items():
        version = said.get("version", "*") if isinstance(said, dict) else said
        if not isinstance(version, str) or (isinstance(said, dict) and _elsewhere(said)):
            continue
        extras = ",".join(_texts(said.get("extras"))) if isinstance(said, dict) else ""
        marker = said.get("markers") if isinstance(said, dict) else None
        asked = f"{name}[{extras}]" if extras else name
        asked += "" if version.strip() == "*" else version
        yield f"{asked} ; {marker}" if isinstance(marker, str) else asked


def _elsewhere(said: Mapping[str, Any]) -> bool:
    return bool({"git", "hg", "svn", "bzr", "path", "file"} & set(said))


def _requirement(text: str) -> Requirement | None:
    """None for an address, for what pip would fill in from the environment, and for no name."""
    if not text.strip() or "$" in text:
        return None
    try:
        found = Requirement(text.strip())
    except InvalidRequirement:
        return None
    return found if found.url is None else None


def _table(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}


def _texts(said: Any) -> list[str]:
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
