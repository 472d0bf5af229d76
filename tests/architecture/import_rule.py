"""The import rule of the house, read out of syntax trees: who may import whom.

`faces → wiring → services → {triage, watch, comply | sources | stores | outlets} → ports → model`.
An arrow lets a room import every room to its right. Rooms between the braces never import each
other, and kinds inside sources, stores and outlets never do either.

`client` stands between those braces: it is for other people's programs, which want neither our
rooms nor the server's libraries, so it knows ports and model alone; services and faces that talk
to a Vigie elsewhere may use it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

RANK = {
    "model": 0,
    "ports": 1,
    **dict.fromkeys(("triage", "watch", "comply", "sources", "stores", "outlets", "client"), 2),
    "services": 3,
    "wiring": 4,
    "faces": 5,
}
WITH_KINDS = frozenset({"sources", "stores", "outlets"})
FOR_ALL = frozenset({"catalog"})  # data without code
# Ground that the kinds of a room share: they may import it, and it may import none of them.
SHARED = frozenset({("outlets", "phrases")})

PURE = frozenset({"model", "triage", "watch", "comply"})
# Modules that reach the world, the clock or chance.
WORLD = frozenset({
    "asyncio", "concurrent", "ctypes", "fcntl", "ftplib", "getpass", "glob", "http",
    "importlib", "io", "locale", "logging", "mmap", "multiprocessing", "os", "pathlib",
    "platform", "random", "resource", "sched", "secrets", "select", "selectors", "shutil",
    "signal", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib", "uuid", "webbrowser",
})  # fmt: skip
UNWORLDLY = ("urllib.parse",)
WORLDLY_CALLS = frozenset({"open", "input", "print", "exec", "eval", "breakpoint"})
CLOCK = frozenset({"now", "today", "utcnow"})

_OURS = re.compile(r"vigie(\.\w+)+")


@dataclass(frozen=True, slots=True)
class Import:
    """One import: of which module, on which line, and how it is written."""

    name: str
    line: int


def module_name(path: Path, source: Path = SOURCE) -> str:
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> Iterator[tuple[str, str]]:
    """Name and text of every module of ours."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield module_name(path), path.read_text(encoding="utf-8")


def imports(text: str, module: str, *, package: bool = False) -> Iterator[Import]:
    """Every import of a module, wherever it stands: at the top, in a function, under
    `TYPE_CHECKING`, or by a string that names one of our modules."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, module, package)
            # `from vigie import faces` imports the room, `from vigie.model import x` perhaps x.
            yield from (Import(f"{origin}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _OURS.fullmatch(node.value):
                yield Import(node.value, node.lineno)
        elif isinstance(node, ast.Call) and _imports_by_string(node):
            target = node.args[0]
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                yield Import(target.value, node.lineno)
            elif isinstance(target, ast.JoinedStr):
                first = target.values[0]
                if isinstance(first, ast.Constant):
                    yield Import(str(first.value).rstrip("."), node.lineno)


def _origin(node: ast.ImportFrom, module: str, package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    above = parts[: len(parts) - node.level + (1 if package else 0)]
    return ".".join([*above, *([node.module] if node.module else [])])


def _imports_by_string(node: ast.Call) -> bool:
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in ("import_module", "__import__") and bool(node.args)


def violation(importer: str, imported: str) -> str:
    """Why this import breaks the rule, or ""."""
    here, there = importer.split("."), imported.split(".")
    if there[0] != "vigie" or len(there) < 2 or len(here) < 2:
        return ""
    room, other = here[1], there[1]
    if other in FOR_ALL or other not in RANK or room not in RANK:
        return ""
    if room == other:
        kinds = here[2:3], there[2:3]
        if (room, "".join(kinds[1])) in SHARED:
            return ""
        if room in WITH_KINDS and all(kinds) and kinds[0] != kinds[1] and _is_kind(room, kinds[1]):
            return f"{importer} imports {imported}: kinds inside {room} never import each other"
        return ""
    if RANK[other] >= RANK[room]:
        return f"{importer} imports {imported}: {room} may not know {other}"
    return ""


def _is_kind(room: str, kind: list[str]) -> bool:
    return (SOURCE / "vigie" / room / kind[0]).is_dir()


def broken_imports(text: str, module: str, *, package: bool = False) -> list[str]:
    found = (
        (one.line, violation(module, one.name)) for one in imports(text, module, package=package)
    )
    return [f"line {line}: {why}" for line, why in sorted(set(found)) if why]


def impurities(text: str, module: str) -> list[str]:
    """Where a pure room touches the world, the clock or chance."""
    found: list[str] = []
    for one in imports(text, module):
        if one.name.split(".")[0] in WORLD and not one.name.startswith(UNWORLDLY):
            found.append(f"{module}:{one.line} imports {one.name}")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in WORLDLY_CALLS:
            found.append(f"{module}:{node.lineno} calls {node.func.id}")
        if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            found.append(f"{module}:{node.lineno} reads the clock with {node.func.attr}")
    return found


def strangers(text: str, module: str) -> list[str]:
    """Imports that are neither the standard library nor the same room."""
    room = ".".join(module.split(".")[:2])
    return [
        f"{module}:{one.line} imports {one.name}"
        for one in imports(text, module)
        if one.name.split(".")[0] not in sys.stdlib_module_names
        and one.name != room
        and not one.name.startswith(f"{room}.")
    ]
