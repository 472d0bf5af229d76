"""Tables that pages carry and plugs decide: what Vigie reads, runs, writes and patches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from vigie.wiring.plugs import (
    NOTIFIERS,
    OUTLETS,
    PACKAGES,
    PATCHES,
    REPORTS,
    SCANNERS,
    Place,
    Plugs,
)

_KINDS = ("vulnerability", "weakness", "secret", "misconfiguration", "licence", "detection",
          "control")  # fmt: skip


def _plugs(place: Place) -> list[Any]:
    return sorted(Plugs(place).load_all(), key=lambda plug: plug.label.lower())


def reads() -> str:
    """Every report format: its name, its word for `--as`, and what it can tell."""
    rows = [("Report", "`--as`", "tells of"), ("---", "---", "---")]
    for parser in _plugs(REPORTS):
        kinds = ", ".join(kind for kind in _KINDS if kind in parser.coverage.kinds)
        rows.append((parser.label, f"`{parser.format}`", kinds))
    return _table(rows)


def runs() -> str:
    """Every scanner: its name, its word for `--with`, and how it is got."""
    rows = [("Scanner", "`--with`", "how to get it"), ("---", "---", "---")]
    for scanner in _plugs(SCANNERS):
        advice = f"`vigie scanners install {scanner.name}`" if scanner.recipe else scanner.advice
        if scanner.recipe and scanner.recipe.registry == "go":
            advice += " (built here, needs Go)"
        rows.append((scanner.label, f"`{scanner.name}`", str(advice)))
    return _table(rows)


def writes() -> str:
    """Every output format: its name, its word for `--format`, and its usual ending."""
    rows = [("Form", "`--format`", "file"), ("---", "---", "---")]
    for outlet in _plugs(OUTLETS):
        rows.append((outlet.label, f"`{outlet.format}`", f"`{outlet.suffix}`"))
    return _table(rows)


def packages() -> str:
    """Every package reader: its name, the files it wants, the purl types, what it speaks of."""
    rows = [("Record", "files", "types", "speaks of"), ("---", "---", "---", "---")]
    for reader in _plugs(PACKAGES):
        files = [f"`{pattern}`" for pattern in reader.patterns]
        files += ["every program"] if reader.binaries else []
        speaks = "what is installed" if reader.installed else "what is asked for"
        rows.append((reader.label, ", ".join(files), ", ".join(sorted(reader.types)), speaks))
    return _table(rows)


def patches() -> str:
    """Every patch editor: its name, the files it wants, and the purl types."""
    rows = [("File", "names", "types"), ("---", "---", "---")]
    for editor in _plugs(PATCHES):
        files = ", ".join(f"`{pattern}`" for pattern in editor.patterns)
        rows.append((editor.label, files, ", ".join(sorted(editor.types))))
    return _table(rows)


def notifiers() -> str:
    """Every notifier: its name, its word for settings, and what a channel must be told."""
    rows = [("Notifier", "kind", "fields"), ("---", "---", "---")]
    for notifier in _plugs(NOTIFIERS):
        fields = []
        for field in notifier.fields:
            shown = f"**`{field.name}`**" if field.secret else f"`{field.name}`"
            said = f"{shown} {field.label}"
            said += f" ({', '.join(field.choices)})" if field.choices else ""
            fields.append(said if field.required else f"[{said}]")
        rows.append((notifier.label, f"`{notifier.name}`", ", ".join(fields)))
    return _table(rows)


TABLES: dict[str, Callable[[], str]] = {
    "reads": reads,
    "runs": runs,
    "writes": writes,
    "packages": packages,
    "patches": patches,
    "notifiers": notifiers,
}
# Every page of these has every table of these: nobody has to ask whether a list is whole.
HOMES = {
    "README.md": {"reads", "runs", "writes"},
    "docs/formats.md": {"reads", "runs", "writes"},
    "docs/notifiers.md": {"notifiers"},
    "docs/packages.md": {"packages", "patches"},
}


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def filled(page: str) -> str:
    """The page with what stands between `<!-- table: NAME -->` and `<!-- end -->` made anew."""
    for name, make in TABLES.items():
        start, end = f"<!-- table: {name} -->\n", "<!-- end -->"
        before, found, rest = page.partition(start)
        if found:
            page = f"{before}{found}{make()}{end}{rest.partition(end)[2]}"
    return page
