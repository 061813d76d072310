// Start here: what the extension consists of, and when the language server runs.

import { commands, type ExtensionContext, type TextEditor, window, workspace } from "vscode";
import { convertSpelling, transformFile } from "./commands";
import { isSource } from "./documents";
import { onInterpreterSelected } from "./interpreter";
import { LanguageServer } from "./languageServer";
import { Preview } from "./preview/preview";
import { Session } from "./session";
import { Status } from "./status";

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("lwtsyntax", { log: true });
  const server = new LanguageServer(output);
  const status = new Status();
  const preview = new Preview(server);
  const session = new Session(server, status, (line) => output.info(line));
  context.subscriptions.push(output, server, status, preview);

  const register = (name: string, action: () => unknown) =>
    context.subscriptions.push(commands.registerCommand(`lwtsyntax.${name}`, action));
  register("showBindChain", () => session.whenUp(() => preview.show("function")));
  register("showBindChainOfFile", () => session.whenUp(() => preview.show("file")));
  register("transformFile", () => session.whenUp(() => transformFile(server)));
  register("convert", () => session.whenUp(() => convertSpelling(server)));
  register("restart", () => session.restart());
  register("showOutput", () => output.show());

  context.subscriptions.push(
    server.onExpansionChanged((uri) => preview.refresh(uri)),
    workspace.onDidOpenTextDocument((document) => session.see(document)),
    workspace.onDidChangeTextDocument(({ document }) => {
      session.see(document);
      if (document === window.activeTextEditor?.document) {
        tellMenus(window.activeTextEditor);
      }
    }),
    window.onDidChangeActiveTextEditor(tellMenus),
    workspace.onDidGrantWorkspaceTrust(() => workspace.textDocuments.forEach(session.see)),
    workspace.onDidChangeConfiguration(async (change) => {
      const starting = ["lwtsyntax.interpreter", "lwtsyntax.arguments"];
      if (starting.some((name) => change.affectsConfiguration(name))) {
        await session.restartIfStarted();
      }
    }),
  );
  tellMenus(window.activeTextEditor);
  workspace.textDocuments.forEach(session.see);

  const selected = await onInterpreterSelected(() => session.restartIfStarted());
  if (selected) {
    context.subscriptions.push(selected);
  }
}

/** Menus show our commands where they do something. */
function tellMenus(editor: TextEditor | undefined): void {
  const shown = editor !== undefined && isSource(editor.document);
  void commands.executeCommand("setContext", "lwtsyntax.isSource", shown);
}
