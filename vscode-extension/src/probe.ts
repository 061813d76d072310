// What an interpreter has, and what to tell the user when something is missing.

import { execFile } from "node:child_process";

export type Finding = { kind: "ready"; python: string; version: string } | Missing;

export type Missing =
  | { kind: "no interpreter" }
  | { kind: "old"; python: string }
  | { kind: "no package"; python: string }
  | { kind: "no server"; python: string }
  | { kind: "broken"; output: string };

export interface Problem {
  message: string;
  /** A command line that mends it. */
  remedy?: string | undefined;
}

const LEAST = [3, 11] as const;

// Any Python 3 can read it.  Nothing of the package is imported: that takes too long.
const PROBE = `
import json, sys
from importlib.util import find_spec
try:
    from importlib.metadata import version
    found = version("lwtsyntax")
except Exception:
    found = ""
names = ("lwtsyntax", "lwtsyntax_lsp", "pygls")
print(json.dumps([list(sys.version_info[:3]), found, [find_spec(name) is not None for name in names]]))
`;

/** The environment in which Python does not take modules from the current directory. */
export const SAFE_ENVIRONMENT = { PYTHONSAFEPATH: "1", PYTHONUTF8: "1" };

export function probe(command: string, cwd: string | undefined): Promise<Finding> {
  const environment = { ...process.env, ...SAFE_ENVIRONMENT };
  return new Promise((resolve) => {
    execFile(
      command,
      ["-c", PROBE],
      { cwd, env: environment, timeout: 20_000, windowsHide: true },
      (error, stdout, stderr) => {
        if (error && "code" in error && typeof error.code === "string") {
          resolve({ kind: "no interpreter" });
        } else {
          resolve(read(stdout) ?? { kind: "broken", output: (stderr || String(error)).trim() });
        }
      },
    );
  });
}

function read(stdout: string): Finding | undefined {
  let answer: [number[], string, boolean[]];
  try {
    answer = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  const [info, version, [hasPackage, hasServer, hasLibrary]] = answer;
  const python = info.join(".");
  const [major = 0, minor = 0] = info;
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
    return { kind: "old", python };
  }
  if (!hasPackage) {
    return { kind: "no package", python };
  }
  return hasServer && hasLibrary
    ? { kind: "ready", python, version }
    : { kind: "no server", python };
}

/** What is wrong, in a sentence, and the command that mends it. */
export function problemOf(finding: Missing, command: string): Problem {
  const remedy = `${quoted(command)} -m pip install --upgrade "lwtsyntax[lsp]"`;
  switch (finding.kind) {
    case "no interpreter":
      return { message: `The Python interpreter "${command}" cannot be started.` };
    case "old":
      return {
        message: `lwtsyntax needs Python ${LEAST.join(".")} or newer; "${command}" is ${finding.python}.`,
      };
    case "no package":
      return { message: `The Python package lwtsyntax is not installed for "${command}".`, remedy };
    case "no server":
      return {
        message: `lwtsyntax is installed for "${command}", its language server is not.`,
        remedy,
      };
    case "broken":
      return { message: `"${command}" does not run as Python does: ${finding.output}` };
  }
}

function quoted(command: string): string {
  return /^[\w@%+=:,./\\~-]+$/.test(command) ? command : `"${command}"`;
}
