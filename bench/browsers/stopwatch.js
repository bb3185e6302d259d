/** In a page that is measured, by the machine's clock, so that two pages can be compared. */

window.stopwatch = {
  /** When somebody did it: the moment of the event, however late it was heard of. */
  begun(type) {
    return new Promise((resolve) => {
      const note = ({ timeStamp }) => resolve(performance.timeOrigin + timeStamp);
      addEventListener(type, note, { capture: true, once: true });
    });
  },

  /** When the frame is done that shows it: the last element that matches says this. */
  painted(selector, text = "") {
    const isThere = () => [...document.querySelectorAll(selector)].at(-1)?.textContent.includes(text);
    return new Promise((resolve) => {
      const look = () => {
        if (!isThere()) return;
        observer.disconnect();
        // The callback runs before its frame is painted, a task of its own after it.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, characterData: true });
      look();
    });
  },
};
