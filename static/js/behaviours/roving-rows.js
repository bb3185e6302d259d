const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/**
 * The rows of a list are one stop of the Tab key, at their link; inside, arrows, Home and End go from row to row,
 * and Tab goes on to the other buttons of the row that was reached. Of hundreds of rows only those are touched that
 * came or that are reached: whatever asks for all of them is felt.
 */
export function rovingRows(rows) {
  let last = null;
  let reached = null;
  const moveTo = (row) => {
    if (row === reached) return;
    if (reached) reach(reached, false);
    reached = row;
    if (row) reach(row, true);
  };
  const tidy = () => moveTo(last?.parentElement === rows ? last : currentOrFirst(rows));
  rows.addEventListener("focusin", ({ target }) => {
    last = target.closest("li");
    tidy();
  });
  rows.addEventListener("keydown", (event) => {
    const from = event.target.closest("a")?.closest("li");
    if (!from || !(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const all = [...rows.children];
    const index = all.indexOf(from) + STEPS[event.key];
    all[Math.min(Math.max(index, 0), all.length - 1)].querySelector("a").focus();
  });
  new MutationObserver((records) => {
    for (const row of records.flatMap(({ addedNodes }) => [...addedNodes])) reach(row, row === reached);
    tidy();
  }).observe(rows, { childList: true });
  for (const row of rows.children) reach(row, false);
  tidy();
}

function currentOrFirst(rows) {
  return rows.querySelector("[aria-current]")?.closest("li") ?? rows.firstElementChild;
}

function reach(row, isReached) {
  for (const control of row.querySelectorAll("a, button")) control.tabIndex = isReached ? 0 : -1;
}
