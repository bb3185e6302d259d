import assert from "node:assert/strict";
import { test } from "node:test";
import { rightsOf } from "../../static/js/models/message-rights.js";

const OWN = { isStored: true, isDeleted: false, isOwn: true, createdAt: "2026-11-22T10:00:00.000Z" };
const PLACE = {
  isMember: true,
  canPost: true,
  editWindow: 900,
  now: Date.parse("2026-11-22T10:15:00.000Z"),
};

function allowed(message, place = {}) {
  const rights = rightsOf({ ...OWN, ...message }, { ...PLACE, ...place });
  return Object.keys(rights).filter((name) => rights[name]);
}

test("an own message may be changed within the window, and deleted after it", () => {
  assert.deepEqual(allowed({}), ["reply", "copy", "edit", "info", "delete", "deleteForEveryone"]);
  assert.deepEqual(allowed({}, { now: PLACE.now + 1 }), ["reply", "copy", "info", "delete", "deleteForEveryone"]);
});

test("what others wrote may be answered and copied, and deleted for oneself", () => {
  assert.deepEqual(allowed({ isOwn: false }), ["reply", "copy", "delete"]);
});

test("a tombstone can be put away, and with an unsent message little be done", () => {
  assert.deepEqual(allowed({ isDeleted: true }), ["delete"]);
  assert.deepEqual(allowed({ isStored: false }), ["copy"]);
});

test("whoever left can copy; whoever may not write cannot reply", () => {
  assert.deepEqual(allowed({}, { isMember: false, canPost: false }), ["copy", "delete"]);
  assert.deepEqual(allowed({}, { canPost: false }), ["copy", "edit", "info", "delete", "deleteForEveryone"]);
});
