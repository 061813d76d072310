// Bundles the extension into dist/; --tests: the tests into out/, with a stand-in for VS Code's API.
import { copyFileSync, readdirSync } from "node:fs";
import { build } from "esbuild";

const common = {
  bundle: true,
  format: "cjs",
  logLevel: "warning",
  platform: "node",
  target: "node20",
};

if (process.argv.includes("--tests")) {
  const tests = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    alias: { vscode: "./test/support/vscode.ts" },
    entryPoints: tests.map((name) => `test/${name}`),
    external: ["vscode-oniguruma", "vscode-textmate"],
    outdir: "out/test",
    sourcemap: "inline",
  });
} else {
  const production = process.argv.includes("--production");
  copyFileSync("../LICENSE", "LICENSE");
  await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    external: ["vscode"],
    minify: production,
    outfile: "dist/extension.js",
    sourcemap: !production,
  });
}
