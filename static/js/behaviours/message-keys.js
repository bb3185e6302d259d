const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/** The messages are one stop of the Tab key; inside, arrows go from message to message, and R replies. */
export function messageKeys({ scroller, days, reply, signal }) {
  for (const link of scroller.querySelectorAll("[data-action=reply]")) link.tabIndex = -1;
  scroller.addEventListener("keydown", (event) => {
    const current = event.target.closest(".message");
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("button")) return;
    if (event.key in STEPS) {
      event.preventDefault();
      focus(neighbour(days.messages, current, STEPS[event.key]));
    } else if (event.key.toLowerCase() === "r" && current?.dataset.seq) {
      event.preventDefault();
      reply(current);
    }
  }, { signal });
}

function neighbour(messages, current, step) {
  const last = messages.length - 1;
  // From outside, the first step up leads to the latest message.
  const index = current ? messages.indexOf(current) : last + 1;
  return messages[Math.min(Math.max(index + step, 0), last)];
}

function focus(message) {
  if (!message) return;
  message.tabIndex = -1;
  message.focus();
}
