// The grammars over VS Code's own for Python: the scopes of each sample are kept beside it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { loadWASM, OnigScanner, OnigString } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

const SAMPLES = "test/grammar";
const MODULES = "node_modules";
const GRAMMARS: Record<string, string> = {
  "source.python": `${MODULES}/tm-grammars/grammars/python.json`,
  "source.regexp.python": `${MODULES}/tm-grammars/grammars/regexp.json`,
  "source.python.lwt": "syntaxes/lwt.tmLanguage.json",
  "lwt.markers.injection": "syntaxes/markers.tmLanguage.json",
};
const { grammars } = JSON.parse(readFileSync("package.json", "utf8")).contributes;

/** As VS Code does: what is injected into a scope is injected into those below it. */
function injectionsInto(scope: string): string[] {
  return grammars
    .filter(({ injectTo = [] }: { injectTo?: string[] }) =>
      injectTo.some((target) => scope === target || scope.startsWith(`${target}.`)),
    )
    .map(({ scopeName }: { scopeName: string }) => scopeName);
}

async function loadGrammar(scope: string) {
  const path = GRAMMARS[scope];
  return path === undefined ? null : parseRawGrammar(readFileSync(path, "utf8"), path);
}

describe("the scopes of", () => {
  let registry: Registry;
  before(async () => {
    const wasm = readFileSync(join(MODULES, "vscode-oniguruma/release/onig.wasm"));
    await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
    registry = new Registry({
      onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new OnigScanner(patterns),
        createOnigString: (text) => new OnigString(text),
      }),
      loadGrammar,
      getInjections: injectionsInto,
    });
  });

  /** Each line, and below it its tokens: where they are, and their scopes but that of the file. */
  async function scopesOf(text: string, root: string): Promise<string> {
    const grammar = await registry.loadGrammar(root);
    assert.ok(grammar);
    let stack = INITIAL;
    const found: string[] = [];
    for (const line of text.split("\n")) {
      found.push(`| ${line}`.trimEnd());
      const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
      stack = ruleStack;
      for (const { startIndex, endIndex, scopes } of tokens) {
        if (scopes.length > 1) {
          const end = Math.min(endIndex, line.length);
          found.push(`  ${startIndex}-${end} ${scopes.slice(1).join(" ")}`);
        }
      }
    }
    return `${found.join("\n")}\n`;
  }

  for (const name of readdirSync(SAMPLES).filter((each) => /\.(py|lwt)$/.test(each))) {
    it(name, async () => {
      const root = name.endsWith(".lwt") ? "source.python.lwt" : "source.python";
      const text = readFileSync(join(SAMPLES, name), "utf8").replace(/\n$/, "");
      const golden = join(SAMPLES, `${name}.scopes`);
      const scopes = await scopesOf(text, root);
      if (process.env["UPDATE_GOLDENS"]) {
        writeFileSync(golden, scopes);
      }
      assert.equal(scopes, readFileSync(golden, "utf8"));
    });
  }
});
