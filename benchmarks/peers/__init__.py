"""Threads by bind beside every other way to write them: see ``docs/benchmark.md``."""
