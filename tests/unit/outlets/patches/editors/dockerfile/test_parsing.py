from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.outlets.patches.editors.dockerfile.parsing import Dockerfile, parse_dockerfile


def parsed(text: str) -> Dockerfile:
    return parse_dockerfile(text, "Dockerfile")


def test_continuations_comments_and_empty_lines_make_one_line() -> None:
    file = parsed("FROM a\nRUN one \\\n  # why\n\n  && two\\\nthree\nCMD x\n")
    assert [one.keyword for one in file.instructions] == ["FROM", "RUN", "CMD"]
    run = file.instructions[1]
    assert run.code == "RUN one   && twothree"
    assert file.text[run.start : run.end] == "RUN one \\\n  # why\n\n  && two\\\nthree\n"


def test_each_sign_of_the_line_knows_its_place() -> None:
    file = parsed("FROM a\r\nRUN one \\\r\n two\r\n")
    run = file.instructions[1]
    assert "".join(file.text[place] for place in run.at) == run.code == "RUN one  two"
    start = run.code.index("two")
    first, last = run.source(start, start + 3)
    assert file.text[first:last] == "two"
    assert file.newline == "\r\n"


def test_two_escape_signs_continue_nothing() -> None:
    file = parsed("FROM a\nRUN echo \\\\\nCMD x\n")
    assert [one.keyword for one in file.instructions] == ["FROM", "RUN", "CMD"]


def test_directives_stand_at_the_top_only() -> None:
    file = parsed("# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN x `\n y\n")
    assert file.escape == "`"
    assert file.directives == {"syntax": "docker/dockerfile:1", "escape": "`"}
    assert file.instructions[1].code == "RUN x  y"
    assert parsed("# a comment\n# escape=`\nFROM a\n").escape == "\\"


def test_here_documents_belong_to_their_instruction() -> None:
    file = parsed(
        "FROM a\nRUN <<A cat <<-'B'\nFROM no\nA\n\tRUN no\n\tB\nCOPY <<E /f\nCMD\nE\nCMD y"
    )
    assert [one.keyword for one in file.instructions] == ["FROM", "RUN", "COPY", "CMD"]
    assert [one.heredocs for one in file.instructions] == [False, True, True, False]


def test_what_is_glued_to_a_word_opens_no_here_document() -> None:
    assert len(parsed("FROM a\nRUN cat<<EOF\nCMD x\n").instructions) == 3


def test_flags_and_arguments() -> None:
    [_, run, copy] = parsed(
        'FROM --platform=$B a AS b\nRUN --mount=type=secret,id="x y" --network=none go\n'
        "COPY --link --chown=1:1 a b\n"
    ).instructions
    assert [(flag.name, flag.value) for flag in run.flags] == [
        ("mount", 'type=secret,id="x y"'),
        ("network", "none"),
    ]
    assert run.arguments == "go"
    assert copy.flag("chown") == "1:1"
    assert copy.flag("link") == ""
    assert copy.flag("from") is None


def test_the_json_form_is_a_list_of_strings() -> None:
    [_, one, two, three] = parsed('FROM a\nCMD ["a", "b c"]\nCMD [1]\nCMD [a]\n').instructions
    assert one.argument_list == ("a", "b c")
    assert two.argument_list is None
    assert three.argument_list is None


def test_comments_switch_rules_off() -> None:
    file = parsed(
        "# hadolint global ignore=DL3006\nFROM a\n# hadolint ignore=DL3008, DL3009\n"
        "# vigie ignore=user\nRUN x\nRUN y\n"
    )
    assert file.ignored == {"DL3006"}
    assert file.instructions[1].ignored == {"DL3008", "DL3009", "user"}
    assert file.instructions[2].ignored == frozenset()
    assert file.instructions[1].lead < file.instructions[1].start


@pytest.mark.parametrize(
    ("text", "line"),
    [("FROM a\nNONSENSE b\n", 2), ("FROM a\n\nRUN\n", 3), ("# escape=x\nFROM a\n", 1),
     ("FROM a\nRUN <<EOF\nx\n", 2)],
)  # fmt: skip
def test_a_line_that_is_no_instruction_is_named(text: str, line: int) -> None:
    with pytest.raises(UserError, match=f"line {line} of Dockerfile"):
        parsed(text)


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(UserError, match="too large"):
        parsed("FROM a\n" + "#" * 1024**2)
    with pytest.raises(UserError, match="too large"):
        parsed("FROM a\n" + "CMD x\n" * 5000)
