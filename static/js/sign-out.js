import { socket, viewerId } from "./app.js";
import { forgetAll, forgetDatabases, forgetSeen } from "./forgetting.js";
import { say } from "./lib/sentences.js";

const VIEWER = "parley.viewer";

/** The next person at this computer sees nothing of the last one. */
export function forgetOnSignOut() {
  forgetOthers();
  document.addEventListener("submit", (event) => {
    if (!("signOut" in event.target.dataset)) return;
    event.preventDefault();
    if (navigator.onLine) signOut(event.target);
    // The server would go on believing that this device is signed in.
    else document.querySelector("connection-banner").explain(say("signOut.noConnection"));
  });
}

/** The device was signed out, or its session is over: whoever holds it says who they are, and comes back here. */
export function signInWhenStopped() {
  socket.addEventListener("state", async ({ detail }) => {
    if (detail.state !== "stopped") return;
    await forgetSeen();
    const here = location.pathname + location.search;
    location.assign(`${document.body.dataset.signInUrl}?next=${encodeURIComponent(here)}`);
  });
}

async function signOut(form) {
  socket.leave();
  forgetStored(() => true);
  sessionStorage.clear();
  try {
    await forgetAll();
  } finally {
    form.submit();
  }
}

/** Somebody else signed in where the last one only closed the window. */
function forgetOthers() {
  const last = Number(localStorage.getItem(VIEWER));
  if (last && last !== viewerId) {
    forgetStored((id) => id !== viewerId);
    forgetSeen();
    forgetDatabases(new RegExp(`^parley\\.\\w+\\.${last}$`));
  }
  localStorage.setItem(VIEWER, viewerId);
}

/** parley.draft.7.12 is of person 7. */
function forgetStored(isOf) {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
  for (const key of keys) {
    const [name, , id] = key.split(".");
    if (name === "parley" && isOf(Number(id))) localStorage.removeItem(key);
  }
}
