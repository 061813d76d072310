// Which documents are ours.

import type { TextDocument } from "vscode";

export const LANGUAGES = ["lwt", "python"] as const;
const SCHEMES = ["file", "untitled"] as const;

/** What the language server is told about. */
export const SELECTOR = LANGUAGES.flatMap((language) =>
  SCHEMES.map((scheme) => ({ language, scheme })),
);

export function isPython(document: TextDocument): boolean {
  return SELECTOR.some(
    ({ language, scheme }) => document.languageId === language && document.uri.scheme === scheme,
  );
}

/** Whether a document may hold forms: most Python files do not, and cost nothing. */
export function isSource(document: TextDocument): boolean {
  return (
    isPython(document) &&
    (document.languageId === "lwt" || document.getText().includes("lwtsyntax"))
  );
}
