"""`--format`: any number of forms, one of them to standard output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.faces.cli.conftest import Call

from vigie.faces.cli import outputs
from vigie.faces.cli.outputs import outputs_of
from vigie.model.errors import UserError


def test_without_a_format_there_is_a_table(vigie: Call, result: Path) -> None:
    assert vigie("report", result).out == vigie("report", result, "--format", "table").out


def test_several_formats_go_to_their_files_and_one_to_standard_output(
    vigie: Call, result: Path, tmp_path: Path
) -> None:
    done = vigie("report", result, "--format", "html=a.html", "--format", "json",
                 "--format", "json=b.json")  # fmt: skip
    assert done.code == 0
    assert json.loads(done.raw) == json.loads((tmp_path / "b.json").read_text())
    assert "<html" in (tmp_path / "a.html").read_text()
    assert "wrote" in done.err
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".a")]


def test_two_formats_cannot_share_standard_output(vigie: Call, result: Path) -> None:
    done = vigie("report", result, "--format", "json", "--format", "table")
    assert done.code == 2
    assert "--format table=FILE" in done.err
    assert done.out == ""


def test_two_formats_cannot_share_a_file() -> None:
    with pytest.raises(UserError, match="asked for twice"):
        outputs_of(["json=a", "html=a"])


def test_an_unknown_format_is_refused_before_any_work(vigie: Call) -> None:
    done = vigie("merge", "no-such-report.json", "--format", "jsno=x")
    assert done.code == 2
    assert "jsno" in done.err
    assert "json" in done.err
    assert "no-such-report" not in done.err


def test_a_dash_is_standard_output(vigie: Call, result: Path) -> None:
    assert json.loads(vigie("report", result, "--format", "json=-").out)


def test_a_folder_that_is_not_there_is_the_persons_to_mend(vigie: Call, result: Path) -> None:
    done = vigie("report", result, "--format", "json=none/x.json")
    assert done.code == 2
    assert "none/x.json" in done.err


class _Binary:
    format, suffix, binary = "pdf", ".pdf", True


def test_binary_output_is_kept_from_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Found:
        def __init__(self, _place: object) -> None: ...

        def need(self, _name: str) -> type[_Binary]:
            return _Binary

    monkeypatch.setattr(outputs, "Plugs", Found)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(UserError) as caught:
        outputs_of(["pdf"])
    assert "--format pdf=report.pdf" in str(caught.value.hint)
    assert outputs_of(["pdf=x.pdf"])[0].file == Path("x.pdf")


def test_quiet_says_nothing_but_the_result(vigie: Call, result: Path) -> None:
    done = vigie("report", result, "-q", "--format", "json=x.json")
    assert (done.out, done.err) == ("", "")


def test_a_missing_folder_is_told_before_any_work(vigie: Call, tmp_path: Path) -> None:
    done = vigie("merge", "no-such-report.json", "--format", "json=none/x.json")
    assert done.code == 2
    assert "the folder of none/x.json does not exist" in done.err
    assert "no-such-report" not in done.err
    (tmp_path / "none").mkdir()
    assert (
        "no-such-report"
        in vigie("merge", "no-such-report.json", "--format", "json=none/x.json").err
    )


def test_an_equals_sign_without_a_file_is_a_slip(vigie: Call, result: Path) -> None:
    done = vigie("report", result, "--format", "html=")
    assert (done.code, done.out) == (2, "")
    assert "--format html= names no file" in done.err
    assert "html=report.html" in done.err


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "there is no output format 'htm'"), ("fr", "il n'y a pas de format de sortie 'htm'")],
)
def test_a_slip_is_told_in_words_of_the_help(
    vigie: Call, result: Path, lang: str, said: str
) -> None:
    assert said in vigie("report", result, "--format", "htm", "--lang", lang).err


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "there is no report format 'trivvy'"),
     ("fr", "il n'y a pas de format de rapport 'trivvy'")],
)  # fmt: skip
def test_so_is_a_slip_in_the_format_of_a_report(
    vigie: Call, report: Path, lang: str, said: str
) -> None:
    assert said in vigie("merge", report, "--as", "trivvy", "--lang", lang).err
