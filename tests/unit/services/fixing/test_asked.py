"""What Python manifests ask for: read alike from every kind of file, and nothing of an address."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vigie.services.fixing.asked import Asked, pinned, sets_of


def read(files: dict[str, str]) -> list[Asked]:
    paths: dict[str, list[str]] = {"requirements": [], "pipfile": [], "pyproject": []}
    for path in files:
        kind = "pyproject" if path.endswith("toml") else "pipfile" if "Pip" in path else ""
        paths[kind or "requirements"].append(path)
    return sets_of(paths, files.get)


def wanted(asked: Asked) -> list[str]:
    return [str(one) for one in asked.wanted]


def test_a_list_takes_in_what_it_includes() -> None:
    (whole,) = read({
        "dev/requirements.txt": "-r ../base-requirements.txt\n-c limits.txt\na==1 # b==2\n",
        "base-requirements.txt": "c[x]>=1 ; python_version>='3'\nd==2 \\\n --hash=sha256:aa\n",
        "dev/limits.txt": "e<3\n",
    })  # fmt: skip
    assert whole.manifest == "dev/requirements.txt"
    assert wanted(whole) == ["a==1", 'c[x]>=1; python_version >= "3"', "d==2"]
    assert [str(one) for one in whole.limits] == ["e<3"]
    assert whole.places == {"a": "dev/requirements.txt", "e": "dev/limits.txt",
                            "c": "base-requirements.txt", "d": "base-requirements.txt"}  # fmt: skip


def test_what_is_installed_by_nobody_is_no_set_of_its_own() -> None:
    found = read({"requirements.in": "a\n", "requirements.txt": "a==1\n", "constraints.txt": "b\n",
                  "alone-requirements.in": "c\n", "requirements/empty.txt": "# no\n"})  # fmt: skip
    assert [one.manifest for one in found] == ["requirements.txt", "alone-requirements.in"]


def test_a_project_has_a_set_for_each_group() -> None:
    text = (
        '[project]\ndependencies = ["a==1"]\n[project.optional-dependencies]\nx = ["b==2"]\n'
        '[dependency-groups]\ntest = ["c", {include-group = "x"}]\n'
    )
    assert [wanted(one) for one in read({"pyproject.toml": text})] == [
        ["a==1"], ["a==1", "b==2"], ["a==1", "c"],
    ]  # fmt: skip
    assert read({"pyproject.toml": "[project\n"}) == []


def test_a_pipfile_has_two() -> None:
    text = (
        '[packages]\na = "*"\nb = {version = "==1", extras = ["x"], markers = "os_name == \'nt\'"}'
        '\nc = {git = "https://git.example/c"}\n[dev-packages]\nd = "~=2.0"\n'
    )
    first, second = read({"Pipfile": text})
    assert wanted(first) == ["a", 'b[x]==1; os_name == "nt"']
    assert wanted(second) == [*wanted(first), "d~=2.0"]
    assert (first.key, second.key) == (("Pipfile", 0), ("Pipfile", 1))


def test_pins_are_exact_and_their_markers_hold() -> None:
    asked = Asked("r.txt")
    for text in ("a==1.0", "B_b===2", "c==1.*", "d>=1", "e==1,!=2", "f==3; os_name == 'nt'"):
        asked.add(text, "r.txt")
    asked.add("limit==4", "c.txt", limit=True)
    pins = asked.pins(lambda one: one.marker is None)
    assert pins == {"a": "1.0", "b-b": "2", "limit": "4"}
    assert "limit" not in asked.names
    assert pinned(asked.wanted[0]) == "1.0"


@given(st.text(max_size=300))
def test_no_text_is_too_strange_and_none_brings_an_address(text: str) -> None:
    for path in ("requirements.txt", "pyproject.toml", "Pipfile"):
        for asked in read({path: text}):
            for line in (*wanted(asked), *map(str, asked.limits)):
                assert not line.startswith("-")
                assert "\n" not in line
                assert "$" not in line
