// Tests the operation `{{op}}` with its schemas and its example.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as operations from "../src/operations.js";
import { document, example, problems } from "./support.js";

const OPERATION = "{{op}}";

test("the example request gives the example response", async () => {
  const request = example(OPERATION, "request");
  const response = await operations.{{function}}(request);
  assert.deepEqual(response, example(OPERATION, "response"));
});

test("a response fits its schema", async () => {
  const schema = document(`schemas/${OPERATION}.out.schema.json`);
  const response = await operations.{{function}}({ text: "" });
  assert.deepEqual(problems(schema, response), []);
});

test("a request without text is refused", async () => {
  for (const request of [{}, { text: 7 }, [], null]) {
    await assert.rejects(async () => operations.{{function}}(request));
  }
});
