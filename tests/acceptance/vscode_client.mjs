// Speaks to the server by the library that VS Code's own client is built on: node vscode_client.mjs LIBRARY SERVER FILE
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

const [library, server, file] = process.argv.slice(2);
const lsp = createRequire(`${library}/`)("vscode-languageserver-protocol/node");
const uri = pathToFileURL(file).href;
const child = spawn(server, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
const ended = new Promise((resolve) => child.on("exit", resolve));
const reader = new lsp.StreamMessageReader(child.stdout);
const connection = lsp.createProtocolConnection(reader, new lsp.StreamMessageWriter(child.stdin));
connection.listen();

const root = pathToFileURL(dirname(dirname(dirname(file)))).href;
await connection.sendRequest(lsp.InitializeRequest.type, {
  processId: process.pid,
  rootUri: root,
  workspaceFolders: [{ uri: root, name: "repository" }],
  capabilities: {
    textDocument: { diagnostic: {}, codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] } } },
    workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["rename"] } },
  },
});
await connection.sendNotification(lsp.InitializedNotification.type, {});
const wrong = readFileSync(file, "utf8").replace("driver 560+", "driver 535+");
const textDocument = { uri, languageId: "nix", version: 1, text: wrong };
await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument });
const pulled = await connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument: { uri } });
const again = await connection.sendRequest(lsp.DocumentDiagnosticRequest.type, {
  textDocument: { uri },
  previousResultId: pulled.resultId,
});
const [found] = pulled.items;
const all = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
const [action] = await connection.sendRequest(lsp.CodeActionRequest.type, {
  textDocument: { uri },
  range: all,
  context: { diagnostics: pulled.items, only: ["source.fixAll"] },
});
const resolved = await connection.sendRequest(lsp.CodeActionResolveRequest.type, action);
const everything = await connection.sendRequest(lsp.WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
await connection.sendRequest(lsp.ShutdownRequest.type);
await connection.sendNotification(lsp.ExitNotification.type);
const answer = {
  message: found.message,
  href: found.codeDescription.href,
  again: again.kind,
  mended: resolved.edit.documentChanges[0].edits[0].newText === readFileSync(file, "utf8"),
  files: everything.items.filter((one) => one.items.length > 0).length,
  code: await ended,
};
console.log(JSON.stringify(answer));
