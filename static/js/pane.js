import { socket } from "./app.js";
import { isKeepable, keepPane, kept } from "./kept-pages.js";
import { clone } from "./lib/dom.js";
import { answerOrNull, documentOf, pageOrNull } from "./lib/fetch.js";

/** The right-hand side changes without loading the page again: the connection and the list stay. */

let opening = new AbortController();

export function startPaneNavigation() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pane-link]");
    if (!link || !isPlain(event) || !document.getElementById("pane")) return;
    event.preventDefault();
    open(link.href, { isNew: true });
  });
  addEventListener("popstate", () => open(location.href, { isNew: false }));
  openWhatWasAskedFor();
  socket.addEventListener("connected", () => {
    if (document.querySelector("#pane [data-not-kept]")) open(location.href, { isNew: false });
  });
}

/** The document that the server makes for the pane alone; null if the answer came too late or not at all. */
export function fetchPane(url, signal) {
  return pageOrNull(url, paneRequest(signal));
}

/** For later. */
export async function keepPaneOf(url) {
  const answer = await answerOrNull(url, paneRequest());
  if (answer?.ok && !answer.redirected) await keepPane(url, answer);
}

/** Without a network the service worker answers with whichever page it has: then this one is not the right one. */
function openWhatWasAskedFor() {
  const { path } = document.querySelector(".panes")?.dataset ?? {};
  if (path && path !== location.pathname) open(location.href, { isNew: false });
}

async function open(url, { isNew }) {
  opening.abort();
  const mine = (opening = new AbortController());
  const pane = document.getElementById("pane");
  pane.ariaBusy = "true";
  const answer = await answerOrNull(url, paneRequest(mine.signal));
  const page = answer ? await freshPane(url, answer) : await keptPane(url);
  if (mine.signal.aborted) return;
  if (!page) {
    // Whatever it is, the browser shows it: a sign-in, an error.
    location.assign(url);
    return;
  }
  if (isNew) history.pushState(null, "", url);
  show(pane, page, new URL(url).pathname);
}

function paneRequest(signal) {
  return { headers: { "X-Pane": "1" }, signal };
}

async function freshPane(url, answer) {
  if (!answer.ok || answer.redirected) return null;
  if (isKeepable(url)) keepPane(url, answer.clone());
  return documentOf(answer);
}

/** Without a network: as it was when it was last seen. */
async function keptPane(url) {
  const copy = await kept(url);
  const page = copy ? await documentOf(copy) : notKept();
  const pane = page.getElementById("pane");
  // It was kept as a whole page.
  if (pane) page.body.replaceChildren(...pane.childNodes);
  return page;
}

function notKept() {
  const page = document.implementation.createHTMLDocument(document.title);
  page.body.append(clone("not-kept-template"));
  return page;
}

function show(pane, page, path) {
  document.title = page.title;
  page.querySelector("title").remove();
  // A phone hides the other pane, and what is hidden cannot scroll to its place: so this comes first.
  pane.parentElement.dataset.shows = path === "/" ? "list" : "content";
  pane.ariaBusy = "false";
  pane.replaceChildren(...paneNodes(page));
  document.dispatchEvent(new CustomEvent("pane:opened", { detail: { path } }));
}

/** A pane has no head of its own; a whole page has one that is here already. */
function paneNodes(page) {
  const isWhole = page.head.querySelector("link") !== null;
  return [...(isWhole ? [] : page.head.childNodes), ...page.body.childNodes];
}

function isPlain(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
