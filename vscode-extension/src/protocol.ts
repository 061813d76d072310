// What the language server has beside the Language Server Protocol.

import {
  NotificationType,
  type Position,
  type Range,
  RequestType,
  type TextDocumentIdentifier,
} from "vscode-languageclient/node";

export type Scope = "function" | "file";

export interface ExpansionParams {
  textDocument: TextDocumentIdentifier;
  position?: Position;
  scope: Scope;
}

/** What a thread function, or a file, becomes. */
export interface Expansion {
  uri: string;
  version: number;
  scope: Scope;
  name: string;
  text: string;
  sourceRange: Range;
  /** The line of the source that each line of the text comes from, or -1. */
  lines: number[];
  /** The document has a syntax error, this is the last good answer. */
  stale?: boolean;
}

export interface ExpansionChangedParams {
  uri: string;
  version: number;
}

export type Spelling = "markers" | "keywords";

export interface Converted {
  text: string;
  languageId: "python" | "lwt";
}

export interface Transformed {
  text: string;
}

export const ExpansionRequest = new RequestType<ExpansionParams, Expansion | null, void>(
  "lwtsyntax/expansion",
);

export const ExpansionChanged = new NotificationType<ExpansionChangedParams>(
  "lwtsyntax/expansionChanged",
);

/** Commands of the server; those of the extension are called otherwise. */
export const ServerCommand = {
  convertSpelling: "lwtsyntax.convertSpelling",
  transform: "lwtsyntax.transform",
} as const;
