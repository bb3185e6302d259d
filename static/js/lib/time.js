import { locale } from "./language.js";
import { Moments } from "../models/moments.js";
import { say } from "./sentences.js";

const page = document.documentElement;

/** Times as people say them, in the language and the time zone that the server used for this page. */
export const moments = new Moments({
  locale,
  timeZone: page.dataset.timeZone || "UTC",
  say,
});
