// Tests the process: examples, exit statuses and events.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import {
  document,
  example,
  problems,
  run,
  type Result,
  type Spec,
} from "./support.ts";

const SPEC = document("plugin.spec.json") as unknown as Spec;
const CONTRACT = document("ledger_contract.json") as { required: string[] };

function assertRefused(result: Result, status: number): void {
  assert.equal(result.status, status, result.stderr);
  assert.equal(result.stdout, "");
  assert.match(result.stderr, /^[^\n]+\n$/);
}

/** Runs a function with a temporary folder. */
function inFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  try {
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const { name, input, output } of SPEC.operations) {
  const request = JSON.stringify(example(name, "request"));

  test(`${name}: the examples fit their schemas`, () => {
    assert.deepEqual(problems(document(input), example(name, "request")), []);
    assert.deepEqual(problems(document(output), example(name, "response")), []);
  });

  test(`${name}: the example request gives the example response`, () => {
    const result = run([name], request);
    assert.equal(result.status, 0, result.stderr);
    assert.ok(result.stdout.endsWith("\n"));
    assert.deepEqual(JSON.parse(result.stdout), example(name, "response"));
  });

  test(`${name}: the bad request is refused by its schema or by the process`, () => {
    const bad = document(`conformance/schemas/${name}_bad_request.json`);
    if (problems(document(input), bad).length === 0) {
      assertRefused(run([name], JSON.stringify(bad)), 1);
    }
  });

  test(`${name}: a request that is not JSON is refused`, () => {
    assertRefused(run([name], "{"), 1);
  });

  test(`${name}: each run writes an event that fits the ledger contract`, () => {
    inFolder((folder) => {
      const path = join(folder, "events.jsonl");
      run([name], request, path);
      run([name], "{", path);
      const lines = readFileSync(path, "utf8").trimEnd().split("\n");
      const events = lines.map((line) => JSON.parse(line));
      assert.deepEqual(
        events.map((event) => event.status),
        ["ok", "failed"],
      );
      for (const event of events) {
        for (const key of CONTRACT.required)
          assert.ok(Object.hasOwn(event, key), key);
        assert.deepEqual(problems(CONTRACT, event), []);
        assert.deepEqual([event.ulid, event.operation], [SPEC.ulid, name]);
      }
    });
  });

  test(`${name}: a request fails if its event cannot be written`, () => {
    inFolder((folder) => assertRefused(run([name], request, folder), 1));
  });
}

test("an unknown operation is a usage error", () => {
  assertRefused(run(["--no-operation"]), 2);
  assertRefused(run([]), 2);
});

test("it prints its health and its version", () => {
  assert.deepEqual(JSON.parse(run(["--health"]).stdout), { status: "ok" });
  assert.equal(run(["--version"]).stdout, `${SPEC.name} ${SPEC.version}\n`);
});
