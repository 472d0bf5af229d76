"""Where settings come from, which place wins, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.wiring.settings import Settings, load_settings


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(environ={"HOME": str(tmp_path)}, folder=tmp_path) == Settings()


def test_file_then_environment_then_command_line_win(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "vigie").mkdir(parents=True)
    (home / "vigie" / "config.toml").write_text(
        'lang = "fr"\nkev = "home.json"\npolicy = "strict"\n[scan]\ntimeout = 10\njobs = 1\n'
    )
    (tmp_path / ".vigie.toml").write_text('kev = "here.json"\n[scan]\ntimeout = 20\n')
    environ = {"XDG_CONFIG_HOME": str(home), "VIGIE_SCAN__TIMEOUT": "30", "VIGIE_POLICY": "x"}
    settings = load_settings(
        environ=environ, folder=tmp_path, command_line={"scan": {"timeout": "40"}}
    )
    assert settings.lang == "fr", "from the home file"
    assert settings.kev == "here.json", "the folder's file beats the home file"
    assert settings.policy == "x", "the environment beats files"
    assert settings.scan.timeout == 40, "the command line beats the environment"
    assert settings.scan.jobs == 1, "a section is laid over, not replaced"


def test_a_named_file_is_read_instead_of_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / ".vigie.toml").write_text('policy = "strict"\n')
    named = tmp_path / "other.toml"
    named.write_text('kev = "k.json"\n')
    for settings in (
        load_settings(environ={}, folder=tmp_path, config=named),
        load_settings(environ={"VIGIE_CONFIG": str(named)}, folder=tmp_path),
    ):
        assert settings.kev == "k.json"
        assert settings.policy == ""


def test_lists_in_the_environment_are_separated_by_commas(tmp_path: Path) -> None:
    environ = {"VIGIE_FORMAT": "table, json=out.json", "VIGIE_SCAN__WITH": "trivy,bandit"}
    settings = load_settings(environ=environ, folder=tmp_path)
    assert settings.format == ("table", "json=out.json")
    assert settings.scan.with_ == ("trivy", "bandit")


def test_nested_limits_come_from_double_underscores(tmp_path: Path) -> None:
    settings = load_settings(environ={"VIGIE_LIMITS__REPORT_BYTES": "5000"}, folder=tmp_path)
    assert settings.limits.report_bytes == 5000


@pytest.mark.parametrize(
    ("environ", "key", "allowed"),
    [
        ({"VIGIE_LIMITS__REPORT_BYTES": "many"}, "limits.report_bytes", "a whole number from 1"),
        ({"VIGIE_LIMITS__REPORT_BYTES": "0"}, "limits.report_bytes", "a whole number from 1"),
        ({"VIGIE_SCAN__TIMEOUT": "-1"}, "scan.timeout", "a number greater than 0"),
        ({"VIGIE_SCAN__OFFLINE": "perhaps"}, "scan.offline", "true or false"),
        ({"VIGIE_EXPOSURE": "wide"}, "exposure", "one of controlled, open, small, unknown"),
    ],
)
def test_a_wrong_value_names_its_key_and_what_is_allowed(
    environ: dict[str, str], key: str, allowed: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as caught:
        load_settings(environ=environ, folder=tmp_path)
    assert key in str(caught.value)
    assert "environment" in str(caught.value)
    assert allowed in str(caught.value.hint)


def test_a_wrong_option_is_named_as_it_was_typed(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        load_settings(environ={}, folder=tmp_path, command_line={"scan": {"max_db_age": "old"}})
    assert "--max-db-age" in str(caught.value)


def test_unknown_keys_of_a_file_are_refused_with_the_file_and_the_choices(tmp_path: Path) -> None:
    file = tmp_path / ".vigie.toml"
    file.write_text("[scan]\ntimout = 3\n")
    with pytest.raises(UserError) as caught:
        load_settings(environ={}, folder=tmp_path)
    assert "scan.timout" in str(caught.value)
    assert str(file) in str(caught.value)
    assert "timeout" in str(caught.value.hint)


def test_a_file_keeps_its_types(tmp_path: Path) -> None:
    (tmp_path / ".vigie.toml").write_text('[scan]\njobs = "2"\n')
    with pytest.raises(UserError, match=r"scan\.jobs"):
        load_settings(environ={}, folder=tmp_path)


def test_a_section_that_is_no_section_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".vigie.toml").write_text("scan = 3\n")
    with pytest.raises(UserError) as caught:
        load_settings(environ={}, folder=tmp_path)
    assert "timeout" in str(caught.value.hint)


def test_a_typing_error_inside_a_section_of_the_environment_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"limits\.report_byte"):
        load_settings(environ={"VIGIE_LIMITS__REPORT_BYTE": "1"}, folder=tmp_path)


def test_variables_of_others_are_left_alone(tmp_path: Path) -> None:
    environ = {"VIGIE_CORPUS": "x", "VIGIE_POLICY": "", "OTHER": "1"}
    assert load_settings(environ=environ, folder=tmp_path) == Settings()


def test_a_file_that_is_no_toml_says_so(tmp_path: Path) -> None:
    (tmp_path / ".vigie.toml").write_text("lang: fr\n")
    with pytest.raises(UserError, match="cannot be read"):
        load_settings(environ={}, folder=tmp_path)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no configuration file"):
        load_settings(environ={}, folder=tmp_path, config=tmp_path / "none.toml")


def test_a_checkout_does_not_choose_where_results_are_sent(tmp_path: Path) -> None:
    (tmp_path / ".vigie.toml").write_text('server = "https://elsewhere.example"\n')
    with pytest.raises(UserError, match="a checkout may not"):
        load_settings(environ={"VIGIE_SERVER": "https://vigie.example"}, folder=tmp_path)
    own = tmp_path / "config" / "vigie"
    own.mkdir(parents=True)
    (own / "config.toml").write_text('server = "https://vigie.example"\n')
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert load_settings(environ=environ, folder=own).server == "https://vigie.example"
