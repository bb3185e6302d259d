/**
 * What push can be on this device: `unavailable` (the server does none), `unsupported`, `install` (iOS wants
 * it on the home screen first), `blocked`, `off`, `on`.
 */
export function pushState({ key, canPush, isApplePhone, isInstalled, permission, isSubscribed }) {
  if (!key) return "unavailable";
  if (!canPush) return isApplePhone && !isInstalled ? "install" : "unsupported";
  if (permission === "denied") return "blocked";
  return isSubscribed && permission === "granted" ? "on" : "off";
}

/** Whose settings to explain. */
export function browserFamily(userAgent) {
  if (/firefox|fxios/i.test(userAgent)) return "firefox";
  if (/chrom|crios|edg/i.test(userAgent)) return "chrome";
  return /safari/i.test(userAgent) ? "safari" : "";
}

/** Was the subscription made with this key? Another one may have taken its place on the server. */
export function isMadeWith(serverKey, subscribedKey) {
  if (!subscribedKey) return false;
  const bytes = String.fromCharCode(...new Uint8Array(subscribedKey));
  const text = btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return text === serverKey;
}
