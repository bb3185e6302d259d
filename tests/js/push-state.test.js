import assert from "node:assert/strict";
import { test } from "node:test";

import { browserFamily, isMadeWith, pushState } from "../../static/js/models/push-state.js";

const READY = { key: "BAbc", canPush: true, permission: "default", isSubscribed: false };
const PHONE = { ...READY, canPush: false, isApplePhone: true };

for (const [what, circumstances, expected] of [
  ["a server without a key", { ...READY, key: "" }, "unavailable"],
  ["a browser that cannot", { ...READY, canPush: false }, "unsupported"],
  ["an iPhone before it is installed", { ...PHONE, isInstalled: false }, "install"],
  ["an old iPhone on which it is", { ...PHONE, isInstalled: true }, "unsupported"],
  ["a permission that was refused", { ...READY, permission: "denied" }, "blocked"],
  ["one refused after subscribing", { ...READY, permission: "denied", isSubscribed: true }, "blocked"],
  ["nobody asked yet", READY, "off"],
  ["allowed and not subscribed", { ...READY, permission: "granted" }, "off"],
  ["subscribed", { ...READY, permission: "granted", isSubscribed: true }, "on"],
]) {
  test(`${what}: ${expected}`, () => assert.equal(pushState(circumstances), expected));
}

test("the steps are those of the browser at hand", () => {
  const chrome = "Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
  assert.equal(browserFamily(chrome), "chrome");
  assert.equal(browserFamily("Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0"), "firefox");
  assert.equal(browserFamily("Mozilla/5.0 (Macintosh) Version/18.4 Safari/605.1.15"), "safari");
  assert.equal(browserFamily("curl"), "");
});

test("a subscription for another key of the server is noticed", () => {
  const key = new Uint8Array([4, 251, 255, 1, 2]).buffer;
  assert.ok(isMadeWith("BPv_AQI", key));
  assert.ok(!isMadeWith("BPv_AQM", key));
  assert.ok(!isMadeWith("BPv_AQI", null));
});
