const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/** The links in a list are one stop of the Tab key; inside, arrows, Home and End go from row to row. */
export function rovingRows(rows) {
  let last = null;
  let frame = null;
  const links = () => [...rows.querySelectorAll("a")].filter((link) => link.checkVisibility());
  const tidy = () => {
    frame = null;
    const all = links();
    const stop = all.find((link) => link === last) ?? all.find((link) => link.ariaCurrent) ?? all[0];
    for (const link of rows.querySelectorAll("a")) link.tabIndex = link === stop ? 0 : -1;
  };
  const soon = () => (frame ??= requestAnimationFrame(tidy));
  rows.addEventListener("focusin", ({ target }) => {
    last = target.closest("a");
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
