"""pom.xml with properties, management and parents."""

from __future__ import annotations

from defusedxml.ElementTree import fromstring

from tests.plugs.patch_samples import Sample
from vigie.ports.patches import Upgrade


def _up(name: str, old: str, new: str, *paths: str) -> Upgrade:
    return Upgrade("maven", name, old, new, paths)


_POM = """\
<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <!-- Le magasin, déjà -->
  <modelVersion>4.0.0</modelVersion>
  <parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version></parent>
  <artifactId>shop</artifactId>
  <properties>
    <log4j.version>2.14.1</log4j.version> <!-- why -->
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
      <version>${log4j.version}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-api</artifactId>
      <version>${log4j.version}</version>
    </dependency>
    <dependency><groupId>x</groupId><artifactId>y</artifactId><version> 1.0 </version></dependency>
    <dependency><groupId>m</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>p</groupId><artifactId>up</artifactId><version>${up.version}</version></dependency>
    <dependency><groupId>p</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency>
    <dependency><groupId>p</groupId><artifactId>far</artifactId><version>${far}</version></dependency>
  </dependencies>
</project>
"""
_PARENT = "<project><properties><up.version>1.0</up.version></properties></project>\n"
_MANAGEMENT = """\
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>m</groupId>
        <artifactId>managed</artifactId>
        <version>1.5</version>
      </dependency>
      <dependency>
        <groupId>t</groupId>
        <artifactId>deep</artifactId>
        <version>2.1</version>
      </dependency>
    </dependencies>
  </dependencyManagement>
"""
_MANAGED = """\
<project>
\t<dependencyManagement>
\t\t<dependencies>
\t\t\t<dependency><groupId>a</groupId><artifactId>b</artifactId><version>1.0</version></dependency>
\t\t</dependencies>
\t</dependencyManagement>
</project>
"""

_ADDED = """\
\t\t\t<dependency>
\t\t\t\t<groupId>t</groupId>
\t\t\t\t<artifactId>deep</artifactId>
\t\t\t\t<version>2.1</version>
\t\t\t</dependency>
"""

SAMPLES = [
    Sample(
        "properties, parents, management, ranges",
        "web/pom.xml",
        {"web/pom.xml": _POM, "pom.xml": _PARENT},
        (
            _up("org.apache.logging.log4j:log4j-core", "2.14.1", "2.17.1"),
            _up("x:y", "1.0", "1.1"),
            _up("org.apache.logging.log4j:log4j-api", "2.14.1", "2.15.0"),
            _up("m:managed", "1.0", "1.5"), _up("p:up", "1.0", "1.9"), _up("p:range", "1.0", "3"),
            _up("p:far", "1.0", "3"), _up("t:deep", "2.0", "2.1", "web/pom.xml"),
            _up("t:elsewhere", "2.0", "2.1"),
        ),
        {
            "web/pom.xml": (
                ("2.14.1", "2.17.1"),
                ("  <dependencies>\n", _MANAGEMENT + "  <dependencies>\n"),
                (" 1.0 ", " 1.1 "),
            ),
            "pom.xml": (("1.0", "1.9"),),
        },
        left=("p:far", "p:range"),
    ),
    Sample(
        "management that is there already, with tabs and Windows line endings",
        "pom.xml",
        {"pom.xml": _MANAGED.replace("\n", "\r\n")},
        (_up("a:b", "1.0", "1.1"), _up("t:deep", "2.0", "2.1", "pom.xml")),
        {
            "pom.xml": (
                ("1.0", "1.1"),
                ("\t\t</dependencies>", _ADDED.replace("\n", "\r\n") + "\t\t</dependencies>"),
            )
        },
    ),
]  # fmt: skip

BROKEN = [
    "<project>",
    "",
    '<!DOCTYPE p [<!ENTITY x "y">]><project>&x;</project>',
    "<a>" * 5000,
]


def asked(text: str) -> dict[str, str]:
    """Every version that an XML parser finds, by its artifact; properties by their name."""
    found: dict[str, str] = {}
    for element in fromstring(text.encode()).iter():
        tag = element.tag.rpartition("}")[2]
        inside = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}
        if tag == "dependency" and "version" in inside:
            found[f"{inside['groupId']}:{inside['artifactId']}"] = inside["version"]
        elif tag == "properties":
            found |= inside
    return found
