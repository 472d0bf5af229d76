"""Versions as attribute and as element, and versions set for all projects."""

from __future__ import annotations

_PROJECT = """\
<Project Sdk="Microsoft.NET.Sdk">
  <ItemGroup>
    <PackageReference Include="Demo.Web" Version="2.0.0" />
    <PackageReference Include="Demo.Core"><Version>[1.0.0]</Version></PackageReference>
    <PackageReference Include="Demo.Analyzer" Version="3.0.0-beta.1">
      <PrivateAssets>all</PrivateAssets>
    </PackageReference>
    <PackageReference Include="Demo.Central" />
  </ItemGroup>
</Project>
"""
_CENTRAL = """\
<Project>
  <ItemGroup><PackageVersion Include="Demo.Central" Version="4.0.0" /></ItemGroup>
</Project>
"""

SAMPLES = [
    (
        {"src/Shop.csproj": _PROJECT, "Directory.Packages.props": _CENTRAL},
        [
            ("pkg:nuget/Demo.Central@4.0.0", "4.0.0", "Directory.Packages.props"),
            ("pkg:nuget/Demo.Web@2.0.0", "2.0.0", "src/Shop.csproj"),
            ("pkg:nuget/Demo.Core@1.0.0", "1.0.0", "src/Shop.csproj"),
            ("pkg:nuget/Demo.Analyzer@3.0.0-beta.1", "3.0.0-beta.1", "src/Shop.csproj"),
        ],
    )
]
