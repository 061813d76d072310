"""Ordinary modules as threads: modules of the standard library, lowered, under CPython's own tests for them.

``python -m tests.real_code`` runs it and checks :mod:`.known`; ``--update`` writes docs/real_code.md.
"""
