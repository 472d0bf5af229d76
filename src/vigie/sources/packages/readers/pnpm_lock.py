"""pnpm's pnpm-lock.yaml, lockfileVersion 5 to 9.

Source: pnpm's specification of the lock file, versions 5.x, 6.0 and 9.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._npm import Locked, is_local, packages_of, split_name, vcs_url
from vigie.sources.packages.readers._records import is_inside_installed
from vigie.sources.packages.readers._yaml_places import YamlMap, yaml_of

_ROOTS = (
    (Scope.RUNTIME, "dependencies"),
    (Scope.OPTIONAL, "optionalDependencies"),
    (Scope.DEVELOPMENT, "devDependencies"),
)


class _PnpmLock:
    name = "pnpm-lock"
    label = "pnpm pnpm-lock.yaml"
    types = frozenset({"npm"})
    patterns: Sequence[str] = ("pnpm-lock.yaml",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every locked package; those that differ only by their peers are one."""
        if is_inside_installed(file.path):
            return
        root = yaml_of(file, "pnpm-lock.yaml")
        packages = root.map("packages")
        entries = _entries(packages, root.map("snapshots"))
        keys = {entry.key for entry in entries}
        for entry, asks in zip(entries, _asked(packages, root, entries), strict=True):
            entry.asks = [key for n, r in asks.items() if (key := _key(keys, n, r))]
        importers = [one for _, one, _ in root.map("importers").maps()] or [root]
        roots = [
            (scope, [key for n, v in one.map(part).items() if (key := _key(keys, n, _version(v)))])
            for scope, part in _ROOTS
            for one in importers
        ]
        local = [(Scope.RUNTIME, entry.asks) for entry in entries if entry.own]
        yield from packages_of(entries, roots[: len(importers)] + local + roots[len(importers) :])


def _entries(packages: YamlMap, snapshots: YamlMap) -> list[Locked]:
    """Entries by the keys that requirements name: of version 9 the snapshots, each with the
    place of its package."""
    if not snapshots:
        return [_entry(key, fields, fields, line) for key, fields, line in packages.maps()]
    entries: list[Locked] = []
    for key, fields, line in snapshots.maps():
        plain = _without_peers(key)
        where = packages.lines.get(plain, line)
        entries.append(_entry(key, packages.map(plain), fields, where))
    return entries


def _entry(key: str, fields: YamlMap, snapshot: YamlMap, line: int) -> Locked:
    resolution = fields.map("resolution")
    name, version = _name_and_version(key)
    reference = version
    if fields.text("name"):  # not from a registry: the key does not say it
        name, version = fields.text("name"), ""
    if is_local(version) or ":" in version or "/" in version:
        version = ""
    repository, commit = resolution.text("repo"), resolution.text("commit")
    return Locked(
        key,
        name,
        fields.text("version") or version,
        line,
        own=resolution.text("type") == "directory" or is_local(reference.lstrip("@")),
        optional=snapshot.text("optional") == "true",
        vcs=vcs_url(f"git+{repository.removeprefix('git+')}#{commit}")
        if repository
        else vcs_url(resolution.text("tarball")),
    )


def _asked(packages: YamlMap, root: YamlMap, entries: list[Locked]) -> Iterator[dict[str, str]]:
    """What each entry asks for: name and reference."""
    source = root.map("snapshots") or packages
    for entry in entries:
        fields = source.map(entry.key)
        found = {**fields.map("dependencies"), **fields.map("optionalDependencies")}
        yield {name: said for name, said in found.items() if isinstance(said, str)}


def _version(said: object) -> str:
    """The reference of an importer's entry: a text, or from version 6 on {specifier, version}."""
    if isinstance(said, YamlMap):
        return said.text("version")
    return said if isinstance(said, str) else ""


def _key(keys: set[str], name: str, reference: str) -> str:
    """The entry that a name and a reference lead to; "" for one of the workspace."""
    if not reference:
        return ""
    candidates = (
        f"{name}@{reference}",  # 9
        f"/{name}@{reference}",  # 6
        f"/{name}/{reference}",  # 5
        reference,  # an alias, or not from a registry
    )
    return next((key for key in candidates if key in keys), "")


def _without_peers(key: str) -> str:
    """A key without the peers it was resolved with: "a@1.0.0(b@2.0.0)" is "a@1.0.0"."""
    return key.partition("(")[0]


def _name_and_version(key: str) -> tuple[str, str]:
    """A key of any version of the format: "a@1.0.0", "/@a/b@1.0.0(c@2)", "/@a/b/1.0.0_c@2"."""
    plain = _without_peers(key)
    if plain.startswith("/"):
        plain = plain[1:]
        scope, _, rest = plain.partition("/") if plain.startswith("@") else ("", "", plain)
        if "/" in rest and "@" not in rest.partition("/")[0]:  # version 5
            name, _, version = rest.partition("/")
            name = f"{scope}/{name}" if scope else name
            return name, version.partition("_")[0]
    return split_name(plain)


READER = _PnpmLock()
