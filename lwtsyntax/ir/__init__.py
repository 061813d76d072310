"""The program between the passes: source text, scopes, normal form, output tree."""
