/** At once, then at most every `interval` ms; the last call is never lost. */
export function throttle(work, interval) {
  let timer = null;
  let isDue = false;
  const run = () => {
    timer = setTimeout(() => {
      timer = null;
      if (isDue) run();
    }, interval);
    isDue = false;
    work();
  };
  return () => {
    if (timer === null) run();
    else isDue = true;
  };
}

/** Once, when nothing was asked for during `delay` ms. */
export function debounce(work, delay) {
  let timer = null;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), delay);
  };
}

/** Once, `delay` ms after it was first asked for. */
export function soon(work, delay) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      work();
    }, delay);
  };
}
