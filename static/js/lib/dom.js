/** A fresh copy of the first element in a <template>. */
export function clone(templateId) {
  const template = document.getElementById(templateId);
  return template.content.firstElementChild.cloneNode(true);
}

export function field(root, name) {
  return root.querySelector(`[data-field="${name}"]`);
}

export function setText(root, name, text) {
  const element = field(root, name);
  if (element.textContent !== text) element.textContent = text;
}

export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/** Boolean state as an attribute: `data-own` is there, or it is not. */
export function mark(element, name, isSet) {
  if (isSet) element.dataset[name] = "";
  else delete element.dataset[name];
}

/** What the server put beside the markup with `json_script`; null if it put nothing. */
export function embedded(id, root = document) {
  const script = root.querySelector(`#${id}`);
  return script ? JSON.parse(script.textContent) : null;
}
