// A stand-in for the part of VS Code's API that the extension uses, for tests without VS Code.

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
    this.start = new Position(startLine, startCharacter);
    this.end = new Position(endLine, endCharacter);
  }
}

export class Uri {
  constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}
  static from({ scheme, path }: { scheme: string; path: string }): Uri {
    return new Uri(scheme, path);
  }
  static parse(text: string): Uri {
    const [, scheme = "", path = ""] = /^([\w-]+):(?:\/\/)?(.*)$/.exec(text) ?? [];
    return new Uri(scheme, path);
  }
  static file(path: string): Uri {
    return new Uri("file", path);
  }
  get fsPath(): string {
    return this.path;
  }
  with(change: { scheme?: string; path?: string }): Uri {
    return new Uri(change.scheme ?? this.scheme, change.path ?? this.path);
  }
  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class Disposable {
  constructor(private readonly callback: () => unknown) {}
  static from(...parts: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) {
        part.dispose();
      }
    });
  }
  dispose(): void {
    this.callback();
  }
}

export class EventEmitter<T> {
  private readonly listeners = new Set<(event: T) => unknown>();
  readonly event = (listener: (event: T) => unknown): Disposable => {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  };
  fire(event: T): void {
    for (const listener of [...this.listeners]) {
      listener(event);
    }
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export enum ViewColumn {
  Beside = -2,
  One = 1,
  Two = 2,
}

export enum TextEditorRevealType {
  InCenterIfOutsideViewport = 2,
}

export enum LanguageStatusSeverity {
  Information = 0,
  Warning = 1,
  Error = 2,
}

export class TextDocument {
  constructor(
    readonly uri: Uri,
    readonly languageId: string,
    public text: string,
  ) {}
  getText(): string {
    return this.text;
  }
  get lineCount(): number {
    return this.text.split("\n").length;
  }
  validateRange(range: Range): Range {
    return range;
  }
}

export class TextEditor {
  viewColumn: ViewColumn | undefined = ViewColumn.One;
  readonly decorations = new Map<unknown, Range[]>();
  readonly revealed: Range[] = [];
  selection = { active: new Position(0, 0) };
  constructor(readonly document: TextDocument) {}
  setDecorations(type: unknown, ranges: Range[]): void {
    this.decorations.set(type, ranges);
  }
  revealRange(range: Range): void {
    this.revealed.push(range);
  }
  async edit(
    change: (edit: { replace(range: Range, text: string): void }) => void,
  ): Promise<boolean> {
    change({
      replace: (_range, text) => {
        this.document.text = text;
      },
    });
    return true;
  }
  /** The lines with the decoration that was made as number *index*. */
  marked(index: number): number[] {
    const ranges = this.decorations.get(world.decorations[index]) ?? [];
    return ranges.map(({ start }) => start.line);
  }
}

interface ContentProvider {
  onDidChange(listener: (uri: Uri) => unknown): Disposable;
  provideTextDocumentContent(uri: Uri): string;
}

const providers = new Map<string, ContentProvider>();

const events = {
  activeEditor: new EventEmitter<TextEditor | undefined>(),
  visibleEditors: new EventEmitter<void>(),
  selection: new EventEmitter<{ textEditor: TextEditor }>(),
  documentChanged: new EventEmitter<{ document: TextDocument }>(),
};

/** What the tests see and set. */
export const world = {
  settings: {} as Record<string, unknown>,
  extensions: {} as Record<string, unknown>,
  files: new Set<string>(),
  documents: [] as TextDocument[],
  decorations: [] as unknown[],
  messages: [] as string[],
  context: {} as Record<string, unknown>,

  reset(): void {
    Object.assign(world, { settings: {}, extensions: {}, context: {} });
    Object.assign(world, { files: new Set(), documents: [], decorations: [], messages: [] });
    Object.assign(window, { activeTextEditor: undefined, visibleTextEditors: [] });
  },

  /** An editor with a document, in front of all others. */
  open(path: string, languageId: string, text: string): TextEditor {
    const document = new TextDocument(Uri.file(path), languageId, text);
    world.documents.push(document);
    const editor = new TextEditor(document);
    window.visibleTextEditors.push(editor);
    world.activate(editor);
    return editor;
  },

  activate(editor: TextEditor): void {
    window.activeTextEditor = editor;
    events.activeEditor.fire(editor);
  },

  moveTo(editor: TextEditor, line: number): void {
    editor.selection = { active: new Position(line, 0) };
    events.selection.fire({ textEditor: editor });
  },

  bringBack(editor: TextEditor): void {
    window.visibleTextEditors.push(editor);
    events.visibleEditors.fire();
  },

  close(editor: TextEditor): void {
    window.visibleTextEditors = window.visibleTextEditors.filter((each) => each !== editor);
    events.visibleEditors.fire();
  },
};

export const window = {
  activeTextEditor: undefined as TextEditor | undefined,
  visibleTextEditors: [] as TextEditor[],
  onDidChangeActiveTextEditor: events.activeEditor.event,
  onDidChangeTextEditorSelection: events.selection.event,
  onDidChangeVisibleTextEditors: events.visibleEditors.event,
  createTextEditorDecorationType(): Disposable {
    const made = new Disposable(() => undefined);
    world.decorations.push(made);
    return made;
  },
  async showTextDocument(document: TextDocument): Promise<TextEditor> {
    const open = window.visibleTextEditors.find((editor) => editor.document === document);
    const editor = open ?? new TextEditor(document);
    if (!open) {
      editor.viewColumn = ViewColumn.Two;
      window.visibleTextEditors.push(editor);
    }
    return editor;
  },
  async showErrorMessage(message: string): Promise<undefined> {
    world.messages.push(message);
  },
  async showInformationMessage(message: string): Promise<undefined> {
    world.messages.push(message);
  },
};

export const workspace = {
  workspaceFolders: undefined as { uri: Uri }[] | undefined,
  onDidChangeTextDocument: events.documentChanged.event,
  fs: {
    async stat(uri: Uri): Promise<void> {
      if (!world.files.has(uri.path)) {
        throw new Error("FileNotFound");
      }
    },
  },
  getConfiguration: (section: string) => ({
    get: (name: string, otherwise: unknown) => world.settings[`${section}.${name}`] ?? otherwise,
  }),
  getWorkspaceFolder: () => workspace.workspaceFolders?.[0],
  registerTextDocumentContentProvider(scheme: string, provider: ContentProvider): Disposable {
    providers.set(scheme, provider);
    return provider.onDidChange((uri) => {
      const document = world.documents.find((each) => each.uri.toString() === uri.toString());
      if (document && uri.scheme === scheme) {
        document.text = provider.provideTextDocumentContent(uri);
        events.documentChanged.fire({ document });
      }
    });
  },
  async openTextDocument(what: Uri | { content: string; language: string }): Promise<TextDocument> {
    if (what instanceof Uri) {
      const known = world.documents.find((each) => each.uri.toString() === what.toString());
      const language = what.path.endsWith(".lwt") ? "lwt" : "python";
      const text = providers.get(what.scheme)?.provideTextDocumentContent(what) ?? "";
      return known ?? remember(new TextDocument(what, language, text));
    }
    return remember(
      new TextDocument(Uri.parse("untitled:Untitled-1"), what.language, what.content),
    );
  },
};

function remember(document: TextDocument): TextDocument {
  world.documents.push(document);
  return document;
}

export const commands = {
  async executeCommand(command: string, ...args: unknown[]): Promise<void> {
    if (command === "setContext") {
      world.context[String(args[0])] = args[1];
    }
  },
};

export const extensions = {
  getExtension: (id: string) => world.extensions[id],
};
