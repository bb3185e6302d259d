import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Drafts } from "../../static/js/models/drafts.js";
import { MemoryStorage } from "./storage.js";

let storage;
let drafts;
let changed;

beforeEach(() => {
  storage = new MemoryStorage();
  drafts = new Drafts({ storage, userId: 1 });
  changed = [];
  drafts.addEventListener("change", ({ detail }) => changed.push([detail.conversationId, detail.isElsewhere]));
});

test("keeps what was begun, per conversation and person", () => {
  drafts.save(7, { content: "Dear Bob" });
  assert.deepEqual(drafts.of(7), { content: "Dear Bob", replyTo: null });
  assert.equal(drafts.of(8), null);
  assert.equal(new Drafts({ storage, userId: 2 }).of(7), null);
});

test("an emptied text is no draft, unless it replies to something", () => {
  drafts.save(7, { content: "Dear Bob" });
  drafts.save(7, { content: "  " });
  assert.equal(drafts.of(7), null);
  drafts.save(7, { content: "", replyTo: { id: 3 } });
  assert.deepEqual(drafts.of(7).replyTo, { id: 3 });
});

test("tells of each change once, and of those in another page", () => {
  drafts.clear(7);
  drafts.save(7, { content: "Dear Bob" });
  drafts.clear(7);
  drafts.heard("parley.draft.1.8");
  drafts.heard("parley.draft.2.9");
  drafts.heard(null);
  assert.deepEqual(changed, [[7, false], [7, false], [8, true]]);
});
