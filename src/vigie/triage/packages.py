"""Names of packages: one key for one package, however tools spell it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from packageurl import PackageURL

from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES, package_type
from vigie.triage.forgetting import kept

_PEP503 = re.compile(r"[-_.]+")
_MAJOR = re.compile(r"/v\d+$")  # Go modules, "semantic import versioning"


@dataclass(frozen=True, slots=True)
class PackageKey:
    """`type` is a purl type or "", `name` normalised with its namespace ("group:artifact")."""

    type: str
    name: str

    @property
    def is_system(self) -> bool:
        """True for a distribution's package."""
        return self.type in SYSTEM_TYPES


def package_key(component: Component) -> PackageKey:
    """The key of a component by its own name (not its source package's)."""
    return _key(component.type, component.name, component.purl)


def source_key(component: Component) -> PackageKey | None:
    """The key of its source package; None when nobody says what it was built from."""
    own = package_key(component)
    if not own.is_system:
        return None
    if component.source_name:
        return PackageKey(own.type, component.source_name.lower())
    upstream = _upstream(component.purl)
    return PackageKey(own.type, upstream) if upstream else None


def purl_package(purl: str, kind: str = "", name: str = "") -> PackageKey:
    """The key of a purl, else of a type and a name."""
    return _key(kind, name, purl)


def bare_name(key: PackageKey) -> str:
    """The name without its group, by which tools that know no more call it."""
    return key.name.rpartition(":")[2].lower()


def same_named(key: PackageKey, other: PackageKey) -> bool:
    """True when a key without a type, or a Maven name without its group, may be the other."""
    if key.type and other.type and key.type != other.type:
        return False
    return key.name == other.name or key.name == other.name.rpartition(":")[2]


@kept(100_000)
def _key(kind: str, name: str, purl: str) -> PackageKey:
    named = _names(purl)
    if named is not None:
        kind, namespace, name = named
        if kind not in SYSTEM_TYPES and namespace:
            separator = ":" if kind == "maven" else "/"
            name = f"{namespace}{separator}{name}"
    kind = package_type(kind) or kind.lower()
    return PackageKey(kind, _normal_name(kind, name))


def _names(purl: str) -> tuple[str, str, str] | None:
    """Type, namespace and name of a package URL (purl-spec), with the path of a Go module that
    Syft cuts after its repository; None when it is none. Far quicker than reading it whole."""
    if not purl.startswith("pkg:"):
        return None
    whole, _, inside = purl[4:].partition("#")
    kind, _, path = whole.partition("?")[0].strip("/").partition("/")
    namespace, _, last = path.rpartition("/")
    name = last.rpartition("@")[0] or last
    if not kind or not name:
        return None
    if kind == "golang" and inside:
        name = f"{name}/{inside.strip('/')}"
    return kind.lower(), unquote(namespace), unquote(name)


def _normal_name(kind: str, name: str) -> str:
    name = name.strip()
    if kind == "pypi":
        return _PEP503.sub("-", name).lower()  # PEP 503
    if kind == "maven":
        return name.replace("/", ":")
    if kind == "npm":
        return name  # old npm names differ by case
    if kind == "golang":
        if name in ("go", "std", "golang.org/toolchain"):
            return "stdlib"
        # The same module at another major version: an instance, as with any other package.
        return _MAJOR.sub("", name.lower())
    return name.lower()


@kept(100_000)
def parse_purl(purl: str) -> PackageURL | None:
    """The package URL (purl-spec), None when the text is none."""
    if not purl.startswith("pkg:"):
        return None
    try:
        return PackageURL.from_string(purl)
    except ValueError:
        return None


@kept(100_000)
def _upstream(purl: str) -> str:
    if "upstream=" not in purl:
        return ""
    parsed = parse_purl(purl)
    qualifiers = parsed.qualifiers if parsed is not None else None
    upstream = qualifiers.get("upstream", "") if isinstance(qualifiers, dict) else ""
    # Syft writes "upstream=name@version" or, for rpm, the source package's file name.
    name = str(upstream).partition("@")[0]
    if name.endswith(".src.rpm"):
        name = name.removesuffix(".src.rpm").rsplit("-", 2)[0]
    return name.lower()


@kept(100_000)
def purl_matches(statement: str, purl: str) -> bool:
    """True when a purl of a VEX statement speaks about this purl.

    Type, namespace and name must agree; version and qualifiers only when the statement has
    them (OpenVEX specification, "product identifiers").
    """
    said, own = parse_purl(statement), parse_purl(purl)
    if said is None or own is None:
        return bool(statement) and statement == purl
    if (said.type, said.namespace or "", said.name) != (own.type, own.namespace or "", own.name):
        return False
    if said.version and said.version != own.version:
        return False
    wanted = said.qualifiers if isinstance(said.qualifiers, dict) else {}
    present = own.qualifiers if isinstance(own.qualifiers, dict) else {}
    return all(present.get(name, value) == value for name, value in wanted.items())


@kept(100_000)
def plain_version(version: str) -> str:
    """A version for comparing spellings: no epoch, no leading v, and 1.22 for Go's go1.22."""
    text = version.strip()
    epoch, colon, rest = text.partition(":")
    if colon and epoch.isdigit():
        text = rest
    if text.startswith("go") and text[2:3].isdigit():
        return text[2:]
    return text[1:] if text[:1] in "vV" and text[1:2].isdigit() else text
