const LONG_PRESS = 500;
const TREMOR = 10;

/**
 * Calls `ask(element, at)` when somebody asks for the menu of an element that matches: by the right button, by the
 * keyboard's own key for it, or by a long press. Not every phone makes a `contextmenu` of that.
 */
export function onMenuRequest(root, selector, ask) {
  const requested = (event, at) => {
    const element = event.target.closest(selector);
    if (element) ask(element, at);
    return Boolean(element);
  };
  root.addEventListener("contextmenu", (event) => {
    if (requested(event, placeOf(event))) event.preventDefault();
  });
  watchLongPress(root, requested);
}

/** By keyboard it has no place of its own: then it belongs to the element. */
function placeOf(event) {
  const isByKeyboard = event.clientX === 0 && event.clientY === 0;
  return isByKeyboard || event.button !== 2 ? event.target : { x: event.clientX, y: event.clientY };
}

function watchLongPress(root, requested) {
  let timer = null;
  let start = null;
  let isPressed = false;
  const stop = () => clearTimeout(timer);
  root.addEventListener("pointerdown", (event) => {
    isPressed = false;
    if (event.pointerType !== "touch") return;
    start = event;
    timer = setTimeout(() => (isPressed = requested(event, event.target)), LONG_PRESS);
  });
  root.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (start && Math.hypot(clientX - start.clientX, clientY - start.clientY) > TREMOR) stop();
  });
  for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, stop);
  // The finger is lifted at last: that opens nothing.
  root.addEventListener("click", (event) => isPressed && event.preventDefault(), { capture: true });
}
