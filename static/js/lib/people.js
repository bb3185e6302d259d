import { field, show } from "./dom.js";

const TINTS = 8;

/** As conversations/templatetags/people.py does it. */
export function initials(name) {
  const firsts = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .filter((first) => /[\p{L}\p{N}]/u.test(first));
  const chosen = firsts.length > 1 ? [firsts[0], firsts.at(-1)] : firsts;
  return chosen.join("").toUpperCase();
}

export function tint(id) {
  return id % TINTS;
}

export function fillAvatar(avatar, { id, name, url = null, isOnline = false }) {
  avatar.dataset.tint = tint(id);
  field(avatar, "initials").textContent = initials(name);
  show(field(avatar, "presence"), isOnline);
  fillPhoto(avatar, url);
}

function fillPhoto(avatar, url) {
  const photo = field(avatar, "photo");
  if (photo?.getAttribute("src") === url) return;
  photo?.remove();
  if (!url) return;
  const image = new Image();
  image.dataset.field = "photo";
  image.alt = "";
  image.src = url;
  field(avatar, "initials").after(image);
}
