from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.model.observations import Observation
from vigie.model.severity import Severity
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.burp import PARSER
from vigie.sources.reports.reading import read_document


def observe(serial: str = "1", location: str = "/a [q parameter]", more: str = "") -> Observation:
    text = (
        '<issues burpVersion="2023"><issue><type>1</type><name>N</name>'
        f"<serialNumber>{serial}</serialNumber><host>https://a.example:443</host><path>/a</path>"
        f"<location>{location}</location><severity>Information</severity>{more}</issue></issues>"
    )
    (report,) = read_document(PARSER, document_from_bytes(text.encode()))
    return report.observations[0]


def test_serial_number_is_no_identity() -> None:
    assert observe(serial="1") == observe(serial="2")


def test_insertion_point_tells_issues_of_one_path_apart() -> None:
    places = {observe(location=f"/a [{n} parameter]").locations[0].anchor for n in "pq"}
    assert len(places) == 2
    assert observe(location="/a").locations[0].anchor == ""


def test_requests_and_responses_are_not_kept() -> None:
    secret = "aHVudGVyMg=="
    more = (
        f'<requestresponse><request base64="true">{secret}</request>'
        f'<response base64="true">{secret}</response></requestresponse>'
    )
    assert secret not in repr(observe(more=more))


def test_information_is_no_severity_but_not_unknown() -> None:
    assert observe().severity is Severity.NONE


def test_default_port_is_not_part_of_the_asset() -> None:
    seen = observe()
    assert seen.asset is not None and seen.asset.name == "https://a.example"


def test_version_1_1_of_xml_is_read() -> None:
    text = b'<?xml version="1.1"?><issues burpVersion="2023"></issues>'
    (report,) = read_document(PARSER, document_from_bytes(text))
    assert (report.records, report.version) == (0, "2023")


def test_entities_in_the_inline_dtd_are_refused() -> None:
    text = (
        b'<!DOCTYPE issues [<!ENTITY a "aaaa">]><issues burpVersion="1"><issue>&a;</issue></issues>'
    )
    with pytest.raises(UserError, match="entities"):
        read_document(PARSER, document_from_bytes(text))
