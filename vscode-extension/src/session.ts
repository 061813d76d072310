// When the language server runs, and in which interpreter.

import { type TextDocument, window, workspace } from "vscode";
import { isSource } from "./documents";
import { findInterpreter } from "./interpreter";
import type { LanguageServer } from "./languageServer";
import { probe, problemOf } from "./probe";
import type { Status } from "./status";

/** Starts the server when it is first needed, and again when it is asked to; one thing at a time. */
export class Session {
  private isNeeded = false;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly server: LanguageServer,
    private readonly status: Status,
    private readonly log: (line: string) => void,
  ) {}

  /** A file that may hold forms needs the server; other Python files do not. */
  readonly see = (document: TextDocument): void => {
    if (!this.isNeeded && workspace.isTrusted && isSource(document)) {
      void this.enqueue(() => this.start());
    }
  };

  /** Do *action* once the server runs, or is known not to. */
  async whenUp<T>(action: () => Promise<T>): Promise<T> {
    if (workspace.isTrusted) {
      await this.enqueue(async () => {
        if (!this.server.isRunning) {
          // What was missing may be there by now.
          this.status.tellAgain();
          await this.start();
        }
      });
    }
    return await action();
  }

  async restart(): Promise<void> {
    this.status.tellAgain();
    await this.enqueue(() => this.start());
  }

  async restartIfStarted(): Promise<void> {
    if (this.isNeeded) {
      await this.restart();
    }
  }

  private enqueue(action: () => Promise<void>): Promise<void> {
    this.isNeeded = true;
    this.queue = this.queue.then(action).catch((error) => this.fail(reasonOf(error)));
    return this.queue;
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
    if (finding.kind !== "ready") {
      const { message, remedy } = problemOf(finding, command);
      await this.fail(message, remedy);
      return;
    }
    const settings = workspace.getConfiguration("lwtsyntax", folder?.uri);
    await this.server.start(command, settings.get<string[]>("arguments", []), cwd);
    this.status.ready(finding.version, command);
  }

  private async fail(message: string, remedy?: string): Promise<void> {
    this.log(message);
    await this.server.stop();
    // Not waited for: the message stays until somebody closes it.
    void this.status.problem({ message, remedy });
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `The language server of lwtsyntax did not start: ${reason}`;
}
