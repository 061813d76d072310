import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Finding, probe, problemOf } from "../src/probe";

describe("what an interpreter has", { skip: process.platform === "win32" }, () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "lwtsyntax-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** An interpreter that answers the probe with *answer*. */
  function interpreter(answer: string): string {
    const path = join(folder, "python");
    writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${answer}\nEND\n`);
    chmodSync(path, 0o755);
    return path;
  }

  const cases: [string, string, Finding][] = [
    [
      "everything",
      '[[3, 12, 1], "0.1.0", [true, true, true]]',
      { kind: "ready", python: "3.12.1", version: "0.1.0" },
    ],
    ["an old Python", '[[3, 10, 9], "", [true, true, true]]', { kind: "old", python: "3.10.9" }],
    [
      "a Python that is not there yet",
      '[[4, 0, 0], "1", [true, true, true]]',
      { kind: "ready", python: "4.0.0", version: "1" },
    ],
    [
      "no package",
      '[[3, 11, 0], "", [false, false, true]]',
      { kind: "no package", python: "3.11.0" },
    ],
    [
      "no library of the server's",
      '[[3, 11, 0], "0.1.0", [true, true, false]]',
      { kind: "no server", python: "3.11.0" },
    ],
    [
      "a version from before the server",
      '[[3, 11, 0], "0.0.1", [true, false, true]]',
      { kind: "no server", python: "3.11.0" },
    ],
  ];
  for (const [name, answer, expected] of cases) {
    it(name, async () => {
      assert.deepEqual(await probe(interpreter(answer), folder), expected);
    });
  }

  it("a program that is no Python", async () => {
    const finding = await probe(interpreter("hello"), folder);
    assert.equal(finding.kind, "broken");
  });

  it("a command that is not there", async () => {
    const finding = await probe(join(folder, "nowhere"), folder);
    assert.deepEqual(finding, { kind: "no interpreter" });
  });

  it("is asked of a real Python", async (t) => {
    const finding = await probe("python3", undefined);
    if (finding.kind === "no interpreter") {
      t.skip("no python3 here");
    } else {
      assert.notEqual(finding.kind, "broken");
    }
  });
});

describe("what is said about it", () => {
  it("how to install the package into that very interpreter", () => {
    const problem = problemOf({ kind: "no package", python: "3.11.0" }, "/a b/python");
    assert.match(problem.message, /lwtsyntax is not installed for "\/a b\/python"/);
    assert.equal(problem.remedy, '"/a b/python" -m pip install --upgrade "lwtsyntax[lsp]"');
  });
  it("which Python is needed", () => {
    const problem = problemOf({ kind: "old", python: "3.9.0" }, "python3");
    assert.match(problem.message, /needs Python 3\.11 or newer; "python3" is 3\.9\.0/);
  });
  it("that there is no such command", () => {
    assert.match(problemOf({ kind: "no interpreter" }, "pyton").message, /"pyton"/);
  });
});
