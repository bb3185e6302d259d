import { send } from "./lib/fetch.js";
import { isMadeWith, pushState } from "./models/push-state.js";
import { registered } from "./worker-registration.js";

const URL_OF_SUBSCRIPTIONS = "/api/notifications/push-subscriptions";
const key = document.body.dataset.pushKey ?? "";

/** Whether, and how, this device is told of things while nobody looks. */
export async function currentState() {
  const canPush = "PushManager" in window && "Notification" in window && Boolean(await registered);
  return pushState({
    key,
    canPush,
    isApplePhone: /iphone|ipad/i.test(navigator.userAgent) || isDisguisedPad(),
    isInstalled: matchMedia("(display-mode: standalone)").matches,
    permission: canPush ? Notification.permission : "default",
    isSubscribed: canPush && key !== "" && (await subscription()) !== null,
  });
}

/** Asks for permission, which browsers allow only after somebody clicked. */
export async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const worker = await navigator.serviceWorker.ready;
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  return tell(made);
}

export async function unsubscribe() {
  const current = await subscription();
  await send("DELETE", URL_OF_SUBSCRIPTIONS);
  await current?.unsubscribe();
}

/** Browsers renew subscriptions, and servers their keys: what is there is told anew with each first page. */
export async function renew() {
  if ((await currentState()) !== "on") return;
  const current = await subscription();
  if (isMadeWith(key, current.options.applicationServerKey)) {
    if (isToldAlready(current)) return;
    await tell(current);
  } else {
    await current.unsubscribe();
    await subscribe();
  }
}

async function subscription() {
  return (await (await registered)?.pushManager.getSubscription()) ?? null;
}

async function tell(made) {
  const answer = await send("POST", URL_OF_SUBSCRIPTIONS, made.toJSON());
  if (answer?.ok) sessionStorage.setItem(TOLD, made.endpoint);
  return answer?.ok ?? false;
}

const TOLD = "parley.push.told";

function isToldAlready({ endpoint }) {
  return sessionStorage.getItem(TOLD) === endpoint;
}

/** An iPad says that it is a Mac. */
function isDisguisedPad() {
  return /macintosh/i.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
}
