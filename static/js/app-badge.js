import { book } from "./app.js";
import { soon } from "./lib/throttle.js";

const PATIENCE = 500;

/** The icon of the installed application carries the unread number, where the system shows one. */
export function showAppBadge() {
  if (!("setAppBadge" in navigator)) return;
  // Refused by browsers in which nothing is installed.
  const update = soon(() => navigator.setAppBadge(book.unreadTotal).catch(() => {}), PATIENCE);
  book.addEventListener("change", update);
}
