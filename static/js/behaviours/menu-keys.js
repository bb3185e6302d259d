const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** The arrows lead through the items of a menu, round and round; Home and End to its ends. */
export function walkWithArrows(menu) {
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll('[role="menuitem"]:not([hidden])')];
    const next = nextItem(items, items.indexOf(document.activeElement), event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function nextItem(items, index, key) {
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  return key in STEPS ? items.at((index + STEPS[key]) % items.length) : null;
}
