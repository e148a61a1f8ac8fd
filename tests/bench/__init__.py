"""Benchmarks: each prints a ratio against a named rival in the same run, never a bare time."""
