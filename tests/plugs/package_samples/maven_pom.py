"""A project with its parent in the folder above."""

from __future__ import annotations

_PARENT = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>org.shop</groupId><artifactId>shop</artifactId><version>${revision}</version>
  <properties><revision>2.0</revision><demo.version>1.2.3</demo.version></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.demo</groupId><artifactId>managed</artifactId>
      <version>${demo.version}</version></dependency>
  </dependencies></dependencyManagement>
</project>
"""
_CHILD = """\
<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.shop</groupId><artifactId>shop</artifactId><version>2.0</version></parent>
  <artifactId>till</artifactId>
  <dependencies>
    <dependency><groupId>org.demo</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>org.demo</groupId><artifactId>exact</artifactId>
      <version>[3.1]</version></dependency>
    <dependency><groupId>org.demo</groupId><artifactId>checks</artifactId>
      <version>4</version><scope>test</scope></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>stock</artifactId>
      <version>${project.version}</version></dependency>
    <dependency><groupId>org.demo</groupId><artifactId>open</artifactId>
      <version>[1,2)</version></dependency>
  </dependencies>
</project>
"""

SAMPLES = [
    (
        {"pom.xml": _PARENT, "till/pom.xml": _CHILD},
        [
            ("pkg:maven/org.demo/managed@1.2.3", "1.2.3", "till/pom.xml"),
            ("pkg:maven/org.demo/exact@3.1", "3.1", "till/pom.xml"),
            ("pkg:maven/org.demo/checks@4", "4", "till/pom.xml"),
            ("pkg:maven/org.demo/open", "", "till/pom.xml"),
        ],
    )
]
