import assert from "node:assert/strict";
import { test } from "node:test";

import { continuation } from "../../static/js/models/continuation.js";

const event = (version) => ({ version, since: null });
const versions = (rows) => rows.map(({ version }) => version);

test("continues from what is shown, in order", () => {
  assert.deepEqual(versions(continuation([event(12), event(11), event(10), event(9)], 10)), [11, 12]);
});

test("ends where something is missing: the rest has to be asked for", () => {
  assert.deepEqual(versions(continuation([event(11), event(13)], 10)), [11]);
});

test("an answer of sync bridges what it covers", () => {
  const rows = [event(11), event(13), { version: 15, since: 11 }, event(16), { version: 20, since: 18 }];
  assert.deepEqual(versions(continuation(rows, 10)), [11, 15, 16]);
});
