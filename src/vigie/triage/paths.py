"""Paths in reports: one spelling for one file, wherever the folder lay when it was scanned."""

from __future__ import annotations

from vigie.triage.forgetting import kept


@kept(100_000)
def plain_path(path: str, roots: tuple[str, ...] = ()) -> str:
    """ "src/a.py" for "./src/a.py", "/src/a.py" and "src\\\\a.py"; relative to the first of the
    `roots` ("/build/1/shop/") that it begins with."""
    text = path.replace("\\", "/")
    for root in roots:
        if text.startswith(root) and len(text) > len(root):
            text = text[len(root) :]
            break
    while text.startswith(("./", "/")):
        text = text.lstrip("/").removeprefix("./")
    return text
