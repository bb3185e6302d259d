import assert from "node:assert/strict";
import { test } from "node:test";

import { VersionTracker } from "../../static/js/models/version-tracker.js";

test("follows events that come one after the other", () => {
  const tracker = new VersionTracker({ 7: 10 });
  assert.equal(tracker.note(7, 11), "next");
  assert.equal(tracker.note(7, 12), "next");
  assert.deepEqual(tracker.versions(), { 7: 12 });
});

test("knows an event that it had already", () => {
  const tracker = new VersionTracker({ 7: 10 });
  assert.equal(tracker.note(7, 10), "known");
  assert.equal(tracker.note(7, 3), "known");
  assert.deepEqual(tracker.versions(), { 7: 10 });
});

test("does not step over a gap, so that sync asks for it", () => {
  const tracker = new VersionTracker({ 7: 10 });
  assert.equal(tracker.note(7, 12), "gap");
  assert.ok(tracker.hasGaps);
  assert.deepEqual(tracker.versions(), { 7: 10 });
});

test("closes a gap when the late event comes", () => {
  const tracker = new VersionTracker({ 7: 10 });
  tracker.note(7, 13);
  tracker.note(7, 12);
  assert.equal(tracker.note(7, 11), "next");
  assert.ok(!tracker.hasGaps);
  assert.deepEqual(tracker.versions(), { 7: 13 });
});

test("an answer to sync closes the gap, and what came meanwhile counts", () => {
  const tracker = new VersionTracker({ 7: 10 });
  tracker.note(7, 15);
  tracker.note(7, 16);
  tracker.settle(7, 14);
  assert.ok(!tracker.hasGaps);
  assert.deepEqual(tracker.versions(), { 7: 16 });
});

test("a conversation that it never heard of has to be asked for", () => {
  const tracker = new VersionTracker({});
  assert.equal(tracker.note(7, 1), "unknown");
  assert.deepEqual(tracker.versions(), {});
  tracker.settle(7, 1);
  assert.equal(tracker.note(7, 2), "next");
});

test("asking for a conversation again rewinds it by one change", () => {
  const tracker = new VersionTracker({ 7: 10, 8: 0 });
  tracker.rewind(7);
  tracker.rewind(8);
  assert.deepEqual(tracker.versions(), { 7: 9 });
});

test("what is gone is not asked for any more", () => {
  const tracker = new VersionTracker({ 7: 10 });
  tracker.note(7, 12);
  tracker.forget(7);
  assert.ok(!tracker.hasGaps);
  assert.equal(tracker.size, 0);
});

test("what is shown may be older than what was noted: then it is asked for from there", () => {
  const tracker = new VersionTracker({ 7: 10 });
  assert.ok(!tracker.rewindTo(7, 10));
  assert.ok(!tracker.rewindTo(7, 11));
  assert.ok(!tracker.rewindTo(8, 3));
  assert.ok(tracker.rewindTo(7, 4));
  assert.deepEqual(tracker.versions(), { 7: 4 });
});
