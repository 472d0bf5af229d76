"""Mix's mix.lock: Elixir and Erlang packages.

Source: Mix documentation, "mix deps"; Hex's `Hex.Utils.lock` for the tuple's members.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._elixir_terms import Pair, Term, read_terms
from vigie.sources.packages.readers._records import (
    is_inside_installed,
    package,
    package_url,
    refused,
    text_of,
)


class _MixLock:
    name = "mix-lock"
    label = "Mix mix.lock"
    types = frozenset({"hex"})
    patterns: Sequence[str] = ("mix.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every locked package of Hex or of a clone."""
        if is_inside_installed(file.path):
            return
        try:
            terms = read_terms(text_of(file))
        except ValueError as error:
            raise refused(file, "mix.lock", str(error)) from None
        entries = [
            pair
            for term in terms
            if isinstance(term, list)
            for pair in term
            if isinstance(pair, Pair) and isinstance(pair.value, list)
        ]
        versions = {
            pair.key: _text(pair.value, 2) for pair in entries if _text(pair.value, 0) == "hex"
        }
        for pair in entries:
            yield from _package(pair, versions)


def _package(pair: Pair, versions: dict[str, str]) -> Iterator[Package]:
    terms = pair.value if isinstance(pair.value, list) else []
    if _text(terms, 0) == "hex" and _text(terms, 1):
        # {:hex, :name, "version", "hash", [:mix], [{:need, "~> 1.0", []}], "hexpm", "hash"}
        needs = terms[5] if len(terms) > 5 and isinstance(terms[5], list) else []
        names = [_text(need, 0) for need in needs if isinstance(need, list)]
        yield package(
            "hex",
            _text(terms, 1),
            _text(terms, 2),
            line=pair.line,
            requires=(package_url("hex", n, versions.get(n, "")) for n in names if n),
        )
    elif _text(terms, 0) == "git":
        # {:git, "address", "commit", [tag: "v1.0"]}; the tag is the only version there is.
        options = terms[3] if len(terms) > 3 and isinstance(terms[3], list) else []
        tag = next((o.value for o in options if isinstance(o, Pair) and o.key == "tag"), "")
        yield package(
            "hex",
            pair.key,
            tag.removeprefix("v") if isinstance(tag, str) else "",
            line=pair.line,
            vcs_url=f"git+{_text(terms, 1)}@{_text(terms, 2)}",
        )


def _text(terms: Term, at: int) -> str:
    """The text at a place of a tuple; "" when something else or nothing is there."""
    value = terms[at] if isinstance(terms, list) and at < len(terms) else ""
    return value if isinstance(value, str) else ""


READER = _MixLock()
