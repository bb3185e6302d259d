/** The service worker. One file for each concern; chatproject/installable.py says with what it starts. */

import { answerNavigations } from "./navigation.js";
import { answerPushes } from "./push.js";
import { keepShell } from "./shell.js";
import { answerSignOut } from "./sign-out.js";
import { followUpdates } from "./updates.js";

export function start(settings) {
  keepShell(settings);
  followUpdates();
  answerSignOut(settings);
  answerNavigations(settings);
  answerPushes(settings);
}
