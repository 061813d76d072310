// End to end: the packed extension in a real VS Code, over the real language server; screenshots for the documents.
//
//   npm run package && (cd e2e && npm ci)
//   CODE_SERVER=…/code-server/out/node/entry.js  PYTHON=…/python  npm run e2e
//
// PYTHON has lwtsyntax[lsp].  CODE_SERVER comes with `npm install code-server`, which compiles for minutes and wants
// the headers of its node (24), a C++ compiler, pkg-config and libkrb5-dev; CODE_SERVER_NODE is the node that runs
// it (this one, if it is not set).  CHROMIUM is the browser.  Nothing outside a temporary directory and docs/editors/ is written.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Workbench } from "./workbench.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const pictures = join(root, "docs/editors");
const {
  CODE_SERVER,
  CODE_SERVER_NODE = process.execPath,
  PYTHON,
  CHROMIUM = "/usr/bin/chromium",
} = process.env;
if (!CODE_SERVER || !PYTHON) {
  console.error("CODE_SERVER and PYTHON have to be set: see the head of e2e/run.mjs");
  process.exit(2);
}

const NO_PYTHON = "/nowhere/python";
const PROGRAM = "fetch_files.py";
const KEYWORD_PROGRAM = "kitchen.lwt";

/** The number of the line of *program* that begins with *text*. */
function line(text, program = PROGRAM) {
  const lines = readFileSync(join(root, "examples", program), "utf8").split("\n");
  return lines.findIndex((each) => each.trim().startsWith(text)) + 1;
}

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Dark Modern",
  "editor.minimap.enabled": false,
  "chat.commandCenter.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "extensions.ignoreRecommendations": true,
  "window.commandCenter": false,
};

/** A window in which `interpreter` is set, and what is to be seen in it, one after the other. */
async function session(interpreter, checks) {
  const workbench = await Workbench.open({
    node: CODE_SERVER_NODE,
    codeServer: CODE_SERVER,
    browser: CHROMIUM,
    extension: join(root, "vscode-extension"),
    workspace: join(root, "examples"),
    settings: { ...SETTINGS, "lwtsyntax.interpreter": interpreter },
  });
  try {
    for (const [name, check] of Object.entries(checks)) {
      await check(workbench);
      console.log(`ok: ${name}`);
    }
  } catch (error) {
    await workbench.screenshot(join(root, "vscode-extension/out/e2e-failure.png"));
    throw error;
  } finally {
    await workbench.close();
  }
}

const WITHOUT_PYTHON = {
  async "a file without forms does not start the language server"(workbench) {
    await workbench.openFile("plain.py");
    await workbench.until(
      "colours",
      () => workbench.colours("print"),
      (found) => found.length > 0,
    );
    assert.equal(await workbench.page.locator(".notifications-toasts .monaco-list-row").count(), 0);
  },

  async "what is missing is said"(workbench) {
    await workbench.openFile(PROGRAM);
    await workbench.page.waitForSelector(
      `.notifications-toasts :text('The Python interpreter "${NO_PYTHON}" cannot be started.')`,
    );
  },
};

const WITH_PYTHON = {
  async "markers are coloured as keywords in a .py file"(workbench) {
    await workbench.openFile(PROGRAM);
    const [keyword] = await workbench.until(
      "keywords",
      () => workbench.colours("from"),
      (found) => found.length > 0,
    );
    await workbench.goToLine(line("for digest"));
    const marked = await workbench.until(
      "for_lwt",
      () => workbench.colours("for_lwt"),
      (found) => found.includes(keyword),
    );
    assert.ok(marked.length > 0);
  },

  async "the preview shows the bind chain of the function at the cursor"(workbench) {
    await workbench.run("lwtsyntax: Show Bind Chain");
    await workbench.until(
      "preview",
      () => workbench.text(1),
      (text) =>
        text.includes("def check(port, entries, verdicts)") && text.includes("Lwt.for_each("),
    );
    await workbench.screenshot(join(pictures, "preview.png"));
  },

  async "the status says which version runs"(workbench) {
    await workbench.page.hover("#status\\.languageStatus");
    await workbench.page.waitForSelector(`.hover-language-status:has-text("${PYTHON}")`);
  },

  async "it follows the cursor"(workbench) {
    await workbench.goToLine(line("reader, writer ="));
    await workbench.until(
      "preview",
      () => workbench.text(1),
      (text) => text.includes("def fetch(port, name)"),
    );
  },

  async "it follows an edit"(workbench) {
    await workbench.goToLine(line("status, *headers"));
    await workbench.page.keyboard.press("End");
    await workbench.page.keyboard.press("Enter");
    await workbench.page.keyboard.type("lwt(log_of(status))");
    await workbench.until(
      "preview",
      () => workbench.text(1),
      (text) => text.includes("log_of(status)"),
    );
  },

  async "what cannot be lowered is underlined"(workbench) {
    await workbench.page.keyboard.press("Enter");
    await workbench.page.keyboard.type("print(locals())");
    await workbench.until(
      "squiggles",
      () => workbench.squiggles(),
      (count) => count > 0,
    );
    assert.match(await workbench.text(1), /^def fetch\(/, "the last good chain stays");
    await workbench.run("Problems: Focus on Problems View");
    await workbench.page.waitForSelector(".markers-panel .monaco-list-row");
    await workbench.screenshot(join(pictures, "diagnostic.png"));
  },

  async "keywords are coloured in a .lwt file, and it has a preview"(workbench) {
    await workbench.page.keyboard.press("Control+j"); // no panel
    await workbench.page.keyboard.press("Control+1"); // the source
    await workbench.run("File: Revert File");
    await workbench.openFile(KEYWORD_PROGRAM);
    await workbench.goToLine(line("match_lwt", KEYWORD_PROGRAM));
    const [keyword] = await workbench.until(
      "keywords",
      () => workbench.colours("return"),
      (found) => found.length > 0,
    );
    for (const word of ["for_lwt", "match_lwt", "exception", "assert_lwt", "return_lwt"]) {
      assert.deepEqual(new Set(await workbench.colours(word)), new Set([keyword]), word);
    }
    await workbench.until(
      "preview",
      () => workbench.text(1),
      (text) => text.includes("def dinner(dishes)") && text.includes("Lwt.for_each("),
    );
    await workbench.screenshot(join(pictures, "keywords.png"));
  },

  async "it is converted into markers, under a name of its own"(workbench) {
    await workbench.run("lwtsyntax: Convert Spelling");
    await workbench.page.waitForSelector('.tab.active:has-text("kitchen.py")');
    await workbench.until(
      "converted",
      () => workbench.text(1),
      (text) => text.includes("while while_lwt(self.busy):") && text.includes("@lwt"),
    );
  },

  async "the whole output is opened"(workbench) {
    await workbench.page.keyboard.press("Control+1");
    await workbench.run("lwtsyntax: Transform File");
    await workbench.page.waitForSelector('.tab.active:has-text("Untitled")');
    await workbench.until(
      "transformed",
      () => workbench.text(1),
      (text) => text.includes("return Lwt.for_each(") || text.includes("Lwt.while_("),
    );
  },
};

mkdirSync(pictures, { recursive: true });
await session(NO_PYTHON, WITHOUT_PYTHON);
await session(PYTHON, WITH_PYTHON);
