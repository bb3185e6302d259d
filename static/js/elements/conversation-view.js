import { book, delivery, names, socket, viewerId } from "../app.js";
import { ConnectionLost, Refused } from "../socket.js";
import { embedded, field, mark, setText } from "../lib/dom.js";
import { say } from "../lib/sentences.js";
import { throttle } from "../lib/throttle.js";
import { closedReason } from "../models/closed-reason.js";
import { pictureOf, titleOf } from "../models/conversation-book.js";
import { presenceText, membersText } from "../models/status-line.js";
import { Receipts } from "../models/receipts.js";
import { fillAvatar } from "../lib/people.js";
import { moments } from "../lib/time.js";
import { noteShown } from "../feed.js";
import { typingText } from "../views/row.js";

const READ_INTERVAL = 400;

/** The open conversation: who is in it, how far they have got, and what I have read. */
customElements.define(
  "conversation-view",
  class extends HTMLElement {
    #leaving = new AbortController();
    #places = new Map();
    #seen = 0;

    connectedCallback() {
      this.conversationId = Number(this.dataset.conversationId);
      this.messages = this.querySelector("message-list");
      this.composer = this.querySelector("message-composer");
      const { participants, ...state } = embedded("conversation-detail", this);
      this.receipts = new Receipts(viewerId, participants);
      participants.forEach((one) => this.#notePlace(one));
      this.markRead = throttle(() => this.#markRead(), READ_INTERVAL);
      // The server rendered this state, so it is noted before anybody here listens.
      noteShown(state);
      this.#listen();
    }

    disconnectedCallback() {
      this.#leaving.abort();
    }

    #listen() {
      this.#on("messageDelivered", ({ userId, upToSeq }) => {
        this.receipts.noteDelivered(userId, upToSeq);
        this.#ticksChanged();
      });
      this.#on("messagesRead", ({ userId, upToSeq, at, isPrivate }) => {
        if (isPrivate) return;
        this.receipts.noteRead(userId, upToSeq);
        this.#ticksChanged(this.dataset.kind === "direct" ? at : null);
      });
      this.#on("typingChanged", () => this.#showStatus());
      this.#on("conversationUpdated", ({ participants }) => this.#noteParticipants(participants));
      this.#on("changes", ({ participants }) => this.#noteParticipants(participants));
      this.#on("connected", () => this.markRead());
      const { signal } = this.#leaving;
      book.addEventListener("change", ({ detail }) => this.#changed(detail), { signal });
      this.addEventListener("seen", ({ detail }) => this.#noteSeen(detail.seq));
      this.addEventListener("message-reply", ({ detail }) => this.composer.replyTo(detail));
      this.addEventListener("message-edit", ({ detail }) => this.composer.edit(detail));
      this.addEventListener("edit-last", () => this.messages.editLast());
    }

    /** Events of this conversation, and those that concern all. */
    #on(name, act) {
      const { signal } = this.#leaving;
      socket.addEventListener(name, ({ detail }) => this.#concerns(detail) && act(detail), { signal });
    }

    #concerns({ conversationId, conversation }) {
      const id = conversationId ?? conversation?.id;
      return id === undefined || id === this.conversationId;
    }

    #noteParticipants(participants) {
      for (const participant of participants) {
        this.receipts.notePlace(participant);
        this.#notePlace(participant);
      }
      this.#ticksChanged();
      this.#showStatus();
    }

    #notePlace({ user, isCurrent }) {
      names.set(user.id, user.displayName);
      this.#places.set(user.id, { name: user.displayName, url: user.avatarUrl, isCurrent });
    }

    /** In a group: whom one may mean. */
    get others() {
      if (this.dataset.kind !== "group") return [];
      const current = [...this.#places].filter(([id, place]) => place.isCurrent && id !== viewerId);
      return current.map(([id, { name, url }]) => ({ id, name, url }));
    }

    #ticksChanged(readAt = null) {
      this.messages.refreshTicks(readAt);
      const { deliveredToAll, readByAll } = this.receipts;
      if (Number.isFinite(readByAll)) book.noteStanding(this.conversationId, { deliveredToAll, readByAll });
    }

    // --- Header and composer ---------------------------------------------------------------------

    #changed({ id }) {
      const state = book.get(id);
      if (id !== this.conversationId || !state) return;
      setText(this, "title", titleOf(state));
      this.#showAvatar(state);
      this.#showStatus();
      const reason = closedReason(state);
      this.composer.close(reason && say(reason));
    }

    #showAvatar(state) {
      fillAvatar(this.querySelector(".conversation-header .avatar"), {
        id: state.peer?.id ?? state.id,
        name: titleOf(state),
        url: pictureOf(state),
        isOnline: state.peer?.isOnline,
      });
    }

    #showStatus() {
      const state = book.get(this.conversationId);
      if (!state) return;
      const typing = typingText(state);
      const line = field(this, "status-line");
      mark(line, "typing", typing !== "");
      const rest = () => (state.peer ? presenceText(state.peer, say, moments) : this.#members());
      setText(this, "status-line", typing || rest());
    }

    #members() {
      const current = [...this.#places].filter(([, place]) => place.isCurrent);
      return membersText(current.map(([id, { name }]) => (id === viewerId ? say("message.you") : name)), say);
    }

    // --- Reading ---------------------------------------------------------------------------------

    #noteSeen(seq) {
      this.#seen = Math.max(this.#seen, seq);
      this.markRead();
    }

    async #markRead() {
      const state = book.get(this.conversationId);
      const upToSeq = this.#seen;
      if (!state || upToSeq <= state.readSeq || !socket.isConnected) return;
      delivery.settle(this.conversationId, upToSeq);
      try {
        await socket.request("markMessagesAsRead", { conversationId: this.conversationId, upToSeq });
        book.noteRead({ conversationId: this.conversationId, userId: viewerId, upToSeq });
      } catch (error) {
        // The next connection tries again.
        if (!(error instanceof ConnectionLost || error instanceof Refused)) throw error;
      }
    }
  },
);
