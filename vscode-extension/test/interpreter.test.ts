import assert from "node:assert/strict";
import { homedir } from "node:os";
import { beforeEach, describe, it } from "node:test";
import { expand, findInterpreter } from "../src/interpreter";
import { workspace, world } from "./support/vscode";

const DEFAULT = process.platform === "win32" ? "python" : "python3";

/** The Python extension with one environment selected. */
function pythonExtension(path: string) {
  const environments = {
    getActiveEnvironmentPath: () => ({ id: path, path }),
    resolveEnvironment: async () => ({ executable: { uri: { fsPath: path } } }),
  };
  return { isActive: true, exports: { environments, ready: Promise.resolve() } };
}

describe("the interpreter", () => {
  beforeEach(() => {
    world.reset();
    workspace.workspaceFolders = undefined;
  });

  it("is the one on the path, when nobody says otherwise", async () => {
    assert.deepEqual(await findInterpreter(undefined), { command: DEFAULT, origin: "path" });
  });

  it("is the one that the Python extension has selected", async () => {
    world.extensions["ms-python.python"] = pythonExtension("/venv/bin/python");
    const found = await findInterpreter(undefined);
    assert.deepEqual(found, { command: "/venv/bin/python", origin: "Python extension" });
  });

  it("is the setting's before all others", async () => {
    world.extensions["ms-python.python"] = pythonExtension("/venv/bin/python");
    world.settings["lwtsyntax.interpreter"] = " /other/python ";
    const found = await findInterpreter(undefined);
    assert.deepEqual(found, { command: "/other/python", origin: "setting" });
  });

  it("may be named by a variable and by ~", () => {
    assert.equal(
      expand("${workspaceFolder}/.venv/bin/python", "/project"),
      "/project/.venv/bin/python",
    );
    assert.equal(expand("~/python", undefined), `${homedir()}/python`);
    assert.equal(expand("py~thon", "/work"), "py~thon");
  });
});
