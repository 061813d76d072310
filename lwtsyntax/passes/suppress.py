"""Leave out the warnings that a comment on their statement silences.

Input: what the checks found.  Output: the warnings that are left, and those about the comments::

    fetch(url)  # lwtsyntax: ignore[LWT030]

The comment stands on a line of the statement (of a compound statement: before its body).  Without
codes it silences every warning there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lwtsyntax.diagnostics import CODES, Diagnostic
from lwtsyntax.ir.findings import Finding
from lwtsyntax.ir.source import Source, Span

__all__ = ["suppress"]

_COMMENT = re.compile(r"#\s*lwtsyntax:\s*ignore(?:\[([^\]\n]*)\])?(?![\w\[-])")
_ABOUT_COMMENTS = ("LWT032", "LWT033")


@dataclass(slots=True)
class _Suppression:
    span: Span
    line: int
    hint: str  # when it suppresses nothing
    codes: list[tuple[str, Span]] | None  # None: every warning
    used: set[str] = field(default_factory=set)

    def silences(self, finding: Finding) -> bool:
        code = finding.diagnostic.code
        if self.line not in finding.lines:
            return False
        if self.codes is not None and code not in (each for each, _ in self.codes):
            return False
        self.used.add(code)
        return True


def suppress(findings: list[Finding], source: Source, *, judged: bool) -> tuple[Diagnostic, ...]:
    """The warnings of a file in order; *judged*: the comments that silence nothing are among them."""
    suppressions = list(_suppressions(source))
    left = [each.diagnostic for each in findings if not _silenced(each, suppressions)]
    if judged:
        for suppression in suppressions:
            left += _judge(suppression, source)
    return tuple(sorted(left, key=lambda each: (each.line, each.column, each.code)))


def _silenced(finding: Finding, suppressions: list[_Suppression]) -> bool:
    """Whether a comment silences *finding*; every comment that does learns of it."""
    silencing = [each for each in suppressions if each.silences(finding)]
    return bool(silencing)


def _suppressions(source: Source) -> Iterator[_Suppression]:
    if not _COMMENT.search(source.text):  # the comments of a file are not for nothing
        return
    for comment in source.comments:
        for match in _COMMENT.finditer(comment.text):
            start = comment.span.start
            codes = None
            if match[1] is not None:
                words = re.finditer(r"[^\s,]+", match[1])
                first = start + match.start(1)
                codes = [(w[0], Span(first + w.start(), first + w.end())) for w in words]
            span = Span(start + match.start(), start + match.end())
            hint = "write it behind the statement" if comment.own_line else "remove it"
            yield _Suppression(span, source.line_of(start), hint, codes)


def _judge(suppression: _Suppression, source: Source) -> Iterator[Diagnostic]:
    """What is wrong with a comment: a code it cannot name, a code it has no use for."""
    if suppression.codes is None or not suppression.codes:
        if not suppression.used:
            message = "nothing to suppress here"
            yield source.diagnostic("LWT033", message, suppression.span, suppression.hint)
        return
    for code, span in suppression.codes:
        if code not in CODES:
            hint = "`lwtsyntax explain` lists the codes"
            yield source.diagnostic("LWT032", f"there is no {code} to suppress", span, hint)
        elif CODES[code][0] == "error":
            message = f"{code} is an error, and errors cannot be suppressed"
            yield source.diagnostic("LWT032", message, span, f"see `lwtsyntax explain {code}`")
        elif code in _ABOUT_COMMENTS:
            message = f"{code} is about suppressions, and cannot be suppressed"
            yield source.diagnostic("LWT032", message, span, "remove it")
        elif code not in suppression.used:
            message = f"no {code} to suppress here"
            yield source.diagnostic("LWT033", message, span, suppression.hint)
