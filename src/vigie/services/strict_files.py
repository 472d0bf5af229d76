"""Files that people write in YAML, read strictly: what is misspelt or doubled is an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from vigie.model.errors import UserError
from vigie.model.text import T, Text

_MOST = 4 * 1024**2
Shape = TypeVar("Shape")


def read_strictly(path: Path, shape: type[Shape], guide: Text) -> Shape:
    """A file as a msgspec struct that forbids unknown keys.

    Raises UserError that names the file, and the key when it is about one; `guide` says where
    the keys are explained.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise UserError(
                T("{name} is too large for a file that people write", name=str(path)),
                T("See whether it is the right file."),
            )
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise UserError(T("{name} is not UTF-8", name=str(path)), T("Save it as UTF-8.")) from None
    except OSError as error:
        raise UserError(
            T("{name} cannot be read: {error}", name=str(path), error=error.strerror or "")
        ) from None
    return convert_strictly(parse_strictly(text, str(path)), str(path), shape, guide)


class _Loader(yaml.SafeLoader):
    """YAML as it is meant: a key that stands there twice is an error, not the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping. Raises ConstructorError for a key that is given twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(getattr(key, "value", ""))
            if name in seen and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {name!r} stands there twice", key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep)


def parse_strictly(text: str, name: str) -> Any:
    """YAML text as plain values. `name` stands in errors. Raises UserError."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - it is a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UserError(
            T("{name} is not valid YAML: {error}", name=name, error=" ".join(str(error).split())),
            T("Look at the indentation at the place named."),
        ) from None


def convert_strictly(value: Any, name: str, shape: type[Shape], guide: Text) -> Shape:
    """Plain values as a struct. Raises UserError that says which key is wrong."""
    convert: Callable[..., Shape] = msgspec.convert
    try:
        return convert(value, type=shape)
    except (msgspec.ValidationError, RecursionError) as error:
        raise UserError(
            T("{name} is not as expected: {error}", name=name, error=str(error)),
            guide,
        ) from None
