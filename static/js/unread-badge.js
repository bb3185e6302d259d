/** The unread number where it is seen while the page is not: in the title and the icon of the tab. */

const SIZE = 64;
const MOST = 99;
// A favicon has no theme of its own: this red, with white on it, is seen on bright and on dark tabs.
const RED = "#b3261e";

const icon = document.querySelector("link[rel=icon]");
const plainIcon = icon?.href;
let picture = null;
let shown = 0;

export function showUnread(total) {
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = total ? `(${total}) ${title}` : title;
  if (total === shown) return;
  shown = total;
  showOnIcon(total);
}

async function showOnIcon(total) {
  if (!icon) return;
  if (total === 0) {
    icon.href = plainIcon;
    return;
  }
  picture ??= loaded(plainIcon);
  const image = await picture;
  // Another number may have come while the picture did.
  if (total === shown) icon.href = drawn(image, total);
}

async function loaded(url) {
  const image = new Image(SIZE, SIZE);
  image.src = url;
  await image.decode();
  return image;
}

function drawn(image, total) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  const text = total > MOST ? `${MOST}+` : String(total);
  const width = Math.max(36, 16 + 16 * text.length);
  pen.fillStyle = RED;
  pen.beginPath();
  pen.roundRect(SIZE - width, SIZE - 36, width, 36, 18);
  pen.fill();
  pen.fillStyle = "#ffffff";
  pen.font = "bold 28px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, SIZE - width / 2, SIZE - 17);
  return canvas.toDataURL("image/png");
}
