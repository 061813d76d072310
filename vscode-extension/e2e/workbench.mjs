// A real VS Code with the extension in it: code-server, seen through headless Chromium.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** The name of the one .vsix that `npm run package` has made. */
function packed(folder) {
  const [name, ...others] = readdirSync(folder).filter((each) => each.endsWith(".vsix"));
  if (!name || others.length > 0) {
    throw new Error("run `npm run package` first: there has to be exactly one .vsix");
  }
  return join(folder, name);
}

export class Workbench {
  /** Starts code-server over a copy of `workspace`, and opens it in a browser. */
  static async open({ node, codeServer, browser, extension, workspace, settings }) {
    const home = mkdtempSync(join(tmpdir(), "lwtsyntax-e2e-"));
    const places = [
      "--user-data-dir",
      join(home, "user"),
      "--extensions-dir",
      join(home, "extensions"),
    ];
    mkdirSync(join(home, "user/User"), { recursive: true });
    writeFileSync(join(home, "user/User/settings.json"), JSON.stringify(settings));
    cpSync(workspace, join(home, "examples"), { recursive: true });
    writeFileSync(join(home, "examples/plain.py"), 'print("no forms in here")\n');
    const options = { env: { ...process.env, HOME: home }, stdio: ["ignore", "pipe", "pipe"] };
    const install = [codeServer, ...places, "--install-extension", packed(extension)];
    execFileSync(node, install, options);
    const server = spawn(
      node,
      [codeServer, ...places, "--auth", "none", "--bind-addr", "127.0.0.1:0"].concat([
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-workspace-trust",
        join(home, "examples"),
      ]),
      options,
    );
    const workbench = new Workbench(home, server);
    workbench.address = await addressOf(server);
    workbench.browser = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
    const view = { viewport: { width: 1400, height: 820 } };
    workbench.page = await workbench.browser.newPage(view);
    await workbench.page.goto(workbench.address);
    await workbench.page.waitForSelector(".monaco-workbench .part.editor", { timeout: 60_000 });
    await workbench.page.keyboard.press("Control+b"); // the side bar leaves its room to the editors
    return workbench;
  }

  constructor(home, server) {
    this.home = home;
    this.server = server;
  }

  async close() {
    await this.browser?.close();
    this.server.kill();
    await new Promise((resolve) => this.server.once("exit", resolve));
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name) {
    await this.page.keyboard.press("Control+p");
    await this.page.waitForSelector(".quick-input-widget .input");
    await this.page.keyboard.type(name);
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row:has-text("${name}")`);
    await this.accept();
    await this.page.waitForSelector(`.tab.active:has-text("${name}")`);
    await this.page.waitForSelector(".editor-group-container.active .view-line span span");
  }

  async run(command) {
    await this.page.keyboard.press("F1");
    await this.page.waitForSelector(".quick-input-widget .input");
    await this.page.keyboard.type(command);
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row:has-text("${command}")`);
    await this.accept();
  }

  async goToLine(line) {
    await this.page.keyboard.press("Control+g");
    await this.page.waitForSelector(".quick-input-widget .input");
    await this.page.keyboard.type(String(line));
    await this.accept();
  }

  /** Enter in the quick input, which keeps the keyboard until it is gone. */
  async accept() {
    await this.page.keyboard.press("Enter");
    await this.page.waitForSelector(".quick-input-widget", { state: "hidden" });
  }

  /** Waits until *condition*, of what *look* sees, holds; says what was seen last if it does not. */
  async until(what, look, condition, seconds = 30) {
    const end = Date.now() + seconds * 1000;
    let seen = await look();
    while (!condition(seen)) {
      if (Date.now() > end) {
        throw new Error(`${what}: ${JSON.stringify(seen)}`);
      }
      await this.page.waitForTimeout(100);
      seen = await look();
    }
    return seen;
  }

  /** The text that group number *index*, from the left, shows. */
  async text(index) {
    const group = this.page.locator(".editor-group-container").nth(index);
    const lines = group.locator(".monaco-editor .view-line");
    const found = await lines.evaluateAll((elements) =>
      elements
        .map((each) => [Number.parseFloat(each.style.top), each.textContent ?? ""])
        .sort(([a], [b]) => a - b)
        .map(([, text]) => text.replaceAll("\u00a0", " ")),
    );
    return found.join("\n");
  }

  /** The colour of *word* in the active group: CSS's notation, for each place. */
  async colours(word) {
    const spans = this.page.locator(".editor-group-container.active .view-line span span");
    return spans.evaluateAll(
      (elements, wanted) =>
        elements
          .filter((each) => each.textContent?.trim() === wanted)
          .map((each) => getComputedStyle(each).color),
      word,
    );
  }

  async squiggles() {
    return this.page.locator(".editor-group-container.active .squiggly-error").count();
  }

  async screenshot(path) {
    await this.page.screenshot({ path });
  }
}

function addressOf(server) {
  return new Promise((resolve, reject) => {
    let log = "";
    const read = (chunk) => {
      log += chunk;
      const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(log);
      if (found) {
        resolve(found[0]);
      }
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("exit", () => reject(new Error(log)));
  });
}
