"""What editors and documents know of the forms, written from ``lwtsyntax/markers.py``.

``python -m tools.forms`` writes every file that lists them, ``--check`` says which ones it would change.
A list of forms that is written by hand in a further place is a mistake.
"""
