// Transform File and Convert Spelling: their results are new documents, which nobody has saved yet.

import { posix } from "node:path";
import {
  Range,
  type TextDocument,
  type TextEditor,
  type Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { isSource } from "./documents";
import type { Spelling } from "./protocol";
import type { Server } from "./server";

/** Open what the file of the active editor becomes. */
export async function transformFile(server: Server): Promise<void> {
  const source = activeSource();
  if (source) {
    await reported(async () => {
      const { text } = await server.transform(source.document.uri);
      const document = await workspace.openTextDocument({ content: text, language: "python" });
      await window.showTextDocument(document, { viewColumn: ViewColumn.Beside });
    });
  }
}

/** Open the file of the active editor in the other spelling, to be saved under the name it then has. */
export async function convertSpelling(server: Server): Promise<void> {
  const source = activeSource();
  if (source) {
    await reported(async () => {
      const spelling = otherSpelling(source.document);
      const { text, languageId } = await server.convert(source.document.uri, spelling);
      await openAs(await freeName(source.document.uri, languageId), text, languageId);
    });
  }
}

function activeSource(): TextEditor | undefined {
  const editor = window.activeTextEditor;
  if (editor && isSource(editor.document)) {
    return editor;
  }
  void window.showInformationMessage("Open a Python or .lwt file that imports lwtsyntax first.");
  return undefined;
}

export function otherSpelling(document: TextDocument): Spelling {
  return document.languageId === "lwt" ? "markers" : "keywords";
}

/** The name beside *uri* with the other extension, if no file has it. */
async function freeName(uri: Uri, language: "python" | "lwt"): Promise<Uri | undefined> {
  if (uri.scheme !== "file") {
    return undefined;
  }
  const { dir, name } = posix.parse(uri.path);
  const path = posix.join(dir, name + (language === "lwt" ? ".lwt" : ".py"));
  const target = uri.with({ path });
  try {
    await workspace.fs.stat(target);
    return undefined;
  } catch {
    return target.with({ scheme: "untitled" });
  }
}

async function openAs(name: Uri | undefined, text: string, language: string): Promise<void> {
  if (!name) {
    const document = await workspace.openTextDocument({ content: text, language });
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside });
    return;
  }
  const document = await workspace.openTextDocument(name);
  const editor = await window.showTextDocument(document, { viewColumn: ViewColumn.Beside });
  await editor.edit((edit) => {
    const whole = new Range(0, 0, document.lineCount, 0);
    edit.replace(document.validateRange(whole), text);
  });
}

/** A refusal is an answer: the user gets to see what the server says. */
async function reported(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    void window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
