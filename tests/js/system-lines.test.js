import assert from "node:assert/strict";
import { test } from "node:test";

import { fill } from "../../static/js/lib/sentences.js";
import { systemText } from "../../static/js/models/system-lines.js";
import { ALICE, BOB, CAROL, message } from "./wire.js";

const SENTENCES = {
  "memberAdded": "{actor} added {names}",
  "memberAdded.own": "You added {names}",
  "roleChanged.admin": "{actor} made {names} an administrator",
  "titleChanged.own": "You named the group “{title}”",
  "names.you": "you",
  "names.separator": ", ",
  "names.and": "{names} and {last}",
};
const say = (name, values = {}) => fill(SENTENCES[name], values);

function line(senderId, system) {
  return message(1, senderId, { kind: "system", content: "", system: { userIds: [], names: [], ...system } });
}

test("says who did what to whom", () => {
  const added = line(ALICE, { event: "memberAdded", userIds: [BOB, CAROL], names: ["Bob", "Carol"] });
  assert.equal(systemText(added, 9, say), "Alice added Bob and Carol");
  assert.equal(systemText(added, ALICE, say), "You added Bob and Carol");
  assert.equal(systemText(added, CAROL, say), "Alice added Bob and you");
});

test("says which role, and which title", () => {
  const promoted = line(ALICE, { event: "roleChanged", role: "admin", userIds: [BOB], names: ["Bob"] });
  assert.equal(systemText(promoted, CAROL, say), "Alice made Bob an administrator");
  const renamed = line(ALICE, { event: "titleChanged", title: "{names}", userIds: [ALICE], names: ["Alice"] });
  assert.equal(systemText(renamed, ALICE, say), "You named the group “{names}”");
});
