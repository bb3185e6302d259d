/** Tells the server the clock of whoever joins, so that their first page shows the right times. */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.cookie = `time_zone=${encodeURIComponent(zone)}; path=/; max-age=86400; samesite=lax`;
