"""A jar with Maven's record, one with a manifest only, and a fat one that holds both."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def archive(members: Mapping[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name), data)
    return content.getvalue()


def record(group: str, name: str, version: str) -> dict[str, bytes | str]:
    """The member that Maven puts into an archive."""
    return {
        f"META-INF/maven/{group}/{name}/pom.properties": (
            f"#Generated\ngroupId={group}\nartifactId={name}\nversion={version}\n"
        )
    }


_MANIFEST = "META-INF/MANIFEST.MF"
PLAIN = archive({_MANIFEST: "Manifest-Version: 1.0\n", **record("org.demo", "core", "1.2.3")})
NAMED = archive(
    {
        _MANIFEST: "Manifest-Version: 1.0\r\nBundle-SymbolicName: org.demo.long.na\r\n me.demo-"
        "text;singleton:=true\r\nImplementation-Version: 9.9\r\n\r\nName: x\r\n"
    }
)
FAT = archive(
    {
        _MANIFEST: "Main-Class: org.shop.Main\n",
        **record("org.shop", "shop", "2.0"),
        "BOOT-INF/lib/core-1.2.3.jar": PLAIN,
        "BOOT-INF/lib/demo-text-1.10.0.jar": NAMED,
        "BOOT-INF/lib/inner.war": archive({"WEB-INF/lib/core-1.2.3.jar": PLAIN}),
    }
)

SAMPLES = [
    ({"core-1.2.3.jar": PLAIN}, [("pkg:maven/org.demo/core@1.2.3", "1.2.3", "core-1.2.3.jar")]),
    (
        {"demo-text-1.10.0.jar": NAMED},
        [("pkg:maven/org.demo.long.name/demo-text@1.10.0", "1.10.0", "demo-text-1.10.0.jar")],
    ),
    (
        {"app/shop.jar": FAT},
        [
            ("pkg:maven/org.shop/shop@2.0", "2.0", "app/shop.jar"),
            (
                "pkg:maven/org.demo/core@1.2.3",
                "1.2.3",
                "app/shop.jar/BOOT-INF/lib/core-1.2.3.jar",
            ),
            (
                "pkg:maven/org.demo.long.name/demo-text@1.10.0",
                "1.10.0",
                "app/shop.jar/BOOT-INF/lib/demo-text-1.10.0.jar",
            ),
            (
                "pkg:maven/org.demo/core@1.2.3",
                "1.2.3",
                "app/shop.jar/BOOT-INF/lib/inner.war/WEB-INF/lib/core-1.2.3.jar",
            ),
        ],
    ),
]
