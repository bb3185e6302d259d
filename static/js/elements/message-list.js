import { book, sender, socket, viewerId } from "../app.js";
import { announce } from "../behaviours/announcer.js";
import { HistoryPager } from "../behaviours/history-pager.js";
import { MessageActions } from "../behaviours/message-actions.js";
import { focusOn, messageKeys, reach } from "../behaviours/message-keys.js";
import { onMenuRequest } from "../behaviours/menu-request.js";
import { SeenWatcher } from "../behaviours/seen-watcher.js";
import { stickyDates } from "../behaviours/sticky-dates.js";
import { StickToBottom } from "../behaviours/stick-to-bottom.js";
import { field, show } from "../lib/dom.js";
import { number, say, sayCount } from "../lib/sentences.js";
import { Days, seqOf } from "../views/days.js";
import * as view from "../views/message.js";

const FLASH_TIME = 1_600;

/** The messages of the open conversation.
 *
 * Tells its <conversation-view>, by events that bubble: `seen` {seq}, `message-reply` with what is quoted,
 * `message-edit` {id, seq, content}. The composer takes the last two.
 */
customElements.define(
  "message-list",
  class extends HTMLElement {
    #missed = 0;
    #leaving = new AbortController();

    connectedCallback() {
      this.conversationId = Number(this.closest("[data-conversation-id]").dataset.conversationId);
      this.scroller = field(this, "scroller");
      this.days = new Days(field(this, "days"));
      this.jumpButton = this.querySelector("[data-action=jump]");
      this.bottom = new StickToBottom(this.scroller);
      this.pager = this.#makePager();
      this.actions = new MessageActions(this);
      this.seen = new SeenWatcher({
        scroller: this.scroller,
        days: this.days,
        tell: (seq) => this.#tell("seen", { seq }),
      });
      this.#listen();
      this.#restoreWaiting();
      this.#openAtPlace();
      this.pager.watch(this.#leaving.signal);
      this.seen.watch(this.#leaving.signal);
    }

    disconnectedCallback() {
      this.#leaving.abort();
    }

    get #receipts() {
      return this.closest("conversation-view").receipts;
    }

    /** Somebody has got further; `readAt` if that is the only one who reads here. */
    refreshTicks(readAt = null) {
      for (const message of this.days.stored) this.#refreshTick(message, readAt);
    }

    /** A message that came, or came back acknowledged; the same one twice does no harm. */
    take(message, { isNews = true } = {}) {
      const pending = message.clientId && this.days.byClientId(message.clientId);
      const hadFocus = pending?.contains(document.activeElement);
      if (pending && !pending.dataset.seq) this.days.remove(pending);
      const known = this.days.bySeq(message.seq);
      if (known) this.#update(known, message);
      else if (this.#belongs(message)) this.#add(message, isNews && !pending);
      else if (isNews && message.seq > this.days.lastSeq) this.#countMissed(message);
      if (hadFocus) focusOn(this.days.bySeq(message.seq));
    }

    /** What stands beyond a page that is still to be loaded comes with that page. */
    #belongs({ seq }) {
      return seq > this.days.lastSeq ? this.pager.reachesEnd : seq > this.days.firstSeq;
    }

    #add(message, isNew) {
      const wasAtBottom = this.bottom.isAtBottom;
      const element = this.#insert(message);
      if (isNew) this.#announce(element, message);
      if (wasAtBottom) this.#stayAtEnd();
      else this.#countMissed(message);
      this.seen.look();
    }

    #stayAtEnd() {
      this.pager.letGoOfOldest();
      this.bottom.scroll();
    }

    #announce(element, message) {
      element.dataset.new = "";
      if (message.senderId === viewerId) return;
      const content = field(element, "content").textContent;
      const isSystem = message.kind === "system";
      const name = message.sender.displayName;
      announce(field(this, "announcer"), isSystem ? content : say("message.spoken", { name, content }));
    }

    #insert = (message) => {
      const element = view.messageElement(message);
      reach(element, false);
      this.days.insert(element);
      this.#refreshTick(element);
      return element;
    };

    #update(element, message) {
      if (message.editedAt) view.showEdit(element, message.content);
      if (message.deletedAt) view.showDeletion(element);
    }

    #refreshTick(element, readAt = null) {
      const isOwnText = "own" in element.dataset && element.dataset.seq;
      if (isOwnText) view.showStatus(element, this.#receipts.statusOf(seqOf(element)), readAt);
    }

    // --- Sending ---------------------------------------------------------------------------------

    #restoreWaiting() {
      for (const entry of sender.waitingIn(this.conversationId)) {
        const there = this.days.byClientId(entry.clientId);
        if (there?.dataset.seq) sender.settle(entry.clientId);
        else if (!there) this.#append(entry);
      }
    }

    #append(entry) {
      const element = view.pendingElement(entry);
      reach(element, false);
      this.days.append(element);
      return element;
    }

    async #queued({ entry }) {
      if (entry.conversationId !== this.conversationId) return;
      const there = this.days.byClientId(entry.clientId);
      if (there) {
        if (!there.dataset.seq) view.showFailure(there, null);
        return;
      }
      if (!this.pager.reachesEnd) await this.pager.latest();
      // On a quick connection the answer is here before the page.
      if (this.days.byClientId(entry.clientId)) return;
      this.#append(entry).dataset.new = "";
      this.#removeDivider();
      this.bottom.scroll();
    }

    #failed({ entry }) {
      const element = this.days.byClientId(entry.clientId);
      if (!element) return;
      view.showFailure(element, entry.failure);
      if (this.bottom.isAtBottom) this.bottom.scroll();
    }

    /** Here or in another page. */
    #discarded({ entry }) {
      const element = this.days.byClientId(entry.clientId);
      if (element) this.days.remove(element);
    }

    // --- Reading ---------------------------------------------------------------------------------

    #openAtPlace() {
      const linked = document.getElementById(location.hash.slice(1));
      const place = this.contains(linked) ? linked : field(this, "unread-divider");
      if (place) place.scrollIntoView({ block: "center" });
      else this.bottom.scroll();
      this.bottom.note();
    }

    #removeDivider() {
      field(this, "unread-divider")?.remove();
    }

    #countMissed(message) {
      if (message.senderId === viewerId) return;
      this.#missed += 1;
      this.#showJump();
    }

    #showJump() {
      const isAway = !this.bottom.isAtBottom || !this.pager.reachesEnd;
      if (!isAway) this.#missed = 0;
      const button = this.jumpButton;
      const count = field(button, "jump-count");
      show(button, isAway);
      show(count, this.#missed > 0);
      count.textContent = number(this.#missed);
      button.ariaLabel = this.#missed ? sayCount("jump.unread", this.#missed) : say("jump");
    }

    async #jump() {
      const isNear = this.pager.reachesEnd;
      if (!isNear) await this.pager.latest();
      this.bottom.scroll({ smoothly: isNear });
      this.#showJump();
    }

    async #show(seq) {
      if (!this.days.bySeq(seq)) await this.pager.around(seq);
      const message = this.days.bySeq(seq);
      if (!message) return;
      message.scrollIntoView({ block: "center" });
      message.dataset.flash = "";
      setTimeout(() => delete message.dataset.flash, FLASH_TIME);
    }

    // --- Wiring ----------------------------------------------------------------------------------

    #makePager() {
      return new HistoryPager({
        conversationId: this.conversationId,
        scroller: this.scroller,
        days: this.days,
        older: field(this, "older"),
        newer: field(this, "newer"),
        beginning: field(this, "beginning"),
        insert: this.#insert,
        latestSeq: () => book.get(this.conversationId)?.lastSeq ?? 0,
        atEnd: () => this.#restoreWaiting(),
      });
    }

    #listen() {
      const { signal } = this.#leaving;
      const on = (target, type, act) =>
        target.addEventListener(type, ({ detail }) => act.call(this, detail), { signal });
      on(socket, "newMessage", (message) => this.#isHere(message) && this.take(message));
      on(socket, "messageEdited", (event) => this.#isHere(event) && this.#change(event));
      on(socket, "messageDeleted", (event) => this.#isHere(event) && this.#change(event));
      on(socket, "messageDeletedForMe", (event) => this.#isHere(event) && this.#putAway(event.seq));
      on(socket, "changes", this.#catchUp);
      on(sender, "queued", this.#queued);
      on(sender, "failed", this.#failed);
      on(sender, "discarded", this.#discarded);
      on(sender, "sent", ({ message }) => this.#isHere(message) && this.take(message));
      this.scroller.addEventListener("scroll", () => this.#showJump(), { passive: true, signal });
      this.addEventListener("click", (event) => this.#clicked(event), { signal });
      const { scroller, days } = this;
      messageKeys({ scroller, days, signal, act: (name, message) => this.actions.do(name, message) });
      stickyDates(scroller, signal);
      scroller.addEventListener("contextmenu", leaveToTheBrowser, { capture: true, signal });
      onMenuRequest(scroller, ".message", (message) => this.actions.do("menu", message));
    }

    #isHere({ conversationId }) {
      return conversationId === this.conversationId;
    }

    /** Also where it is quoted. */
    #change(event) {
      const element = this.days.bySeq(event.seq);
      if (element) this.#update(element, event);
      for (const quote of this.days.quotesOf(event.seq)) view.showQuoted(quote, event);
    }

    /** Whoever stood there stands beside it then. */
    #putAway(seq) {
      const element = this.days.bySeq(seq);
      if (!element) return;
      const hadFocus = element.contains(document.activeElement);
      const { messages } = this.days;
      const place = messages.indexOf(element);
      this.days.remove(element);
      const beside = messages[place + 1] ?? messages[place - 1];
      if (hadFocus) focusOn(beside);
      else focusAfterDialog(beside);
    }

    #catchUp({ conversation, messages, limited }) {
      if (conversation.id !== this.conversationId) return;
      for (const message of [...messages].sort((one, other) => one.seq - other.seq)) {
        this.take(message);
        if (message.editedAt || message.deletedAt) this.#change(message);
      }
      if (!limited) this.refreshTicks();
    }

    #clicked(event) {
      const target = event.target.closest("[data-action], .quote");
      const message = event.target.closest(".message");
      this.#select(message);
      if (!target) return;
      const name = target.dataset.action ?? "quote";
      const does = {
        jump: () => this.#jump(),
        retry: () => sender.retry(message.dataset.clientId),
        expand: () => message.toggleAttribute("data-expanded", true),
        discard: () => sender.discard(message.dataset.clientId),
        quote: () => this.#show(Number(target.dataset.seq)),
      };
      event.preventDefault();
      if (name in does) does[name]();
      else this.actions.do(name, message);
    }

    /** By touch: one message at a time shows its actions. */
    #select(message) {
      for (const one of this.querySelectorAll("[data-selected]")) {
        if (one !== message) delete one.dataset.selected;
      }
      message?.toggleAttribute("data-selected");
    }

    /** The last own message that can still be changed; whoever asks writes it anew in the composer. */
    editLast() {
      const message = this.days.stored.findLast((one) => this.actions.rightsOn(one).edit);
      if (message) this.actions.do("edit", message);
    }

    #tell(type, detail) {
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
    }
  },
);

/** The dialog in which it was decided gives the focus back to what is gone. */
function focusAfterDialog(message) {
  const dialog = document.querySelector("dialog[open]");
  dialog?.addEventListener("close", () => document.activeElement === document.body && focusOn(message), { once: true });
}

/** For a link, and for words that were chosen, its own menu is the better one. */
function leaveToTheBrowser(event) {
  if (event.pointerType !== "mouse") return;
  if (event.target.closest(".message-content a") || !getSelection().isCollapsed) event.stopPropagation();
}
