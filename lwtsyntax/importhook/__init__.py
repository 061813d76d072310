"""The import hook: direct-style modules are imported as they are.

``lwtsyntax.install(packages=["app"])`` has every module of ``app`` that is imported from then on lowered, when it holds
markers.  ``docs/import-hook.md`` is the user's page.

=============  ================================================================
installing     ``install`` and its handle
selecting      which modules a hook is for
finder         finds them, and gives those that mention the package our loaders
keywords       finds modules in keyword spelling, ``.lwt`` files
loaders        ``SourceFileLoader`` and ``zipimporter``, with code of our own
cache          where that code is kept: in files that carry our digest
lowering       source to code; all that imports the transformer, and not before
errors         what a refused source raises
settings       ``[tool.lwtsyntax]`` of a project, for the command line and pytest
asserting      test modules, whose assertions pytest rewrites
=============  ================================================================
"""
