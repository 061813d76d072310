import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(`src/${name}`, "utf8"))
  .join("\n");

describe("package.json", () => {
  it("offers the commands that there are", () => {
    const registered = [...sources.matchAll(/register\("(\w+)"/g)].map(
      ([, name]) => `lwtsyntax.${name}`,
    );
    const offered = manifest.contributes.commands.map(
      ({ command }: { command: string }) => command,
    );
    assert.deepEqual(registered.sort(), offered.sort());
  });

  it("names no command that the server registers", () => {
    for (const [, name] of sources.matchAll(/"(lwtsyntax\.(?:transform|convertSpelling))"/g)) {
      const offered = manifest.contributes.commands.map(
        ({ command }: { command: string }) => command,
      );
      assert.ok(!offered.includes(name));
    }
  });

  it("names files that are there, and packs them", () => {
    const { languages, grammars } = manifest.contributes;
    for (const path of [
      ...languages.map((each: { configuration: string }) => each.configuration),
      ...grammars.map((each: { path: string }) => each.path),
    ]) {
      assert.ok(existsSync(path), path);
    }
    const packed = readFileSync(".vscodeignore", "utf8");
    assert.match(packed, /^!syntaxes\/\*\.json$/m);
    assert.match(packed, /^!language-configuration\.json$/m);
  });

  it("has the version of the Python package", () => {
    const [, version] =
      /__version__ = "(.*)"/.exec(readFileSync("../lwtsyntax/__init__.py", "utf8")) ?? [];
    assert.equal(manifest.version, version);
  });
});

describe("package-lock.json", () => {
  const text = readFileSync("package-lock.json", "utf8");

  it("names no registry", () => {
    assert.doesNotMatch(text, /"resolved"|:\/\/registry/);
  });

  it("has what other platforms need, or `npm ci` refuses to work there", () => {
    const packages: Record<string, { optionalDependencies?: object }> = JSON.parse(text).packages;
    for (const { optionalDependencies = {} } of Object.values(packages)) {
      for (const name of Object.keys(optionalDependencies)) {
        assert.ok(`node_modules/${name}` in packages, name);
      }
    }
  });
});
