// Start here: what the extension consists of, and when the language server runs.

import {
  commands,
  type ExtensionContext,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from "vscode";
import { convertSpelling, transformFile } from "./commands";
import { isSource } from "./documents";
import { findInterpreter, onInterpreterSelected } from "./interpreter";
import { LanguageServer } from "./languageServer";
import { Preview } from "./preview/preview";
import { probe, problemOf } from "./probe";
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

/** Starts the server when it is first needed, and again when it is asked to. */
class Session {
  private started: Promise<void> | undefined;

  constructor(
    private readonly server: LanguageServer,
    private readonly status: Status,
    private readonly log: (line: string) => void,
  ) {}

  /** A file that may hold forms needs the server; other Python files do not. */
  readonly see = (document: TextDocument): void => {
    if (!this.started && workspace.isTrusted && isSource(document)) {
      this.started = this.start();
    }
  };

  /** Do *action* once the server runs, or is known not to. */
  async whenUp<T>(action: () => T | Promise<T>): Promise<T> {
    await this.started;
    if (!this.server.isRunning && workspace.isTrusted) {
      // What was missing may be there by now.
      this.status.tellAgain();
      this.started = this.start();
      await this.started;
    }
    return await action();
  }

  async restart(): Promise<void> {
    this.status.tellAgain();
    this.started = (this.started ?? Promise.resolve()).then(() => this.start());
    await this.started;
  }

  async restartIfStarted(): Promise<void> {
    if (this.started) {
      await this.restart();
    }
  }

  private async start(): Promise<void> {
    const active = window.activeTextEditor?.document.uri;
    const folder =
      (active && workspace.getWorkspaceFolder(active)) ?? workspace.workspaceFolders?.[0];
    const cwd = folder?.uri.scheme === "file" ? folder.uri.fsPath : undefined;
    const { command, origin } = await findInterpreter(active ?? folder?.uri);
    this.status.starting(command);
    this.log(`interpreter: ${command} (${origin})`);
    const finding = await probe(command, cwd);
    const problem = problemOf(finding, command);
    if (problem || finding.kind !== "ready") {
      await this.fail(problem?.message ?? finding.kind, problem?.remedy);
      return;
    }
    try {
      const settings = workspace.getConfiguration("lwtsyntax", folder?.uri);
      await this.server.start(command, settings.get<string[]>("arguments", []), cwd);
      this.status.ready(finding.version, command);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await this.fail(`The language server of lwtsyntax did not start: ${reason}`);
    }
  }

  private async fail(message: string, remedy?: string): Promise<void> {
    this.log(message);
    await this.server.stop();
    // Not waited for: the message stays until somebody closes it.
    void this.status.problem(remedy === undefined ? { message } : { message, remedy });
  }
}
