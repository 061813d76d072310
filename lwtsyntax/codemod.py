"""The pipeline as a libcst codemod: ``python -m libcst.tool codemod -x lwtsyntax.codemod.LowerLwt PATH``.

It rewrites files in place, as codemods do.  A refused file is left as it is and reported as failed.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodCommand, SkipFile

from lwtsyntax.diagnostics import render_text
from lwtsyntax.pipeline import transform

__all__ = ["LowerLwt", "LoweringRefused"]


class LoweringRefused(Exception):
    """The module cannot be lowered; the message holds its diagnostics as text."""


class LowerLwt(CodemodCommand):
    """Lower the lwt markers of a module into bind chains."""

    DESCRIPTION = "Lower lwt markers (lwt, for_lwt, match_lwt, ...) into bind chains."

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The lowered module; SkipFile when it holds no markers, LoweringRefused when it cannot be."""
        result = transform(tree.code, self.context.filename or "<string>")
        report = "\n".join(render_text(each) for each in result.diagnostics)
        if result.text is None:
            raise LoweringRefused(f"cannot be lowered\n{report}")
        if report:
            self.warn(report)
        if not result.changed:
            raise SkipFile("no lwt markers")
        return cst.parse_module(result.text)
