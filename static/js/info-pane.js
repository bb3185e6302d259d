import { textOrNull } from "./lib/fetch.js";

/** What stands beside the messages comes and goes without them: /c/7/info is the same page as /c/7, and more. */

const HEADERS = { "X-Pane": "info" };
let opening = new AbortController();

/** Before the navigation of the pane, to which it leaves everything else. */
export function startInfoNavigation() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-info-link], a[data-info-close]");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || !infoPane()) return;
    event.preventDefault();
    if (link.matches("[data-info-close]")) leave(link.href);
    else open(link.href, { isNew: true });
  });
  addEventListener("popstate", (event) => {
    if (!isBesideWhatIsOpen(location)) return;
    event.stopImmediatePropagation();
    if (isInfo(location.pathname)) open(location.href, { isNew: false });
    else close();
  });
  document.addEventListener("pane:opened", ({ detail }) => {
    if (isInfo(detail.path)) open(location.href, { isNew: false });
    else clear();
  });
}

/** The part of the page that the server makes for it alone; null if there is none, or no network. */
export async function fetchInfo(url, options = {}) {
  const text = await textOrNull(url, { ...options, headers: HEADERS });
  return text === null ? null : infoIn(text);
}

/** Forms answer with a way to the page, or with the page and what is wrong; both hold what is to be shown. */
export async function submitInfo(form, submitter) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter), headers: HEADERS });
  return infoIn(await answer.text());
}

async function open(url, { isNew }) {
  opening.abort();
  const mine = (opening = new AbortController());
  const page = await fetchInfo(url, { signal: mine.signal });
  if (mine.signal.aborted) return;
  if (!page) {
    // Whatever it is, the browser shows it: a sign-in, an error, no network.
    location.assign(url);
    return;
  }
  if (isNew) history.pushState({ depth: (history.state?.depth ?? 0) + 1 }, "", url);
  document.title = page.title;
  infoPane().replaceChildren(page.info);
  panes().dataset.shows = "info";
  infoPane().querySelector("h1").focus();
  told();
}

/** Back to where one came from, so that going back once more does not open it again. */
function leave(url) {
  const depth = history.state?.depth ?? 0;
  if (depth) {
    history.go(-depth);
    return;
  }
  history.pushState(null, "", url);
  close();
}

function close() {
  clear();
  panes().dataset.shows = "content";
  const view = document.querySelector("conversation-view");
  document.title = `${view.querySelector("h1").textContent} · Parley`;
  view.querySelector("a[data-info-link]").focus();
  told();
}

function clear() {
  opening.abort();
  infoPane()?.replaceChildren();
}

/** The title of the tab is new, and with it the number before it. */
function told() {
  document.dispatchEvent(new CustomEvent("info:changed", { detail: { path: location.pathname } }));
}

function infoIn(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const info = page.querySelector("conversation-info");
  return info && { title: page.title, info: document.importNode(info, true) };
}

function isInfo(path) {
  return /^\/c\/\d+\/info\b/.test(path);
}

/** The messages of that conversation are here, and the only difference is what stands beside them. */
function isBesideWhatIsOpen({ pathname, search }) {
  const id = document.querySelector("conversation-view")?.dataset.conversationId;
  if (id === undefined) return false;
  const isShown = infoPane()?.childElementCount > 0;
  return pathname.startsWith(`/c/${id}/info`) || (isShown && pathname === `/c/${id}` && !search);
}

function infoPane() {
  return document.getElementById("info");
}

function panes() {
  return document.querySelector(".panes");
}
