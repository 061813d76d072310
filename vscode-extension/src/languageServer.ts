// The life of the language server, and how it is asked.

import {
  type Disposable,
  EventEmitter,
  type LogOutputChannel,
  type Position,
  type Uri,
  workspace,
} from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  LSPErrorCodes,
  ResponseError,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import { SELECTOR } from "./documents";
import { SAFE_ENVIRONMENT } from "./probe";
import {
  type Converted,
  type Expansion,
  ExpansionChanged,
  ExpansionRequest,
  type Scope,
  ServerCommand,
  type Spelling,
  type Transformed,
} from "./protocol";
import { NoServer, Outdated, type Server } from "./server";

export class LanguageServer implements Server, Disposable {
  private client: LanguageClient | undefined;
  private readonly changed = new EventEmitter<Uri | undefined>();
  /** The expansions of a document, or of all, may have changed. */
  readonly onExpansionChanged = this.changed.event;

  constructor(private readonly output: LogOutputChannel) {}

  get isRunning(): boolean {
    return this.client?.isRunning() ?? false;
  }

  async start(command: string, args: readonly string[], cwd: string | undefined): Promise<void> {
    await this.stop();
    const client = new LanguageClient(
      "lwtsyntax",
      "lwtsyntax",
      {
        command,
        args: ["-m", "lwtsyntax", "lsp", ...args],
        options: {
          ...(cwd === undefined ? {} : { cwd }),
          env: { ...process.env, ...SAFE_ENVIRONMENT },
        },
        transport: TransportKind.stdio,
      },
      {
        documentSelector: SELECTOR,
        initializationOptions: { ...workspace.getConfiguration("lwtsyntax") },
        outputChannel: this.output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        synchronize: { configurationSection: "lwtsyntax" },
      },
    );
    client.onNotification(ExpansionChanged, ({ uri }) => {
      this.changed.fire(client.protocol2CodeConverter.asUri(uri));
    });
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        this.changed.fire(undefined);
      }
    });
    this.client = client;
    await client.start();
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // A client that never came up cannot be stopped, only left; a server that died does not answer.
    if (client?.needsStop()) {
      await client.stop().catch((error) => this.output.warn(String(error)));
    }
  }

  dispose(): void {
    this.changed.dispose();
    void this.stop();
  }

  async expansion(
    uri: Uri,
    position: Position | undefined,
    scope: Scope,
  ): Promise<Expansion | undefined> {
    const params = {
      textDocument: { uri: this.asUri(uri) },
      ...(position === undefined ? {} : { position }),
      scope,
    };
    try {
      return (await this.running().sendRequest(ExpansionRequest, params)) ?? undefined;
    } catch (error) {
      throw isOutdated(error) ? new Outdated() : error;
    }
  }

  transform(uri: Uri): Promise<Transformed> {
    return this.execute(ServerCommand.transform, [this.asUri(uri)]);
  }

  convert(uri: Uri, spelling: Spelling): Promise<Converted> {
    return this.execute(ServerCommand.convertSpelling, [this.asUri(uri), spelling]);
  }

  private execute<T>(command: string, args: unknown[]): Promise<T> {
    return this.running().sendRequest(ExecuteCommandRequest.type, {
      command,
      arguments: args,
    }) as Promise<T>;
  }

  private asUri(uri: Uri): string {
    return this.running().code2ProtocolConverter.asUri(uri);
  }

  private running(): LanguageClient {
    if (!this.client?.isRunning()) {
      throw new NoServer();
    }
    return this.client;
  }
}

function isOutdated(error: unknown): boolean {
  const codes: number[] = [
    LSPErrorCodes.ContentModified,
    LSPErrorCodes.RequestCancelled,
    LSPErrorCodes.ServerCancelled,
  ];
  return error instanceof ResponseError && codes.includes(error.code);
}
