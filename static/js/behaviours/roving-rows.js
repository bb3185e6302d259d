const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/**
 * The rows of a list are one stop of the Tab key, at their link; inside, arrows, Home and End go from row to row,
 * and Tab goes on to the other buttons of the row that was reached.
 */
export function rovingRows(rows) {
  let last = null;
  let frame = null;
  const links = () => [...rows.querySelectorAll("a")].filter((link) => link.checkVisibility());
  const tidy = () => {
    frame = null;
    const all = links();
    const stop = all.find((link) => link === last) ?? all.find((link) => link.ariaCurrent) ?? all[0];
    const reached = stop?.closest("li");
    for (const control of rows.querySelectorAll("a, button")) {
      control.tabIndex = reached?.contains(control) ? 0 : -1;
    }
  };
  const soon = () => (frame ??= requestAnimationFrame(tidy));
  rows.addEventListener("focusin", ({ target }) => {
    last = target.closest("li")?.querySelector("a") ?? last;
    soon();
  });
  rows.addEventListener("keydown", (event) => {
    const from = event.target.closest("a");
    if (!from || !(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const all = links();
    const index = all.indexOf(from) + STEPS[event.key];
    all[Math.min(Math.max(index, 0), all.length - 1)]?.focus();
  });
  new MutationObserver(soon).observe(rows, { childList: true, attributeFilter: ["hidden"], subtree: true });
  tidy();
}
