import assert from "node:assert/strict";
import { test } from "node:test";

import { fill } from "../../static/js/lib/sentences.js";
import { Moments } from "../../static/js/models/moments.js";

const SENTENCES = {
  "day.today": "Today",
  "day.yesterday": "Yesterday",
  "moment.today": "today at {time}",
  "moment.yesterday": "yesterday at {time}",
  "moment.day": "{day} at {time}",
};

function moments({ now = "2026-11-22T12:00:00Z", timeZone = "UTC", locale = "en" } = {}) {
  const say = (name, values = {}) => fill(SENTENCES[name], values);
  return new Moments({ locale, timeZone, say, now: () => new Date(now) });
}

test("the list shows the time, then the day, then the date", () => {
  const shown = (moment) => moments().listTime(new Date(moment));
  assert.equal(shown("2026-11-22T09:05:00Z"), "09:05");
  assert.equal(shown("2026-11-21T23:59:00Z"), "Yesterday");
  assert.equal(shown("2026-11-18T10:00:00Z"), "Wednesday");
  assert.equal(shown("2026-11-15T10:00:00Z"), "Nov 15");
  assert.equal(shown("2025-11-15T10:00:00Z"), "Nov 15, 2025");
});

test("days are those of the reader's time zone", () => {
  const moment = new Date("2026-11-21T23:30:00Z");
  assert.equal(moments({ timeZone: "UTC" }).dayKey(moment), "2026-11-21");
  assert.equal(moments({ timeZone: "Europe/Paris" }).dayKey(moment), "2026-11-22");
  assert.equal(moments({ timeZone: "Europe/Paris" }).listTime(moment), "00:30");
});

test("the separators of days speak plainly", () => {
  const shown = (moment) => moments().dayLabel(new Date(moment));
  assert.equal(shown("2026-11-22T00:00:00Z"), "Today");
  assert.equal(shown("2026-11-21T10:00:00Z"), "Yesterday");
  assert.equal(shown("2026-11-11T10:00:00Z"), "Wednesday, November 11");
  assert.equal(shown("2024-02-29T10:00:00Z"), "Thursday, February 29, 2024");
});

test("in a sentence: last seen …", () => {
  const shown = (moment) => moments().spoken(new Date(moment));
  assert.equal(shown("2026-11-22T10:12:00Z"), "today at 10:12");
  assert.equal(shown("2026-11-21T10:12:00Z"), "yesterday at 10:12");
  assert.equal(shown("2026-11-17T00:05:00Z"), "Tuesday at 00:05");
});

test("a day with a clock change is one day", () => {
  const berlin = moments({ now: "2026-03-30T10:00:00Z", timeZone: "Europe/Berlin" });
  assert.equal(berlin.listTime(new Date("2026-03-29T00:30:00Z")), "Yesterday");
});

test("a clock that is ahead of ours says today", () => {
  assert.equal(moments().dayLabel(new Date("2026-11-23T00:00:01Z")), "Today");
});

// The same as in tests/conversations/test_moments.py: what the server wrote does not change under the scripts.
test("dates are those that the server writes, in each language", () => {
  const said = (locale) => {
    const words = moments({ now: "2026-11-22T12:00:00Z", locale });
    const [day, year] = [new Date("2026-11-11T10:00:00Z"), new Date("2024-02-29T10:00:00Z")];
    return [words.listTime(day), words.listTime(year), words.dayLabel(day), words.dayLabel(year)];
  };
  assert.deepEqual(said("de-u-nu-latn"), [
    "11. Nov.", "29. Feb. 2024", "Mittwoch, 11. November", "Donnerstag, 29. Februar 2024",
  ]);
  assert.deepEqual(said("ar-u-nu-latn"), [
    "11 نوفمبر", "29 فبراير 2024", "الأربعاء، 11 نوفمبر", "الخميس، 29 فبراير 2024",
  ]);
});
