"""Sections of programs in three formats, found by name and by address."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugs.package_samples.programs import elf, fat, macho, pe

from vigie.sources.packages.readers._executables import executables

CONTENT = b"what it holds"
PROGRAMS = {
    "elf": elf(".demo", CONTENT),
    "elf-big": elf(".demo", CONTENT, ">"),
    "pe": pe(".demo", CONTENT),
    "macho": macho(".demo", CONTENT),
    "macho-big": macho(".demo", CONTENT, ">"),
    "fat": fat(macho(".demo", CONTENT)),
}


@pytest.mark.parametrize("data", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_section_is_found_by_its_name_and_by_its_address(data: bytes) -> None:
    (program,) = executables(io.BytesIO(data))
    section = program.section(".demo")
    assert section is not None
    assert program.bytes_of(section, 1000) == CONTENT
    assert program.bytes_of(section, 4) == CONTENT[:4]
    assert section.writable
    assert program.section(".other") is None


def test_a_section_without_bytes_in_the_file_is_none() -> None:
    data = bytearray(PROGRAMS["elf"])
    table = int.from_bytes(data[40:48], "little")
    data[table + 64 + 4] = 8  # the type SHT_NOBITS
    (program,) = executables(io.BytesIO(bytes(data)))
    assert program.section(".demo") is None


@pytest.mark.parametrize("name", ["elf", "elf-big", "pe", "macho", "macho-big"])
def test_an_address_leads_to_the_bytes_that_are_loaded_there(name: str) -> None:
    (program,) = executables(io.BytesIO(PROGRAMS[name]))
    section = program.section(".demo")
    assert section is not None
    assert program.bytes_at(section.address + 5, 2) == CONTENT[5:7]
    with pytest.raises(ValueError, match="outside"):
        program.bytes_at(1, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x7fELF",
        b"MZ" + bytes(100),
        b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(100),  # a Java class of version 65
        b"#!/bin/sh\n",
    ],
)
def test_what_is_no_program_has_none(data: bytes) -> None:
    assert list(executables(io.BytesIO(data))) == []


@given(st.data())
def test_any_change_of_a_program_is_read_or_passed_over(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(sorted(PROGRAMS.values()))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, 700))
        whole[at : at + 4] = data.draw(st.binary(min_size=4, max_size=4))
    started = time.thread_time()
    for program in executables(io.BytesIO(bytes(whole))):
        for section in program.sections:
            assert len(program.bytes_of(section, 100)) <= 100
    assert time.thread_time() - started < 30  # not for ever


@pytest.mark.parametrize("offset", [2**63, 2**64 - 1])
def test_a_section_beyond_any_file_has_no_bytes(offset: int) -> None:
    data = bytearray(PROGRAMS["elf"])
    table = int.from_bytes(data[40:48], "little")
    data[table + 64 + 24 : table + 64 + 32] = offset.to_bytes(8, "little")
    (program,) = executables(io.BytesIO(bytes(data)))
    section = program.section(".demo")
    assert section is not None
    assert program.bytes_of(section, 100) == b""


def test_a_large_program_without_anything_wanted_costs_no_time() -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.taken += len(data)
            return data

    content = Counting(elf(".text", bytes(20_000_000)))
    assert len(list(executables(content))) == 1
    assert content.taken < 10_000
