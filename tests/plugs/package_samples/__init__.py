"""Small trees that each package reader must understand: one module a reader, named like it.

A module holds `SAMPLES`: pairs of a tree (contents by path) and what must come out of it, as
(purl without qualifiers, version, path) in the order of the files.
"""
