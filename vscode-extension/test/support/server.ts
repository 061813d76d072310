// A language server that answers from a table.

import type { Position, Uri } from "vscode";
import type { Converted, Expansion, Scope, Transformed } from "../../src/protocol";
import type { Server } from "../../src/server";

export class StubServer implements Server {
  readonly asked: string[] = [];
  expansions: (
    path: string,
    line: number | undefined,
    scope: Scope,
  ) => Partial<Expansion> | undefined = () => undefined;
  transformed: () => Transformed = () => ({ text: "" });
  converted: () => Converted = () => ({ text: "", languageId: "python" });
  /** Answers wait for it. */
  gate: Promise<unknown> = Promise.resolve();

  async expansion(
    uri: Uri,
    position: Position | undefined,
    scope: Scope,
  ): Promise<Expansion | undefined> {
    this.asked.push([uri.path, scope, position?.line].join(" ").trim());
    const found = this.expansions(uri.path, position?.line, scope);
    await this.gate;
    return (
      found && {
        uri: uri.toString(),
        version: 1,
        scope,
        name: "f",
        text: "",
        sourceRange: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        lines: [],
        ...found,
      }
    );
  }

  async transform(): Promise<Transformed> {
    return this.transformed();
  }

  async convert(uri: Uri, spelling: string): Promise<Converted> {
    this.asked.push(`${uri.path} ${spelling}`);
    return this.converted();
  }
}
