const TYPING = "input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]";

/**
 * The name of the shortcut that a key press means, or null. Letters go by their place on the keyboard, since
 * with Alt some systems make other characters of them.
 */
export function shortcutOf(event, { isTyping = false, hasSingleKeys = true } = {}) {
  const { key, code, altKey, shiftKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (event.isComposing) return null;
  if (key === "F6" && !command && !altKey) return shiftKey ? "previousArea" : "nextArea";
  if (command) return !altKey && !shiftKey && code === "KeyK" ? "search" : null;
  if (altKey && shiftKey) return { KeyA: "archive", KeyM: "mute" }[code] ?? null;
  if (altKey) return { ArrowDown: "nextConversation", ArrowUp: "previousConversation" }[key] ?? null;
  return key === "?" && hasSingleKeys && !isTyping ? "map" : null;
}

export function isTypingIn(element) {
  return Boolean(element?.matches?.(TYPING));
}
