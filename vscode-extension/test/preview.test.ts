import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { PREVIEW, Preview } from "../src/preview/preview";
import { NoServer, Outdated, type Server } from "../src/server";
import { StubServer } from "./support/server";
import { type TextEditor, Uri, window, world } from "./support/vscode";

const RELATED = 0;
const STALE = 1;
const SOURCE = "from lwtsyntax import lwt\n@lwt\ndef f(): ...\n\n@lwt\ndef g(): ...\n";

/** Functions f in the lines 1 and 2, g in 4 and 5; each has a chain of three lines. */
function twoFunctions(_path: string, line: number | undefined, scope: string) {
  const range = (start: number, end: number) => ({
    sourceRange: { start: { line: start, character: 0 }, end: { line: end, character: 9 } },
  });
  if (scope === "file") {
    return { name: "m", text: "whole", lines: [0], ...range(0, 6) };
  }
  if (line === 1 || line === 2) {
    return { name: "f", text: "f\nf\nf\n", lines: [1, 2, 2], ...range(1, 2) };
  }
  if (line === 4 || line === 5) {
    return { name: "g", text: "g\ng\ng\n", lines: [4, -1, 5], ...range(4, 5) };
  }
  return undefined;
}

/** Lets everything that is under way come to rest. */
const rest = () => new Promise((resolve) => setImmediate(resolve));

describe("the preview", () => {
  let server: StubServer;
  let preview: Preview;
  let source: TextEditor;

  beforeEach(() => {
    world.reset();
    server = new StubServer();
    server.expansions = twoFunctions;
    preview = new Preview(server);
    source = world.open("/m.py", "python", SOURCE);
    world.moveTo(source, 2);
  });

  afterEach(() => preview.dispose());

  function shown(): TextEditor {
    const uri = PREVIEW.toString();
    const found = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
    assert.ok(found);
    return found;
  }

  async function show(scope: "function" | "file" = "function"): Promise<TextEditor> {
    await preview.show(scope);
    return shown();
  }

  it("asks for the function at the cursor", async () => {
    await show();
    assert.deepEqual(server.asked, ["/m.py function 2"]);
  });

  it("asks for the file without a position", async () => {
    await show("file");
    assert.deepEqual(server.asked, ["/m.py file"]);
    assert.equal(world.context["lwtsyntax.previewScope"], "file");
  });

  it("marks the lines that belong to the cursor's", async () => {
    const editor = await show();
    assert.deepEqual(editor.marked(RELATED), [1, 2]);
    world.moveTo(source, 1);
    assert.deepEqual(editor.marked(RELATED), [0]);
    assert.equal(server.asked.length, 1, "the cursor is still in the function that is shown");
  });

  it("follows the cursor into another function", async () => {
    const editor = await show();
    world.moveTo(source, 5);
    await rest();
    assert.equal(editor.document.text, "g\ng\ng\n");
    assert.deepEqual(editor.marked(RELATED), [2]);
  });

  it("keeps the last function while the cursor is between two", async () => {
    const editor = await show();
    world.moveTo(source, 5);
    await rest();
    world.moveTo(source, 3);
    await rest();
    assert.equal(editor.document.text, "g\ng\ng\n");
  });

  it("follows edits", async () => {
    const editor = await show();
    server.expansions = () => ({ ...twoFunctions("", 2, "function"), text: "edited\n" });
    preview.refresh(Uri.file("/m.py") as never);
    await rest();
    assert.equal(editor.document.text, "edited\n");
  });

  it("asks again when the server has started anew", async () => {
    await show();
    preview.refresh(undefined);
    await rest();
    assert.equal(server.asked.length, 2);
  });

  it("does not ask about documents that it does not show", async () => {
    await show();
    preview.refresh(Uri.file("/other.py") as never);
    await rest();
    assert.equal(server.asked.length, 1);
  });

  it("says so when the function is no thread function any more", async () => {
    const editor = await show();
    server.expansions = () => undefined;
    preview.refresh(Uri.file("/m.py") as never);
    await rest();
    assert.match(editor.document.text, /^# Put the cursor/);
  });

  it("dims what is left from before a syntax error", async () => {
    const editor = await show();
    assert.deepEqual(editor.marked(STALE), []);
    server.expansions = () => ({ ...twoFunctions("", 2, "function"), stale: true });
    preview.refresh(Uri.file("/m.py") as never);
    await rest();
    assert.deepEqual(editor.marked(STALE), [0]);
  });

  it("drops an answer that a newer question has overtaken", async () => {
    const editor = await show();
    let open = (_: unknown) => {};
    server.gate = new Promise((resolve) => {
      open = resolve;
    });
    world.moveTo(source, 4);
    server.gate = Promise.resolve();
    world.moveTo(source, 5);
    server.expansions = () => ({ ...twoFunctions("", 2, "function"), text: "newest\n" });
    preview.refresh(Uri.file("/m.py") as never);
    await rest();
    open(undefined);
    await rest();
    assert.equal(editor.document.text, "newest\n");
  });

  it("follows to another file, and not to one without forms", async () => {
    await show();
    world.open("/plain.py", "python", "x = 1\n");
    await rest();
    assert.equal(server.asked.length, 1);
    world.open("/n.lwt", "lwt", "lwt x = e\n");
    await rest();
    assert.equal(server.asked.at(-1), "/n.lwt function 0");
  });

  it("points at the source when its own cursor moves", async () => {
    const editor = await show();
    world.activate(editor);
    world.moveTo(editor, 0);
    assert.deepEqual(source.marked(RELATED), [1]);
    assert.equal(source.revealed.at(-1)?.start.line, 1);
    world.activate(source);
    assert.deepEqual(source.marked(RELATED), []);
  });

  it("does not point at the source when a new text moves its cursor", async () => {
    const editor = await show();
    world.moveTo(editor, 2);
    assert.deepEqual(source.marked(RELATED), []);
    assert.deepEqual(source.revealed, []);
  });

  it("asks nothing when it is closed", async () => {
    world.close(await show());
    world.moveTo(source, 5);
    preview.refresh(Uri.file("/m.py") as never);
    await rest();
    assert.equal(server.asked.length, 1);
  });

  it("catches up when it comes to the front again", async () => {
    const editor = await show();
    world.close(editor);
    world.moveTo(source, 5);
    world.bringBack(editor);
    await rest();
    assert.equal(editor.document.text, "g\ng\ng\n");
  });

  it("says that no server runs", async () => {
    const editor = await show();
    (server as Server).expansion = () => Promise.reject(new NoServer());
    world.moveTo(source, 5);
    await rest();
    assert.match(editor.document.text, /server of lwtsyntax is not running/);
  });

  it("shows why there is no chain", async () => {
    const editor = await show();
    (server as Server).expansion = () => Promise.reject(new Error("m.py:5:1: LWT010\nlwt(x)"));
    world.moveTo(source, 5);
    await rest();
    assert.equal(editor.document.text, "# m.py:5:1: LWT010\n# lwt(x)\n");
  });

  it("keeps what it shows while the text changes under the server's hands", async () => {
    const editor = await show();
    const { text } = editor.document;
    (server as Server).expansion = () => Promise.reject(new Outdated());
    world.moveTo(source, 5);
    await rest();
    assert.equal(editor.document.text, text);
  });
});
