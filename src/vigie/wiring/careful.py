"""Holds third parties' plugs so that one that fails stops no other: what it breaks is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from vigie.model.errors import UserError, VigieError
from vigie.model.inventory import Package
from vigie.model.runs import Problem
from vigie.model.text import T, Text
from vigie.ports.patches import Edit

_HINT = T("Update or remove the package that brings it.")


class _Careful:
    """A plug as it is, but for what its kind guards."""

    def __init__(self, plug: Any) -> None:
        self._plug = plug

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plug, name)


class CarefulParser(_Careful):
    """A parser. `disable` is told why, when it cannot even look whether a report is its own."""

    def __init__(self, parser: Any, disable: Callable[[str], None]) -> None:
        super().__init__(parser)
        self._disable = disable

    def recognises(self, sketch: Any) -> bool:
        """False, and disabled, when it fails."""
        try:
            return bool(self._plug.recognises(sketch))
        except Exception as error:  # noqa: BLE001  part of the guard around third parties
            self._disable(f"{type(error).__name__}: {error}")
            return False

    def read(self, document: Any) -> Iterator[Any]:
        """Its reports. Raises UserError when it fails with an error of another kind."""
        try:
            yield from self._plug.read(document)
        except (VigieError, ValueError, RecursionError):
            raise  # what a parser may raise: the reader of documents says it
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            failed = T("the parser of {label} failed: {why}", label=self._plug.label, why=why)
            raise UserError(failed, _HINT) from error


class CarefulReader(_Careful):
    """A package reader."""

    def read(self, file: Any, around: Any) -> Iterator[Any]:
        """Its packages. Raises UserError, for this file, when it fails or gives something else."""
        try:
            yield from _of_kind(self._plug.read(file, around), Package, Problem)
        except (VigieError, OSError, ValueError, RecursionError, EOFError):
            raise  # what a reader may raise: the reading of files says it
        except Exception as error:
            raise UserError(_failed_at(file.path, self._plug, error), _HINT) from error


class CarefulEditor(_Careful):
    """A patch editor."""

    def edit(self, path: str, read: Any, upgrades: Any) -> list[Any]:
        """Its edits. Raises UserError, for this file, when it fails or gives something else."""
        try:
            return list(_of_kind(self._plug.edit(path, read, upgrades), Edit))
        except VigieError:
            raise
        except Exception as error:
            raise UserError(_failed_at(path, self._plug, error), _HINT) from error


def _of_kind(items: Iterable[Any], *kinds: type) -> Iterator[Any]:
    for item in items:
        if not isinstance(item, kinds):
            raise TypeError(f"it gave a {type(item).__name__}")
        yield item


def _failed_at(path: str, plug: Any, error: Exception) -> Text:
    why = f"{type(error).__name__}: {error}"
    return T("the plug for {label} failed at {path}: {why}", label=plug.label, path=path, why=why)


def of_package_files(plug: Any) -> None:
    """Raises TypeError when what it says of itself would break the search for files."""
    for part in ("patterns", "types"):
        said = getattr(plug, part)
        if isinstance(said, str) or not all(isinstance(one, str) for one in said):
            raise TypeError(f"its {part} are no list of words")
    if not isinstance(plug.types, (set, frozenset)):
        raise TypeError("its types are no set")
