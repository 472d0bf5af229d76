"""Settings: defaults < configuration file < environment < command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T, Text

PREFIX = "VIGIE_"

Count = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
Days = Annotated[int, msgspec.Meta(ge=0)]


class ScanSettings(msgspec.Struct, frozen=True):
    """How scanners are run. `with_` empty means every scanner that suits the target.

    `timeout` is in seconds for each scanner; `jobs` 0 means one for each processor;
    `exclude` are names of folders to leave out besides the usual ones.
    """

    with_: tuple[str, ...] = msgspec.field(default=(), name="with")
    timeout: Seconds = 600.0
    jobs: Annotated[int, msgspec.Meta(ge=0)] = 0
    max_db_age: Days = 7
    offline: bool = False
    exclude: tuple[str, ...] = ()


class AdvisorySettings(msgspec.Struct, frozen=True):
    """Where advisories come from; "" means their public address.

    `osv` is a mirror of the OSV bucket, `kev` and `epss` are files. `ecosystems` are those that
    `vigie db update` gets when none is named.
    """

    osv: str = ""
    kev: str = ""
    epss: str = ""
    ecosystems: tuple[str, ...] = ()


class LimitSettings(msgspec.Struct, frozen=True):
    """What one report may cost before it is refused."""

    report_bytes: Count = 2 * 1024**3
    report_records: Count = 5_000_000
    report_depth: Count = 200
    line_bytes: Count = 64 * 1024**2


class Settings(msgspec.Struct, frozen=True):
    """Everything somebody may set once instead of typing it each time. "" means not set.

    Paths are relative to the folder Vigie runs in. `scanner` holds each scanner's own
    (`[scanner.semgrep]`, `config = "…"`).
    """

    lang: Literal["", "en", "fr"] = ""
    format: tuple[str, ...] = ()
    policy: str = ""
    baseline: str = ""
    kev: str = ""
    epss: str = ""
    vex: tuple[str, ...] = ()
    suppress: str = ""
    corrections: str = ""
    exposure: Literal["open", "controlled", "small", "unknown"] = "unknown"
    criticality: Literal["high", "medium", "low", "unknown"] = "unknown"
    server: str = ""  # the address of the Vigie that results are sent to
    scan: ScanSettings = ScanSettings()
    advisories: AdvisorySettings = AdvisorySettings()
    limits: LimitSettings = LimitSettings()
    scanner: dict[str, dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class _Layer:
    """Raw values of one place, and how that place calls itself in an error."""

    values: Mapping[str, Any]
    origin: str | Text
    loose: bool = False  # every value is text
    option: bool = False  # keys are options of the command line

    def name(self, path: str) -> str:
        """How the person typed this key."""
        return "--" + path.rpartition(".")[2].replace("_", "-") if self.option else path


def load_settings(
    *,
    environ: Mapping[str, str],
    command_line: Mapping[str, Any] | None = None,
    config: Path | None = None,
    folder: Path | None = None,
) -> Settings:
    """The settings that hold now. `config` is read instead of the usual files.

    The usual files are `$XDG_CONFIG_HOME/vigie/config.toml` (or `~/.config/…`) and then
    `.vigie.toml` in `folder`. Raises UserError that names the key, where it was set and what
    is allowed.
    """
    layers = [_read_file(path) for path in _files(environ, config, folder or Path())]
    _check_checkout(layers, (folder or Path()) / ".vigie.toml")
    layers.append(_Layer(_environment(environ), T("environment"), loose=True))
    layers.append(_Layer(command_line or {}, T("command line"), loose=True, option=True))
    settings = Settings()
    for layer in layers:
        settings = _overlay(settings, layer.values, layer, "")
    return settings


def _files(environ: Mapping[str, str], config: Path | None, folder: Path) -> list[Path]:
    named = str(config) if config is not None else environ.get(f"{PREFIX}CONFIG", "")
    if named:
        if not Path(named).is_file():
            raise UserError(
                T("there is no configuration file {path}", path=named),
                T("Give an existing file to --config, or leave it out."),
            )
        return [Path(named)]
    home = environ.get("XDG_CONFIG_HOME") or str(Path(environ.get("HOME", "~")) / ".config")
    usual = (Path(home) / "vigie" / "config.toml", folder / ".vigie.toml")
    return [path for path in usual if path.is_file()]


def _check_checkout(layers: Sequence[_Layer], own: Path) -> None:
    """Whoever may change a checkout must not choose where its pipeline's key is sent."""
    for layer in layers:
        if layer.origin == str(own) and "server" in layer.values:
            raise UserError(
                T("{path} says which server results are sent to, and a checkout may not",
                  path=str(own)),
                T("Set VIGIE_SERVER, or `server` in your own ~/.config/vigie/config.toml."),
            )  # fmt: skip


def _read_file(path: Path) -> _Layer:
    try:
        return _Layer(tomllib.loads(path.read_text(encoding="utf-8")), str(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UserError(
            T(
                "the configuration file {path} cannot be read: {why}",
                path=str(path),
                why=str(error),
            ),
            T('It is TOML: `key = "value"`, sections as `[scan]`.'),
        ) from None


def _environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """`VIGIE_SCAN__TIMEOUT=60` as `{"scan": {"timeout": "60"}}`.

    Other parts of Vigie read variables of their own, so a plain unknown name is left alone;
    one inside a section of ours is surely meant for us and must be right.
    """
    found: dict[str, Any] = {}
    hints = _hints(Settings)
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or not value:
            continue
        *above, last = variable[len(PREFIX) :].lower().split("__")
        if (above[:1] or [last])[0] not in hints:
            continue
        inside = found
        for part in above:
            inside = inside.setdefault(part, {})
        inside[last] = value
    return found


def _overlay(settings: Any, values: Mapping[str, Any], layer: _Layer, above: str) -> Any:
    """A copy of the struct with these values laid over it."""
    names = {field.encode_name: field.name for field in msgspec.structs.fields(settings)}
    hints = _hints(type(settings))
    changes: dict[str, Any] = {}
    for key, value in values.items():
        path = f"{above}{key}"
        if key not in names:
            raise UserError(
                T("unknown setting {key} ({origin})", key=layer.name(path), origin=layer.origin),
                T("Choose from: {names}", names=tuple(sorted(names))),
            )
        name = names[key]
        inside = getattr(settings, name)
        if isinstance(inside, msgspec.Struct) and isinstance(value, Mapping):
            changes[name] = _overlay(inside, value, layer, f"{path}.")
        else:
            changes[name] = _convert(value, hints[name], layer, path)
    return msgspec.structs.replace(settings, **changes)


def _convert(value: Any, kind: Any, layer: _Layer, path: str) -> Any:
    if isinstance(value, str) and _is_list(kind):
        value = [item.strip() for item in value.split(",") if item.strip()]
    try:
        return msgspec.convert(value, kind, strict=not layer.loose)
    except msgspec.ValidationError:
        name, origin = layer.name(path), layer.origin
        raise UserError(
            T("setting {key} ({origin}) cannot be {value!r}", key=name, origin=origin, value=value),
            T("Allowed: {what}", what=_allowed(kind)),
        ) from None


def _allowed(kind: Any) -> Text:
    """What a setting of this type may be, in words."""
    info = msgspec.inspect.type_info(kind)
    match info:
        case msgspec.inspect.LiteralType(values=values):
            return T("one of {names}", names=tuple(str(v) for v in values if v))
        case msgspec.inspect.BoolType():
            return T("true or false")
        case msgspec.inspect.IntType(ge=low):
            return T("a whole number from {low}", low=low)
        case msgspec.inspect.FloatType():
            return T("a number greater than 0")
        case msgspec.inspect.VarTupleType():
            return T("a list of words")
        case msgspec.inspect.DictType():
            return T("a section for each scanner, such as [scanner.semgrep]")
        case msgspec.inspect.StructType():
            return T("a section with {names}", names=tuple(f.encode_name for f in info.fields))
        case _:
            return T("a text")


def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _is_list(kind: Any) -> bool:
    return isinstance(msgspec.inspect.type_info(kind), msgspec.inspect.VarTupleType)
