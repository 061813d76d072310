"""``python -m lwtsyntax``: the command line."""

from lwtsyntax_cli.main import main

# Worker processes import this module again under another name; they must not start a command line.
if __name__ == "__main__":
    main(prog_name="python -m lwtsyntax")
