"""The settings under ``lwtsyntax``, as editors send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SECTION", "Settings"]

SECTION = "lwtsyntax"


@dataclass(frozen=True, slots=True)
class Settings:
    strict: bool = False  # warnings are shown as errors
    debounce: float = 150.0  # milliseconds without a key before the text is read

    @staticmethod
    def read(sent: object) -> Settings:
        """What was *sent*, bare or under its section; what is no setting of ours, or of another type, is left out."""
        if isinstance(sent, Mapping) and isinstance(sent.get(SECTION), Mapping):
            sent = sent[SECTION]
        settings = sent if isinstance(sent, Mapping) else {}
        strict, debounce = settings.get("strict"), settings.get("debounce")
        if not isinstance(strict, bool):
            strict = Settings().strict
        if isinstance(debounce, bool) or not isinstance(debounce, int | float):
            debounce = Settings().debounce
        return Settings(strict, max(0.0, float(debounce)))
