"""Code actions: ways out of what has been found, each made by one of the files here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lsprotocol import types

from lwtsyntax.analysing import Span
from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax_lsp.actions.awaits import await_instead, convert_awaits, convert_function
from lwtsyntax_lsp.actions.fix import Fix, Setting
from lwtsyntax_lsp.actions.silence import plain_loop, remove_comment, silence
from lwtsyntax_lsp.actions.spelling import conversion, resolve
from lwtsyntax_lsp.actions.threads import add_lwt, move_lwt
from lwtsyntax_lsp.actions.waits import insert_wait, write_keyword
from lwtsyntax_lsp.diagnosing import protocol_diagnostic, span_of
from lwtsyntax_lsp.sightings import sightings
from lwtsyntax_lsp.snapshot import Snapshot

__all__ = ["KINDS", "code_actions", "resolve"]

KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite]

Offer = Callable[[Setting], Iterator[Fix]]

_ASYNC_DEF = re.compile(r"\s*async\s+def\b")

# code -> what is offered
_FIXES: dict[str, tuple[Offer, ...]] = {
    "LWT010": (add_lwt,),
    "LWT014": (await_instead, convert_function),
    "LWT015": (convert_function,),
    "LWT017": (move_lwt,),
    "LWT029": (convert_awaits,),
    "LWT030": (insert_wait, silence),
    "LWT031": (plain_loop, silence),
    "LWT033": (remove_comment,),
}
# the same in .lwt files, whose tree is that of another text
_KEYWORD_FIXES: dict[str, tuple[Offer, ...]] = {
    "LWT030": (write_keyword, silence),
    "LWT031": (silence,),
    "LWT033": (remove_comment,),
}


def code_actions(
    snapshot: Snapshot, uri: str, params: types.CodeActionParams, *, may_rename: bool = False
) -> list[types.CodeAction]:
    """What is offered where the client asks; *may_rename*: the client can rename files."""
    span = snapshot.places.span(params.range)
    actions = [_action(snapshot, uri, fix, found) for fix, found in _fixes(snapshot, span)]
    if may_rename and _is_at_marker(snapshot, span):
        actions += conversion(snapshot, uri)
    return [each for each in actions if _is_wanted(each.kind, params.context.only)]


def _fixes(snapshot: Snapshot, asked: Span) -> Iterator[tuple[Fix, Diagnostic | None]]:
    tree, source = snapshot.found.tree, snapshot.source
    if tree is None:
        return
    offers = _KEYWORD_FIXES if snapshot.respelled else _FIXES
    for found in snapshot.diagnostics:
        span = span_of(snapshot, found)
        if span.start <= asked.end and asked.start <= span.end:
            for offer in offers.get(found.code, ()):
                for fix in offer(Setting(source, tree, span, found)):
                    yield fix, found
    if not snapshot.respelled and _ASYNC_DEF.match(source.line(source.line_of(asked.start))):
        for fix in convert_function(Setting(source, tree, Span(asked.start, asked.start))):
            yield fix, None


def _is_at_marker(snapshot: Snapshot, span: Span) -> bool:
    return any(
        each.word.start <= span.end and span.start <= each.word.end
        for each in snapshot.made(sightings)
    )


def _is_wanted(kind: types.CodeActionKind | str | None, only: object) -> bool:
    """Whether *kind* is one of *only*, or below one of them."""
    if not isinstance(only, list | tuple):
        return True
    return any(f"{_text(kind)}.".startswith(f"{_text(each)}.") for each in only)


def _text(kind: types.CodeActionKind | str | None) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind or ""


def _action(snapshot: Snapshot, uri: str, fix: Fix, found: Diagnostic | None) -> types.CodeAction:
    edits = [types.TextEdit(snapshot.places.range(span), text) for span, text in fix.edits]
    return types.CodeAction(
        title=fix.title,
        kind=fix.kind,
        diagnostics=[protocol_diagnostic(snapshot, found)] if found else None,
        is_preferred=True if fix.preferred else None,
        edit=types.WorkspaceEdit(changes={uri: edits}),
    )
