// Prisma's query engine as the npm package has it, compiled to WebAssembly, behind the HTTP API of its native program.
//
// The native program is in no package registry. This one speaks what clients in Python speak: GraphQL in, plain JSON
// out, where the compiled engine speaks Prisma's JSON protocol.
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");

const VERSION = require("@prisma/engines-version").enginesVersion;
if (process.argv.includes("--version")) {
  console.log(`query-engine ${VERSION}`);
  process.exit(0);
}

const graphql = require("graphql");
const pg = require("pg");
const { PrismaPg } = require("@prisma/adapter-pg");
const { bindAdapter } = require("@prisma/driver-adapter-utils");

const runtime = path.join(path.dirname(require.resolve("@prisma/client/package.json")), "runtime");
const bindings = require(path.join(runtime, "query_engine_bg.postgresql.js"));

// Types of system catalogues, which the adapter does not know: name, name[], regclass and void are texts.
const TEXTS = new Map([[19, 25], [1003, 1009], [2205, 25], [2278, 25]]);
const { addFields } = require("pg/lib/result").prototype;
require("pg/lib/result").prototype.addFields = function (fields) {
  for (const field of fields) field.dataTypeID = TEXTS.get(field.dataTypeID) || field.dataTypeID;
  return addFields.call(this, fields);
};

const ACTIONS = [
  "findUniqueOrThrow", "findUnique", "findFirstOrThrow", "findFirst", "findMany", "createMany", "createOne",
  "updateMany", "updateOne", "upsertOne", "deleteMany", "deleteOne", "aggregate", "groupBy", "queryRaw", "executeRaw",
];

function value(node) {
  switch (node.kind) {
    case "ListValue":
      return node.values.map(value);
    case "ObjectValue":
      return Object.fromEntries(node.fields.map((field) => [field.name.value, value(field.value)]));
    case "NullValue":
      return null;
    case "IntValue":
    case "FloatValue":
      return Number(node.value);
    default:
      return node.value;
  }
}

function arguments_(field) {
  return Object.fromEntries(field.arguments.map((one) => [one.name.value, value(one.value)]));
}

function selection(set) {
  const fields = set ? set.selections : [];
  return Object.fromEntries(
    fields.map((field) => [
      field.name.value,
      field.selectionSet || field.arguments.length
        ? { arguments: arguments_(field), selection: selection(field.selectionSet) }
        : true,
    ]),
  );
}

// GraphQL's types say which texts are JSON; here the schema has to.
let jsonFields = new Map();
function readSchema(text) {
  const models = [...text.matchAll(/^model (\w+) \{([^]*?)^\}/gm)];
  const fields = (body) => new Set([...body.matchAll(/^\s+(\w+)\s+Json\b/gm)].map((found) => found[1]));
  jsonFields = new Map(models.map(([, name, body]) => [name, fields(body)]));
}

function tagged(model, data) {
  if (Array.isArray(data)) return data.map((one) => tagged(model, one));
  const known = jsonFields.get(model) || new Set();
  const tag = (key, one) => (known.has(key) && typeof one === "string" ? { $type: "Json", value: one } : one);
  return Object.fromEntries(Object.entries(data).map(([key, one]) => [key, tag(key, one)]));
}

function written(model, given) {
  const kept = Object.entries(given);
  return Object.fromEntries(
    kept.map(([key, one]) => [key, ["data", "create", "update"].includes(key) ? tagged(model, one) : one]),
  );
}

function query(text) {
  const [operation] = graphql.parse(text).definitions;
  const [field] = operation.selectionSet.selections;
  const name = field.name.value;
  const action = ACTIONS.find((one) => name.startsWith(one));
  const modelName = name.slice(action.length) || undefined;
  return {
    name,
    alias: (field.alias || field.name).value,
    body: { modelName, action, query: { arguments: written(modelName, arguments_(field)), selection: selection(field.selectionSet) } },
  };
}

function plain(found) {
  if (Array.isArray(found)) return found.map(plain);
  if (found === null || typeof found !== "object") return found;
  if (typeof found.$type === "string") return found.value;
  return Object.fromEntries(Object.entries(found).map(([key, one]) => [key, plain(one)]));
}

function raw(found) {
  if (!found || !found.types) return found;
  const parsed = (one, type) => (type === "json" && typeof one === "string" ? JSON.parse(one) : one);
  return { ...found, rows: found.rows.map((row) => row.map((one, index) => parsed(one, found.types[index]))) };
}

function answer(asked, found) {
  if (found.errors) return found;
  const [result] = Object.values(found.data);
  return { data: { [asked.alias]: asked.body.action.endsWith("Raw") ? raw(result) : plain(result) } };
}

function pool() {
  const url = new URL(process.env.DATABASE_URL);
  return new pg.Pool({
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
    max: Number(url.searchParams.get("connection_limit") || 5),
    // As the native program does: `require` encrypts, and asks for no authority.
    ssl: url.searchParams.get("sslmode") === "require" ? { rejectUnauthorized: false } : undefined,
  });
}

async function engine() {
  readSchema(fs.readFileSync(process.env.PRISMA_DML_PATH, "utf-8"));
  const wasm = new WebAssembly.Module(fs.readFileSync(path.join(runtime, "query_engine_bg.postgresql.wasm")));
  const instance = new WebAssembly.Instance(wasm, { "./query_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  const made = new bindings.QueryEngine(
    { datamodel: fs.readFileSync(process.env.PRISMA_DML_PATH, "utf-8"), logLevel: "error", logQueries: false, env: {} },
    (line) => process.stderr.write(`${line}\n`),
    bindAdapter(new PrismaPg(pool())),
  );
  await made.connect("{}");
  return made;
}

async function handle(made, request, body) {
  const [, first, id, what] = request.url.split("?")[0].split("/");
  const transaction = request.headers["x-transaction-id"];
  if (first === "status") return { status: "ok" };
  if (first === "metrics") return { counters: [], gauges: [], histograms: [] };
  if (first === "transaction" && id === "start") {
    return JSON.parse(await made.startTransaction(JSON.stringify(JSON.parse(body)), "{}"));
  }
  if (first === "transaction") {
    return JSON.parse((await made[`${what}Transaction`](id, "{}")) || "{}");
  }
  const asked = JSON.parse(body);
  if (asked.batch) {
    const all = asked.batch.map((one) => query(one.query));
    const batch = { batch: all.map((one) => one.body), ...(asked.transaction ? { transaction: {} } : {}) };
    const found = JSON.parse(await made.query(JSON.stringify(batch), "{}", transaction));
    return found.batchResult
      ? { batchResult: found.batchResult.map((one, index) => answer(all[index], one)) }
      : found;
  }
  const one = query(asked.query);
  const found = JSON.parse(await made.query(JSON.stringify(one.body), "{}", transaction));
  return answer(one, found);
}

async function main() {
  const port = Number(process.argv[process.argv.indexOf("-p") + 1]);
  const made = await engine();
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      let status = 200;
      let content;
      try {
        content = await handle(made, request, Buffer.concat(parts).toString());
      } catch (error) {
        status = 500;
        content = { error: String(error && error.stack ? error.stack : error) };
        process.stderr.write(`${content.error}\n${Buffer.concat(parts).toString().slice(0, 1500)}\n`);
      }
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(content));
    });
  });
  server.keepAliveTimeout = 600_000;
  server.listen(port, "localhost");
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
