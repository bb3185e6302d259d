/** The parts of a page between which F6 goes: what takes the focus in each, if it is to be seen. */
const AREAS = [
  { area: "conversation-list", focus: ["a[tabindex='0']", "a"] },
  { area: "message-list", focus: [".message[tabindex]", "[data-field=scroller]"] },
  { area: "message-composer", focus: ["textarea"] },
];

export function goToArea(step) {
  const there = AREAS.map(({ area, focus }) => ({ area, target: targetIn(area, focus) })).filter(
    ({ target }) => target,
  );
  if (there.length === 0) return;
  const current = there.findIndex(({ area }) => document.activeElement?.closest(area));
  const start = current < 0 && step < 0 ? 0 : current;
  there.at((start + step) % there.length).target.focus();
}

function targetIn(area, choices) {
  for (const choice of choices) {
    const found = document.querySelector(`${area} ${choice}`);
    if (found?.checkVisibility()) return found;
  }
  return null;
}
