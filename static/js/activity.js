import { throttle } from "./lib/throttle.js";

const IDLE_AFTER = 5 * 60 * 1000;
const INPUTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/** Tells whether somebody sits here: idle after a while without any input, and while the page is not in sight. */
export function watchActivity(socket) {
  let state = "active";
  let timer = null;
  const become = (next) => {
    if (state === next) return;
    state = next;
    socket.tell("setActivity", { state });
  };
  const noticed = throttle(() => {
    clearTimeout(timer);
    timer = setTimeout(() => become("idle"), IDLE_AFTER);
    become("active");
  }, 1_000);
  document.addEventListener("visibilitychange", () => (document.hidden ? become("idle") : noticed()));
  for (const input of INPUTS) addEventListener(input, noticed, { passive: true, capture: true });
  // A new connection counts as active.
  socket.addEventListener("connected", () => {
    if (state === "idle") socket.tell("setActivity", { state });
  });
  if (document.hidden) become("idle");
  else noticed();
}
