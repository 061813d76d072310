import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { convertSpelling, transformFile } from "../src/commands";
import { StubServer } from "./support/server";
import { window, world } from "./support/vscode";

const MARKERS = "from lwtsyntax import lwt\n";

/** Scheme, path, language and text of the document that was opened last. */
function opened(): string[] {
  const document = window.visibleTextEditors.at(-1)?.document;
  assert.ok(document);
  return [document.uri.scheme, document.uri.path, document.languageId, document.text];
}

describe("Transform File", () => {
  beforeEach(() => world.reset());

  it("opens what the file becomes", async () => {
    const server = new StubServer();
    server.transformed = () => ({ text: "bound\n" });
    world.open("/m.py", "python", MARKERS);
    await transformFile(server);
    assert.deepEqual(opened(), ["untitled", "Untitled-1", "python", "bound\n"]);
  });

  it("shows what the server has against it", async () => {
    const server = new StubServer();
    server.transformed = () => {
      throw new Error("m.py:3:1: LWT010");
    };
    world.open("/m.py", "python", MARKERS);
    await transformFile(server);
    assert.deepEqual(world.messages, ["m.py:3:1: LWT010"]);
  });

  it("says what to open first", async () => {
    world.open("/m.py", "python", "x = 1\n");
    await transformFile(new StubServer());
    assert.match(world.messages[0] ?? "", /imports lwtsyntax first/);
  });
});

describe("Convert Spelling", () => {
  beforeEach(() => world.reset());

  it("gives markers keywords, under the name that the file then has", async () => {
    const server = new StubServer();
    server.converted = () => ({ text: "lwt x = e\n", languageId: "lwt" });
    world.open("/a/m.py", "python", MARKERS);
    await convertSpelling(server);
    assert.deepEqual(server.asked, ["/a/m.py keywords"]);
    assert.deepEqual(opened(), ["untitled", "/a/m.lwt", "lwt", "lwt x = e\n"]);
  });

  it("gives keywords markers", async () => {
    const server = new StubServer();
    server.converted = () => ({ text: "x = lwt(e)\n", languageId: "python" });
    world.open("/a/m.lwt", "lwt", "lwt x = e\n");
    await convertSpelling(server);
    assert.deepEqual(server.asked, ["/a/m.lwt markers"]);
    assert.deepEqual(opened(), ["untitled", "/a/m.py", "python", "x = lwt(e)\n"]);
  });

  it("takes no name that a file has", async () => {
    const server = new StubServer();
    server.converted = () => ({ text: "lwt x = e\n", languageId: "lwt" });
    world.files.add("/a/m.lwt");
    world.open("/a/m.py", "python", MARKERS);
    await convertSpelling(server);
    assert.deepEqual(opened(), ["untitled", "Untitled-1", "lwt", "lwt x = e\n"]);
  });
});
