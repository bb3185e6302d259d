import assert from "node:assert/strict";
import { test } from "node:test";

import { reconnectDelay } from "../../static/js/models/backoff.js";

const always = (value) => () => value;

test("waits twice as long after each failure, up to half a minute", () => {
  const longest = [0, 1, 2, 3, 4, 5, 9].map((attempt) => reconnectDelay(attempt, always(1)));
  assert.deepEqual(longest, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

test("scatters clients over the second half of the time", () => {
  assert.equal(reconnectDelay(3, always(0)), 4000);
  assert.equal(reconnectDelay(3, always(0.5)), 6000);
});
