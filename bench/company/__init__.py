"""A company of the platform, a server of it, and those who ask it: for bench_platform."""
