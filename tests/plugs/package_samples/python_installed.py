"""Every form that installers leave, and the egg-info of a working tree, which is none of them."""

from __future__ import annotations

_SITE = "usr/lib/python3/dist-packages"
_METADATA = """\
Metadata-Version: 2.1
Name: Demo_Web
Version: 3.0.1
Classifier: License :: OSI Approved :: BSD License
Requires-Dist: demo-core (>=1.0)
Requires-Dist: demo-extra ; extra == 'more'

Name: not-a-header
"""


def _metadata(name: str, version: str) -> str:
    return f"Metadata-Version: 1.2\nName: {name}\nVersion: {version}\nLicense: UNKNOWN\n"


SAMPLES = [
    (
        {
            f"{_SITE}/Demo_Web-3.0.1.dist-info/METADATA": _METADATA,
            f"{_SITE}/Demo_Web-3.0.1.dist-info/INSTALLER": "pip\n",
            f"{_SITE}/demo_flat-1.0.egg-info": _metadata("demo-flat", "1.0"),
            f"{_SITE}/demo_folder.egg-info/PKG-INFO": _metadata("demo-folder", "2.0"),
            f"{_SITE}/demo_egg-4.0-py3.11.egg/EGG-INFO/PKG-INFO": _metadata("demo.egg", "4.0"),
            "work/demo_self.egg-info/PKG-INFO": _metadata("demo-self", "0.1"),
        },
        [
            ("pkg:pypi/demo-web@3.0.1", "3.0.1", f"{_SITE}/Demo_Web-3.0.1.dist-info/METADATA"),
            ("pkg:pypi/demo.egg@4.0", "4.0", f"{_SITE}/demo_egg-4.0-py3.11.egg/EGG-INFO/PKG-INFO"),
            ("pkg:pypi/demo-flat@1.0", "1.0", f"{_SITE}/demo_flat-1.0.egg-info"),
            ("pkg:pypi/demo-folder@2.0", "2.0", f"{_SITE}/demo_folder.egg-info/PKG-INFO"),
        ],
    )
]
