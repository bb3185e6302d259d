/** Shows what the server pushes, one notification for each conversation, and leads to it. */
export function answerPushes({ iconUrl }) {
  addEventListener("push", (event) => event.waitUntil(show(event.data.json(), iconUrl)));
  addEventListener("notificationclick", (event) => event.waitUntil(answerClick(event)));
  addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
}

async function show(push, iconUrl) {
  await closeAll(push.stale);
  await registration.showNotification(push.title, {
    body: push.body,
    tag: push.tag,
    // It takes the place of the last one of its conversation, and is noticed all the same.
    renotify: !push.silent,
    silent: push.silent,
    timestamp: Date.parse(push.at),
    icon: iconUrl,
    dir: "auto",
    data: { url: push.url, conversationId: push.conversationId },
    actions: push.reply ? [{ action: "reply", type: "text", title: push.reply }] : [],
  });
  await navigator.setAppBadge?.(push.unread);
}

async function closeAll(tags) {
  for (const tag of tags) {
    for (const notification of await registration.getNotifications({ tag })) notification.close();
  }
}

async function answerClick({ action, reply, notification }) {
  const { url, conversationId } = notification.data;
  notification.close();
  const isSent = action === "reply" && reply && (await send(conversationId, reply));
  if (!isSent) await open(url);
}

/** The page that shows it already, else any of ours, else a new one. */
async function open(url) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).pathname === url) ?? pages[0];
  if (!page) return clients.openWindow(url);
  const isThere = new URL(page.url).pathname === url;
  const opened = isThere ? page : await led(page, url);
  return opened ? opened.focus() : clients.openWindow(url);
}

/** Nothing where the page is none of ours to lead: one that was loaded past the worker. */
async function led(page, url) {
  try {
    return await page.navigate(url);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** False if the server did not take it: then the conversation is opened, to say it there. */
async function send(conversationId, content) {
  const body = { content, clientId: crypto.randomUUID() };
  return post(`/api/chat/conversations/${conversationId}/messages`, body);
}

async function renew({ newSubscription, oldSubscription }) {
  const made = newSubscription ?? (await registration.pushManager.subscribe(oldSubscription.options));
  // Without a network, the next page that is opened tells it.
  await post("/api/notifications/push-subscriptions", made.toJSON());
}

async function post(url, body) {
  const token = await self.cookieStore?.get("csrftoken");
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token?.value ?? "" },
      body: JSON.stringify(body),
    });
    return answer.ok;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
