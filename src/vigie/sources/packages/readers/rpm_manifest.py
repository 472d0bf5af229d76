"""RPM packages of an image that ships without rpm's database: Mariner's and Azure Linux's
distroless images list them in a text file.

Source: the marinara image builder: a line a package of `rpm -qa`, ten fields between tabs:
name, version-release, times of installing and building, vendor, epoch, size, architecture,
epoch as a number, source package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from vigie.model.inventory import Package
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB, read_text
from vigie.sources.packages.readers._systems import system_package
from vigie.sources.packages.readers.rpm.header import rpm_record

_MOST = 16 * MIB
_FIELDS = 10


class _RpmManifest:
    name = "rpm-manifest"
    label = "RPM manifest"
    types = frozenset({"rpm"})
    patterns: Sequence[str] = ("/var/lib/rpmmanifest/container-manifest-2",)
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package | Problem]:
        for number, line in enumerate(read_text(file, _MOST).splitlines(), 1):
            fields = line.split("\t")
            if len(fields) != _FIELDS or not fields[0] or not fields[1]:
                if line.strip():
                    yield Problem(
                        ProblemCode.RECORD,
                        T("line {line} is not as rpm lists packages", line=number),
                    )
                continue
            epoch = fields[8] if fields[8].isdigit() and fields[8] != "0" else ""
            record = rpm_record(
                fields[0], fields[1], epoch=epoch, arch=fields[7], source_rpm=fields[9]
            )
            yield system_package(replace(record, line=number), around, file.path)


READER = _RpmManifest()
