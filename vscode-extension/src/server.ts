// The language server as the rest of the extension sees it.

import type { Position, Uri } from "vscode";
import type { Converted, Expansion, Scope, Spelling, Transformed } from "./protocol";

/** What can be asked while a server runs. */
export interface Server {
  expansion(uri: Uri, position: Position | undefined, scope: Scope): Promise<Expansion | undefined>;
  transform(uri: Uri): Promise<Transformed>;
  convert(uri: Uri, spelling: Spelling): Promise<Converted>;
}

export class NoServer extends Error {
  constructor() {
    super("The language server of lwtsyntax is not running.");
  }
}

/** The text has changed while the server was answering; it will say when to ask again. */
export class Outdated extends Error {}
