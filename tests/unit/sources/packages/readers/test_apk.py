"""apk: origins, what provides what, and records that are not as apk writes them."""

from __future__ import annotations

from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.apk import SAMPLES

from vigie.model.runs import ProblemCode
from vigie.sources.packages.readers.apk import READER


def test_the_origin_is_the_source_package() -> None:
    found = by_name(read_one(READER, SAMPLES[0][0]))
    component = found["demo-libs"].component
    assert component.source_name == "demo"
    assert component.source_version == "1.36.1-r29"
    assert component.purl.endswith("?arch=x86_64&distro=alpine-3.20.1&upstream=demo")
    assert "upstream" not in found["libc-demo"].component.purl
    assert component.licences == ("MIT",)


def test_a_library_that_is_needed_leads_to_its_package() -> None:
    found = by_name(read_one(READER, SAMPLES[0][0]))
    assert found["demo-libs"].requires == ("libc-demo",)
    assert found["demo-libs"].location.start_line == 1
    assert found["libc-demo"].location.start_line == 13


def test_a_record_without_a_version_is_told() -> None:
    found = read_one(READER, {"lib/apk/db/installed": "P:a\nA:x86_64\n\nP:b\nV:1-r0\n\n"})
    assert list(by_name(found)) == ["b"]
    assert [(p.code, p.message.params["line"]) for p in found.problems] == [(ProblemCode.RECORD, 1)]
