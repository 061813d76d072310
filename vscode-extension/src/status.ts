// The entry in the language status, and the one message when something is missing.

import {
  commands,
  type Disposable,
  env,
  type LanguageStatusItem,
  LanguageStatusSeverity,
  languages,
  window,
} from "vscode";
import { SELECTOR } from "./documents";
import { hasPythonExtension } from "./interpreter";
import type { Problem } from "./probe";

export class Status implements Disposable {
  private readonly item: LanguageStatusItem = languages.createLanguageStatusItem(
    "lwtsyntax",
    SELECTOR,
  );
  /** What the user has been told: once is enough. */
  private told = "";

  constructor() {
    this.item.name = "lwtsyntax";
    this.idle();
  }

  dispose(): void {
    this.item.dispose();
  }

  /** The user asks for something: what is missing is worth saying once more. */
  tellAgain(): void {
    this.told = "";
  }

  idle(): void {
    this.put("lwtsyntax", "starts with the first file that imports lwtsyntax");
  }

  starting(command: string): void {
    this.put("lwtsyntax", command);
    this.item.busy = true;
  }

  ready(version: string, command: string): void {
    this.told = "";
    this.put(`lwtsyntax ${version}`.trim(), command);
    this.item.command = { command: "lwtsyntax.restart", title: "Restart" };
  }

  async problem({ message, remedy }: Problem): Promise<void> {
    this.put("lwtsyntax", message);
    this.item.severity = LanguageStatusSeverity.Error;
    this.item.command = { command: "lwtsyntax.restart", title: "Try Again" };
    if (message !== this.told) {
      this.told = message;
      await offer(message, remedy);
    }
  }

  private put(text: string, detail: string): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.busy = false;
    this.item.severity = LanguageStatusSeverity.Information;
    this.item.command = { command: "lwtsyntax.showOutput", title: "Output" };
  }
}

/** Show the message with the ways out. */
async function offer(message: string, remedy: string | undefined): Promise<void> {
  const actions = new Map<string, () => unknown>();
  if (remedy) {
    actions.set("Install", () => {
      const terminal = window.createTerminal("lwtsyntax");
      terminal.show();
      terminal.sendText(remedy);
    });
    actions.set("Copy Command", () => env.clipboard.writeText(remedy));
  }
  if (hasPythonExtension()) {
    actions.set("Select Interpreter", () => commands.executeCommand("python.setInterpreter"));
  } else {
    actions.set("Open Settings", () =>
      commands.executeCommand("workbench.action.openSettings", "lwtsyntax.interpreter"),
    );
  }
  const told = remedy ? `${message} To install it: ${remedy}` : message;
  const chosen = await window.showErrorMessage(told, ...actions.keys());
  await (chosen && actions.get(chosen)?.());
}
