import assert from "node:assert/strict";
import { test } from "node:test";

import { ListView } from "../../static/js/models/list-view.js";
import { conversation } from "./wire.js";

const AT = "2026-11-22T10:00:00.000Z";
const group = (more) => conversation({ kind: "group", title: "Lunch", peer: null, ...more });

const shown = (view, ...states) => states.filter((state) => view.shows(state)).map(({ id }) => id);

test("each filter shows what it names, and none but one the archive", () => {
  const states = [conversation({ id: 1, unreadCount: 2 }), group({ id: 2 }), group({ id: 3, archivedAt: AT, unreadCount: 1 })];
  const by = (filter) => shown(new ListView({ filter }), ...states);
  assert.deepEqual(by("all"), [1, 2]);
  assert.deepEqual(by("unread"), [1]);
  assert.deepEqual(by("groups"), [2]);
  assert.deepEqual(by("archived"), [3]);
});

test("a search looks at names, in whichever case, also in the archive", () => {
  const states = [conversation({ id: 1 }), group({ id: 2 }), group({ id: 3, archivedAt: AT })];
  assert.deepEqual(shown(new ListView({ search: " LUN " }), ...states), [2, 3]);
  assert.deepEqual(shown(new ListView({ search: "bob", filter: "groups" }), ...states), []);
  assert.deepEqual(shown(new ListView({ search: "nobody" }), ...states), []);
});

test("what is older than the last page that came is not there yet", () => {
  const [first, last, older] = ["12", "11", "10"].map((hour, id) =>
    conversation({ id, lastMessageAt: `2026-11-22T${hour}:00:00.000Z` }),
  );
  const view = new ListView();
  assert.deepEqual(shown(view, first, last, older), [0, 1, 2], "until an answer comes, what is known");
  view.loaded({ conversations: [first, last], nextCursor: "c" });
  assert.deepEqual(shown(view, first, last, older), [0, 1]);
  assert.deepEqual(shown(view, { ...older, pinnedAt: AT }), [2], "pinned is before everything");
  view.loaded({ conversations: [older], nextCursor: null });
  assert.deepEqual(shown(view, first, last, older), [0, 1, 2]);
});
