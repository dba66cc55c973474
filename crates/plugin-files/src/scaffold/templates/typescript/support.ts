// Shared code of the tests: documents, the process, and a small schema validator.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

const ROOT = new URL("../", import.meta.url);
const HANDLER = fileURLToPath(new URL("src/handler.ts", ROOT));

export type Json =
  null | boolean | number | string | Json[] | { [name: string]: Json };

/** The fields of plugin.spec.json that the tests use. */
export interface Spec {
  ulid: string;
  name: string;
  version: string;
  operations: { name: string; input: string; output: string }[];
}

/** Reads a JSON document of the plugin. */
export function document(path: string): Json {
  return JSON.parse(readFileSync(new URL(path, ROOT), "utf8"));
}

/** Reads the canonical request or response of an operation. */
export function example(operation: string, end: "request" | "response"): Json {
  return document(`examples/${operation}_${end}.json`);
}

/** The result of a run of the process. */
export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the process; `events` is the file that its events go to. */
export function run(words: string[], request = "", events = ""): Result {
  return spawnSync(process.execPath, [HANDLER, ...words], {
    input: request,
    encoding: "utf8",
    env: { ...process.env, ID_GUARD_EVENTS: events },
  });
}

const KINDS: Record<string, (value: Json) => boolean> = {
  array: (value) => Array.isArray(value),
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  null: (value) => value === null,
  number: (value) => typeof value === "number",
  object: isObject,
  string: (value) => typeof value === "string",
};

/** Checks of keywords; a value of a type that a keyword does not apply to is valid. */
const KEYWORDS: Record<string, (value: Json, set: Json) => boolean> = {
  type: (value, kinds) =>
    listed(kinds).some((kind) => KINDS[String(kind)]?.(value)),
  enum: (value, allowed) =>
    listed(allowed).some((one) => isDeepStrictEqual(one, value)),
  const: (value, only) => isDeepStrictEqual(value, only),
  required: (value, names) =>
    !isObject(value) ||
    listed(names).every((name) => Object.hasOwn(value, String(name))),
  minLength: (value, least) => !(length(value) < Number(least)),
  maxLength: (value, most) => !(length(value) > Number(most)),
  pattern: (value, pattern) =>
    typeof value !== "string" || new RegExp(String(pattern), "u").test(value),
  minimum: (value, least) =>
    typeof value !== "number" || value >= Number(least),
  maximum: (value, most) => typeof value !== "number" || value <= Number(most),
};

/**
 * Returns the violations of a schema in a value.
 *
 * It checks the common keywords and ignores the others: the gate validates every example against
 * the whole schema.
 */
export function problems(schema: Json, value: Json, at = "/"): string[] {
  if (!isObject(schema)) {
    return schema === false ? [`${at}: no value is allowed here`] : [];
  }
  const found = Object.entries(schema)
    .filter(([keyword, set]) => KEYWORDS[keyword]?.(value, set) === false)
    .map(([keyword, set]) => `${at}: ${keyword} is ${JSON.stringify(set)}`);
  const known = Object(schema["properties"] ?? {});
  const others =
    "patternProperties" in schema ? true : schema["additionalProperties"];
  if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const schema = Object.hasOwn(known, name) ? known[name] : others;
      found.push(...problems(schema ?? true, inner, `${at}${name}/`));
    }
  }
  if (Array.isArray(value) && !("prefixItems" in schema)) {
    for (const [place, inner] of value.entries()) {
      found.push(...problems(schema["items"] ?? true, inner, `${at}${place}/`));
    }
  }
  return found;
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the number of characters of a string; NaN for other values. */
function length(value: Json): number {
  return typeof value === "string" ? [...value].length : NaN;
}

/** Returns a list unchanged, and any other value as a list of one. */
function listed(value: Json): Json[] {
  return Array.isArray(value) ? value : [value];
}
