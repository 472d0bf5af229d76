"""Lock files of Gradle 7 and later, of a build script, and of one configuration before."""

from __future__ import annotations

_HEAD = "# This is a Gradle generated file for dependency locking.\n"
_LOCK = _HEAD + (
    "org.demo:core:1.2.3=compileClasspath,runtimeClasspath,testRuntimeClasspath\n"
    "org.demo:checks:4.0=testCompileClasspath,testRuntimeClasspath\n"
    "empty=annotationProcessor\n"
)

SAMPLES = [
    (
        {"gradle.lockfile": _LOCK, "buildscript-gradle.lockfile": "org.demo:plug:9=classpath\n"},
        [
            ("pkg:maven/org.demo/plug@9", "9", "buildscript-gradle.lockfile"),
            ("pkg:maven/org.demo/core@1.2.3", "1.2.3", "gradle.lockfile"),
            ("pkg:maven/org.demo/checks@4.0", "4.0", "gradle.lockfile"),
        ],
    ),
    (
        {"gradle/dependency-locks/runtimeClasspath.lockfile": _HEAD + "org.demo:core:1.2.3\n"},
        [
            (
                "pkg:maven/org.demo/core@1.2.3",
                "1.2.3",
                "gradle/dependency-locks/runtimeClasspath.lockfile",
            )
        ],
    ),
]
