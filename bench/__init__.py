"""Benchmarks. Every number in the README comes from here: `make bench`."""
