const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
const ACTIONS = { r: "reply", e: "edit", c: "copy", i: "info", delete: "delete", enter: "menu" };

/**
 * The messages are one stop of the Tab key. Inside, arrows go from message to message, Tab goes on to the links and
 * buttons of the one that was reached, and letters do what its menu offers.
 */
export function messageKeys({ scroller, days, act, signal }) {
  const actOn = (event) => {
    const message = event.target.closest(".message");
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) focusOn(neighbour(days.messages, message, STEPS[event.key]), event);
    else if (event.target === message) perform(event, message, act);
  };
  days.messages.forEach((message) => reach(message, false));
  scroller.addEventListener("keydown", actOn, { signal });
  scroller.addEventListener("focusin", ({ target }) => moveReach(scroller, target.closest(".message")), { signal });
}

/** Whether the Tab key gets to what is in a message. */
export function reach(message, isReached) {
  message.toggleAttribute("data-reached", isReached);
  for (const control of message.querySelectorAll("a, button")) control.tabIndex = isReached ? 0 : -1;
}

function moveReach(scroller, message) {
  for (const one of scroller.querySelectorAll("[data-reached]")) if (one !== message) reach(one, false);
  if (message) reach(message, true);
}

export function focusOn(message, event = null) {
  event?.preventDefault();
  if (!message) return;
  message.tabIndex = -1;
  message.focus();
}

function perform(event, message, act) {
  const name = ACTIONS[event.key.toLowerCase()];
  if (!name) return;
  event.preventDefault();
  act(name, message);
}

function neighbour(messages, current, step) {
  const last = messages.length - 1;
  // From outside, the first step up leads to the latest message.
  const index = current ? messages.indexOf(current) : last + 1;
  return messages[Math.min(Math.max(index + step, 0), last)];
}
