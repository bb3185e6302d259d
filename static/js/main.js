/** Makes the pages of signed-in people live. Everything on them works without it. */

import { drafts, socket } from "./app.js";
// What is known must change before the elements show it, so the feed comes before them.
import "./feed.js";
import "./elements/connection-banner.js";
import "./elements/contact-search.js";
import "./elements/conversation-info.js";
import "./elements/conversation-list.js";
import "./elements/conversation-view.js";
import "./elements/emoji-picker.js";
import "./elements/message-composer.js";
import "./elements/message-deletion.js";
import "./elements/message-info.js";
import "./elements/message-list.js";
import "./elements/message-menu.js";
import "./elements/message-tick.js";
import "./elements/notification-count.js";
import "./elements/notification-list.js";
import "./elements/push-device.js";
import "./elements/row-menu.js";
import "./elements/push-primer.js";
import "./elements/shortcut-map.js";
import "./elements/unsent-bar.js";
import "./elements/update-banner.js";
import { watchActivity } from "./activity.js";
import { showAppBadge } from "./app-badge.js";
import { startInfoNavigation } from "./info-pane.js";
import { closeMenus } from "./menus.js";
import { clearShownNotifications } from "./shown-notifications.js";
import { startPaneNavigation } from "./pane.js";
import { renew } from "./push.js";
import { forgetOnSignOut, signInWhenStopped } from "./sign-out.js";
import { keepLastConversations, renewCopies } from "./warm-up.js";

closeMenus();
forgetOnSignOut();
signInWhenStopped();
showAppBadge();
startInfoNavigation();
startPaneNavigation();
watchActivity(socket);
addEventListener("storage", ({ key }) => drafts.heard(key));
socket.connect();
clearShownNotifications(socket);
renew();
keepLastConversations();
renewCopies();
