import { pageOrNull } from "./lib/fetch.js";

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
}

/** The document that the server makes for the pane alone; null if the answer came too late or not at all. */
export function fetchPane(url, signal) {
  return pageOrNull(url, { headers: { "X-Pane": "1" }, signal });
}

async function open(url, { isNew }) {
  opening.abort();
  const mine = (opening = new AbortController());
  const pane = document.getElementById("pane");
  pane.ariaBusy = "true";
  const page = await fetchPane(url, mine.signal);
  if (mine.signal.aborted) return;
  if (!page) {
    // Whatever it is, the browser shows it: a sign-in, an error, no network.
    location.assign(url);
    return;
  }
  if (isNew) history.pushState(null, "", url);
  show(pane, page, new URL(url).pathname);
}

function show(pane, page, path) {
  document.title = page.title;
  page.querySelector("title").remove();
  // A phone hides the other pane, and what is hidden cannot scroll to its place: so this comes first.
  pane.parentElement.dataset.shows = path === "/" ? "list" : "content";
  pane.replaceChildren(...page.head.childNodes, ...page.body.childNodes);
  pane.ariaBusy = "false";
  document.dispatchEvent(new CustomEvent("pane:opened", { detail: { path } }));
}

function isPlain(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
