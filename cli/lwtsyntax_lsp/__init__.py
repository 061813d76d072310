"""The language server, ``lwtsyntax lsp``: what editors ask while a program is being written."""
