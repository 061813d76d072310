// Decorations: which lines belong together, and that a chain is not that of the present text.

import {
  type Disposable,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  TextEditorRevealType,
  ThemeColor,
  window,
} from "vscode";
import type { Expansion } from "../protocol";
import { linesOf, sourceOf } from "./lines";

export class Marks implements Disposable {
  private readonly related: TextEditorDecorationType = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("editor.rangeHighlightBackground"),
    isWholeLine: true,
    overviewRulerColor: new ThemeColor("editorOverviewRuler.rangeHighlightForeground"),
  });
  private readonly stale: TextEditorDecorationType = window.createTextEditorDecorationType({
    opacity: "0.55",
  });

  dispose(): void {
    this.related.dispose();
    this.stale.dispose();
  }

  /** Mark in the preview what comes from *line* of the source, and bring it into view. */
  show(preview: TextEditor, expansion: Expansion | undefined, line: number | undefined): void {
    const lines = expansion && line !== undefined ? linesOf(expansion.lines, line) : [];
    const ranges = lines.map((each) => new Range(each, 0, each, 0));
    preview.setDecorations(this.related, ranges);
    const [first] = ranges;
    if (first) {
      preview.revealRange(first, TextEditorRevealType.InCenterIfOutsideViewport);
    }
    const whole = new Range(0, 0, preview.document.lineCount, 0);
    preview.setDecorations(this.stale, expansion?.stale ? [whole] : []);
  }

  /** Mark *line* of the source, and no other. */
  point(source: TextEditor, line: number | undefined): void {
    source.setDecorations(this.related, line === undefined ? [] : [new Range(line, 0, line, 0)]);
  }

  source(expansion: Expansion | undefined, line: number): number | undefined {
    return expansion && sourceOf(expansion.lines, line);
  }
}
