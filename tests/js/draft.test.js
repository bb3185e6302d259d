import assert from "node:assert/strict";
import { test } from "node:test";

import { Draft } from "../../static/js/models/draft.js";
import { MemoryStorage } from "./storage.js";

test("keeps what was begun, per conversation", () => {
  const storage = new MemoryStorage();
  const draft = new Draft({ storage, userId: 1, conversationId: 7 });
  draft.save({ content: "Dear Bob", replyTo: null });
  assert.deepEqual(draft.load(), { content: "Dear Bob", replyTo: null });
  assert.equal(new Draft({ storage, userId: 1, conversationId: 8 }).load(), null);
  assert.equal(new Draft({ storage, userId: 2, conversationId: 7 }).load(), null);
});

test("an emptied text is no draft, unless it replies to something", () => {
  const storage = new MemoryStorage();
  const draft = new Draft({ storage, userId: 1, conversationId: 7 });
  draft.save({ content: "Dear Bob", replyTo: null });
  draft.save({ content: "  ", replyTo: null });
  assert.equal(draft.load(), null);
  draft.save({ content: "", replyTo: { id: 3 } });
  assert.deepEqual(draft.load().replyTo, { id: 3 });
});
