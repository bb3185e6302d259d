/** Menus are <details>: they open by themselves; here they close as people expect. */
export function closeMenus() {
  const close = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", ({ target }) => close(target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    close(null);
    menu?.querySelector("summary").focus();
  });
}
