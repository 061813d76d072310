// The bind chain beside its source: one read-only document that follows the cursor and the edits.

import {
  commands,
  Disposable,
  EventEmitter,
  type Position,
  Range,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { isSource } from "../documents";
import type { Expansion, Scope } from "../protocol";
import { Outdated, type Server } from "../server";
import { Marks } from "./marks";

export const PREVIEW_SCHEME = "lwtsyntax-preview";
export const PREVIEW = Uri.from({ scheme: PREVIEW_SCHEME, path: "/bind chain.py" });

const HINTS = {
  function: "# Put the cursor into a function that waits.\n",
  file: "# Nothing in this file is to be transformed.\n",
};

export class Preview implements Disposable {
  private scope: Scope = "function";
  private expansion: Expansion | undefined;
  private text = "";
  /** Counts questions: an answer that a newer question has overtaken is dropped. */
  private asked = 0;
  private wasOpen = false;
  private readonly marks = new Marks();
  private readonly changed = new EventEmitter<Uri>();
  private readonly subscriptions: Disposable;

  constructor(private readonly server: Server) {
    this.subscriptions = Disposable.from(
      this.marks,
      this.changed,
      workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: () => this.text,
      }),
      window.onDidChangeActiveTextEditor((editor) => editor && this.follow(editor)),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.follow(textEditor)),
      window.onDidChangeVisibleTextEditors(() => this.look()),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (isPreview(document.uri)) {
          this.mark();
        }
      }),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Open the preview beside the source, or set an open one to another scope. */
  async show(scope: Scope): Promise<void> {
    const source = this.source();
    if (!source) {
      return;
    }
    this.scope = scope;
    await commands.executeCommand("setContext", "lwtsyntax.previewScope", scope);
    await this.ask(source);
    const document = await workspace.openTextDocument(PREVIEW);
    const open = editorsOf(PREVIEW)[0];
    this.wasOpen = true;
    await window.showTextDocument(document, {
      preserveFocus: true,
      preview: false,
      viewColumn: open?.viewColumn ?? ViewColumn.Beside,
    });
    this.mark();
  }

  /** The server has analysed a document anew, or all of them. */
  refresh(uri: Uri | undefined): void {
    const source = this.source();
    const isShown = !uri || source?.document.uri.toString() === uri.toString();
    if (source && isShown && isOpen()) {
      void this.ask(source);
    }
  }

  /** Behind another tab the preview does not follow; in front again, it catches up. */
  private look(): void {
    const open = isOpen();
    if (open && !this.wasOpen) {
      this.refresh(undefined);
    }
    this.wasOpen = open;
  }

  private follow(editor: TextEditor): void {
    if (!isOpen()) {
      return;
    }
    if (isPreview(editor.document.uri)) {
      // A new text moves its cursor, too; that is nobody's wish.
      if (editor === window.activeTextEditor) {
        this.markSource(editor);
      }
    } else if (isSource(editor.document)) {
      if (this.covers(editor)) {
        this.mark();
      } else {
        void this.ask(editor);
      }
    }
  }

  private shows(editor: TextEditor): boolean {
    const shown = this.expansion;
    return shown?.uri === editor.document.uri.toString() && shown.scope === this.scope;
  }

  /** Whether the preview shows what the cursor of *editor* is in. */
  private covers(editor: TextEditor): boolean {
    if (!this.expansion || !this.shows(editor)) {
      return false;
    }
    const { start, end } = this.expansion.sourceRange;
    const { line } = editor.selection.active;
    return this.scope === "file" || (start.line <= line && line <= end.line);
  }

  /** There the function that was shown last stays. */
  private isBetweenFunctions(editor: TextEditor): boolean {
    return this.shows(editor) && !this.covers(editor);
  }

  private async ask(editor: TextEditor): Promise<void> {
    const { uri } = editor.document;
    this.asked += 1;
    const question = this.asked;
    try {
      const found = await this.server.expansion(uri, this.position(editor), this.scope);
      if (question === this.asked) {
        this.take(found, editor);
      }
    } catch (error) {
      if (question === this.asked && !(error instanceof Outdated)) {
        this.put(comment(error), undefined);
      }
    }
  }

  private take(found: Expansion | undefined, editor: TextEditor): void {
    if (found) {
      // The server's spelling of the address may differ from VS Code's.
      this.put(found.text, { ...found, uri: editor.document.uri.toString() });
    } else if (!this.isBetweenFunctions(editor)) {
      this.put(HINTS[this.scope], undefined);
    }
  }

  private position(editor: TextEditor): Position | undefined {
    return this.scope === "function" ? editor.selection.active : undefined;
  }

  private put(text: string, expansion: Expansion | undefined): void {
    this.expansion = expansion;
    if (text === this.text) {
      this.mark();
    } else {
      this.text = text;
      this.changed.fire(PREVIEW);
    }
  }

  private mark(): void {
    const source = this.source();
    for (const editor of editorsOf(PREVIEW)) {
      this.marks.show(editor, this.expansion, source?.selection.active.line);
    }
    if (source) {
      this.marks.point(source, undefined);
    }
  }

  /** Show the line of the source that the cursor of the preview stands for. */
  private markSource(preview: TextEditor): void {
    const line = this.marks.source(this.expansion, preview.selection.active.line);
    const source = this.expansion && editorsOf(Uri.parse(this.expansion.uri))[0];
    if (source && line !== undefined) {
      const range = new Range(line, 0, line, 0);
      source.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
      this.marks.point(source, line);
    }
  }

  /** The source that is in use: the active editor, or the one that the preview shows. */
  private source(): TextEditor | undefined {
    const active = window.activeTextEditor;
    if (active && isSource(active.document)) {
      return active;
    }
    const visible = window.visibleTextEditors.filter(({ document }) => isSource(document));
    return (
      visible.find(({ document }) => document.uri.toString() === this.expansion?.uri) ?? visible[0]
    );
  }
}

/** Why there is no chain, as the preview shows it. */
function comment(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trimEnd().replaceAll(/^/gm, "# ").concat("\n");
}

function isPreview(uri: Uri): boolean {
  return uri.scheme === PREVIEW_SCHEME;
}

function editorsOf(uri: Uri): TextEditor[] {
  return window.visibleTextEditors.filter(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
}

function isOpen(): boolean {
  return editorsOf(PREVIEW).length > 0;
}
