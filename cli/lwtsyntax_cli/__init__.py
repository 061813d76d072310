"""The command line of lwtsyntax; :func:`lwtsyntax_cli.main.main` is the console script."""
