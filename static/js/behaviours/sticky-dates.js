import { mark } from "../lib/dom.js";
import { debounce } from "../lib/throttle.js";

const RESTING = 1_200;

/** The date that stands above while somebody scrolls; at rest it covers no text. */
export function stickyDates(scroller, signal) {
  const rest = debounce(() => hideWhatCovers(scroller), RESTING);
  const move = () => {
    mark(scroller, "resting", false);
    rest();
  };
  scroller.addEventListener("scroll", move, { passive: true, signal });
  rest();
}

function hideWhatCovers(scroller) {
  const { top } = scroller.getBoundingClientRect();
  for (const label of scroller.querySelectorAll(".day-label")) {
    mark(label, "stuck", label.parentElement.getBoundingClientRect().top < top);
  }
  mark(scroller, "resting", true);
}
