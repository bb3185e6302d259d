/** Whatever comes or goes elsewhere on the page, what the reader looks at stays where it is. */
export function keepingPlace(scroller, messages, change) {
  const { top } = scroller.getBoundingClientRect();
  const anchor = messages.find((message) => message.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
}
