"""Commands and options whose help is said in the reader's language, with examples."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from vigie.faces.cli.session import session_of
from vigie.model.errors import UserError
from vigie.model.text import T, Text

Function = TypeVar("Function", bound=Callable[..., Any])
NamesOf = Callable[[], Sequence[str]]
SILENT = Text("")


@dataclass(frozen=True, slots=True)
class Example:
    """A command line that works as it stands, and what it is for."""

    line: str
    what: Text


class SpokenOption(click.Option):
    """An option whose help is a `Text`; `names` gives the words it can be completed with.

    `listed` has the help list these words.
    """

    def __init__(
        self,
        *args: Any,
        say: Text = SILENT,
        names: NamesOf | None = None,
        listed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.say = say
        self.names = names
        self.listed = listed

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = session_of(ctx).words(self.say)
        if self.listed and self.names is not None:
            self.help += f" ({', '.join(self.names())})"
        return super().get_help_record(ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        if self.names is None:
            return super().shell_complete(ctx, incomplete)
        done, comma, last = incomplete.rpartition(",")
        return [
            CompletionItem(f"{done}{comma}{name}") for name in self.names() if name.startswith(last)
        ]


class _Spoken(click.Command):
    """What commands and the group share: headings, texts and examples in the right language."""

    about: Text = SILENT
    examples: Sequence[Example] = ()

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = session_of(ctx).words
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=say(T("Usage: ")))
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(self.about))
        self.format_examples(ctx, formatter)
        records = [
            param.get_help_record(ctx)
            for param in self.get_params(ctx)
            if isinstance(param, click.Option)
        ]
        with formatter.section(say(T("Options"))):
            formatter.write_dl([record for record in records if record])
        self.format_rest(ctx, formatter)

    def format_examples(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not self.examples:
            return
        say = session_of(ctx).words
        with formatter.section(say(T("Examples"))):
            for example in self.examples:
                # Written without wrapping: a broken line could not be copied.
                indent = " " * formatter.current_indent
                formatter.write(f"{indent}# {say(example.what)}\n{indent}{example.line}\n")

    def format_rest(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What follows the options."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = session_of(ctx).words(T("Show this help and exit."))
        return option


class SpokenCommand(_Spoken):
    """One command. Its function returns the exit code."""

    def __init__(
        self, *args: Any, about: Text = SILENT, examples: Sequence[Example] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuses what would be passed over in silence: `--policy strict --policy lax` and the
        `--policy ""` of a script whose variable is not set."""
        if not ctx.resilient_parsing:
            given = self.make_parser(ctx).parse_args(args=list(args))[2]
            for param in given:
                _refuse_repetition(param, given.count(param))
        rest = super().parse_args(ctx, args)
        for param in self.get_params(ctx):
            value = ctx.params.get(param.name or "")
            if isinstance(param, SpokenOption) and (value == "" or "" in _several(value)):
                raise click.BadOptionUsage(param.opts[-1], "", ctx)
        return rest

    def get_short_help_str(self, limit: int = 45) -> str:
        ctx = click.get_current_context(silent=True)
        text = session_of(ctx).words(self.about) if ctx else str(self.about)
        return text.split("\n", maxsplit=1)[0][:limit]


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _refuse_repetition(param: click.Parameter, times: int) -> None:
    if times < 2 or not isinstance(param, SpokenOption):
        return
    if not (param.multiple or param.is_flag or param.count):
        raise UserError(
            T("{name} is given {times} times", name=param.opts[-1], times=times),
            T("Give it once: only one of them could hold."),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of the group before it is imported: its module, object and one line of help.

    `hidden` is for programs, not for people: no list shows it.
    """

    module: str
    about: Text
    hidden: bool = False


class LazyGroup(_Spoken, click.Group):
    """A group that imports a command when it is called and lists it without importing it."""

    def __init__(
        self,
        *args: Any,
        about: Text,
        entries: Mapping[str, Entry],
        examples: Sequence[Example] = (),
        closing: Text = SILENT,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.entries = entries
        self.examples = examples
        self.closing = closing

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [name for name, entry in self.entries.items() if not entry.hidden]

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = importlib.import_module(entry.module).COMMAND
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.entries and not args[0].startswith("-"):
            raise UserError(
                T("there is no command {name!r}", name=args[0]),
                T("Choose from: {names}", names=tuple(self.list_commands(ctx))),
            )
        return super().resolve_command(ctx, args)

    def format_rest(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = session_of(ctx).words
        with formatter.section(say(T("Commands"))):
            formatter.write_dl([(n, say(self.entries[n].about)) for n in self.list_commands(ctx)])
        if self.closing.template:
            formatter.write_paragraph()
            formatter.write_text(say(self.closing))


def option(*names: str, **settings: Any) -> Callable[[Function], Function]:
    """A spoken option; `say=T("…")` is its help."""
    return click.option(*names, cls=SpokenOption, **settings)


def command(
    name: str, about: Text, *examples: Example
) -> Callable[[Callable[..., int]], SpokenCommand]:
    """A spoken command made of a function that returns its exit code."""
    return click.command(name, cls=SpokenCommand, about=about, examples=examples)
