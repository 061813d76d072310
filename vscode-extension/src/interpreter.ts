// Which Python runs the language server: the one that the program runs with.

import { homedir } from "node:os";
import { PVSC_EXTENSION_ID, PythonExtension } from "@vscode/python-extension";
import { type Disposable, extensions, type Uri, workspace } from "vscode";

export interface Interpreter {
  command: string;
  /** Who named it. */
  origin: "setting" | "Python extension" | "path";
}

export async function findInterpreter(resource: Uri | undefined): Promise<Interpreter> {
  const setting = workspace.getConfiguration("lwtsyntax", resource).get("interpreter", "").trim();
  if (setting) {
    const folder = resource && workspace.getWorkspaceFolder(resource);
    const root = folder ?? workspace.workspaceFolders?.[0];
    return { command: expand(setting, root?.uri.fsPath), origin: "setting" };
  }
  const selected = await selectedInterpreter(resource);
  if (selected) {
    return { command: selected, origin: "Python extension" };
  }
  return { command: process.platform === "win32" ? "python" : "python3", origin: "path" };
}

/** A path as people write it into settings. */
export function expand(path: string, folder: string | undefined): string {
  const whole = path.replace(/^~(?=$|[/\\])/, () => homedir());
  return folder === undefined ? whole : whole.replaceAll("${workspaceFolder}", () => folder);
}

async function selectedInterpreter(resource: Uri | undefined): Promise<string | undefined> {
  const api = await pythonExtension();
  if (!api) {
    return undefined;
  }
  const path = api.environments.getActiveEnvironmentPath(resource);
  const environment = await api.environments.resolveEnvironment(path);
  return environment?.executable.uri?.fsPath;
}

/** Calls back when the user selects another interpreter. */
export async function onInterpreterSelected(changed: () => void): Promise<Disposable | undefined> {
  const api = await pythonExtension();
  return api?.environments.onDidChangeActiveEnvironmentPath(changed);
}

export function hasPythonExtension(): boolean {
  return extensions.getExtension(PVSC_EXTENSION_ID) !== undefined;
}

async function pythonExtension(): Promise<PythonExtension | undefined> {
  return hasPythonExtension() ? await PythonExtension.api() : undefined;
}
