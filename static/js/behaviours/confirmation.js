import { setText } from "../lib/dom.js";

/** Resolves with whether somebody means it. The words stand on the form: its question, what follows, and the button. */
export function confirmed({ confirm, consequence, label }) {
  const dialog = document.getElementById("confirmation");
  setText(dialog, "question", confirm);
  setText(dialog, "consequence", consequence);
  setText(dialog, "confirm", label);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirmed"), { once: true });
  });
}
