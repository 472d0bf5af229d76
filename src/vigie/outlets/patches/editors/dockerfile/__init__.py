"""Dockerfiles: the base image and packages raised, and the file hardened besides.

Sources: Docker's "Dockerfile reference" and "Building best practices", and Hadolint's rules,
which count what is better afterwards.
"""

from __future__ import annotations

from vigie.outlets.patches.editors.dockerfile.editing import DockerfileEditor

EDITOR = DockerfileEditor()
