"""Where tools meet over one thing, and where two things stay two."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from tests.unit.triage.build import findings, hit

from vigie.model.observations import Kind, Location, Observation
from vigie.triage.meetings import join_tools


def sources(*seen: Observation) -> set[frozenset[str]]:
    """The tools behind each finding, the same in whatever order they report."""
    answers = {frozenset(frozenset(f.sources) for f in findings(*o)) for o in permutations(seen)}
    assert len(answers) == 1
    return set(answers.pop())


def test_nothing_meets_among_one_tools_clusters() -> None:
    assert join_tools([]) == []
    one, two = (hit(rule, "a.py", 1, cwe=("CWE-1",)) for rule in ("R1", "R2"))
    assert len(findings(one, two)) == 2


def test_a_third_tool_joins_what_two_have_joined() -> None:
    seen = [hit(f"R-{t}", "a.py", 7, tool=t, cwe=("CWE-78",)) for t in ("a", "b", "c")]
    assert sources(*seen) == {frozenset("abc")}


@pytest.mark.parametrize(("line", "met"), [(9, True), (3, True), (10, False), (200, False)])
def test_misconfigurations_meet_where_their_lines_overlap(line: int, met: bool) -> None:
    def seen(tool: str, start: int, end: int) -> Observation:
        return hit("AVD-1", "main.tf", start, end=end, tool=tool, anchor=tool,
                   kind=Kind.MISCONFIGURATION)  # fmt: skip

    assert (len(findings(seen("a", 3, 9), seen("b", line, line + 2))) == 1) is met


def test_long_blocks_meet_far_down() -> None:
    long = hit("AVD-1", "k.yaml", 1, end=3000, tool="a", anchor="a", kind=Kind.MISCONFIGURATION)
    low = hit("AVD-1", "k.yaml", 2990, tool="b", anchor="b", kind=Kind.MISCONFIGURATION)
    assert len(findings(long, low)) == 1


def test_one_value_in_two_files_is_two_secrets_to_take_out() -> None:
    seen = [hit("aws", path, 2, kind=Kind.SECRET, anchor="5ec") for path in (".env", "b/.env")]
    assert len({f.fingerprint for f in findings(*seen)}) == 2


def test_one_value_at_two_lines_of_a_file_is_one_secret() -> None:
    seen = [hit("aws", ".env", line, kind=Kind.SECRET, anchor="5ec") for line in (2, 9)]
    assert [len(f.instances) for f in findings(*seen)] == [2]


def test_two_identical_lines_are_two_weaknesses_and_stay_so_when_code_moves() -> None:
    def prints(*lines: int) -> list[str]:
        seen = [hit("R1", "a.py", line, anchor="same") for line in lines]
        return sorted(f.fingerprint for f in findings(*seen))

    assert len(set(prints(4, 9))) == 2
    assert prints(4, 9) == prints(104, 250)
    assert set(prints(250)) < set(prints(4, 9))


def test_lines_of_another_tool_do_not_renumber_a_tools_own() -> None:
    mine = [hit("R1", "a.py", line, tool="semgrep") for line in (4, 9)]
    theirs = hit("R1", "a.py", 1, tool="gitlab")
    together = findings(theirs, *mine)
    assert len(together) == 3
    for alone in findings(*mine):
        line = alone.instances[0].location
        now = next(f for f in together if f.instances[0].location == line)
        assert alone.fingerprint in now.fingerprints


def test_a_secret_that_spans_lines_meets_the_one_inside_it() -> None:
    key = hit("private-key", "id_rsa", 1, end=27, tool="gitleaks", kind=Kind.SECRET, anchor="k")
    inside = hit("pem", "id_rsa", 5, tool="trivy", kind=Kind.SECRET, anchor="other")
    assert len(findings(key, inside)) == 1
    elsewhere = replace(inside, locations=(Location("id_rsa", 40),))
    assert len(findings(key, elsewhere)) == 2
