const KEPT = 5;

/** Says something once to people who hear the page: each text is a new line of a log that nobody sees. */
export function announce(log, text) {
  const line = document.createElement("p");
  line.textContent = text;
  log.append(line);
  while (log.childElementCount > KEPT) log.firstElementChild.remove();
}
