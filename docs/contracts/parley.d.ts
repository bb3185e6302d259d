// Made by bin/contracts from asyncapi.json. What the socket speaks, for clients in TypeScript.
// Ignore what you do not know: fields, events and values may be added.
declare namespace Parley {

/** Say who you are, or show the next access token before the one that holds expires. */
interface Authenticate {
  token: string;
}

/** Answers `authenticate`: who this is now, and until when. */
interface Authenticated {
  user: PersonShape;
  expiresAt: string | null;
}

/** To my own devices alone: I block them, or do so no more. */
interface BlockChanged {
  userId: number;
  isBlocked: boolean;
}

/** Numbers that clients read here instead of hard-coding them. `features`: what this server can do. */
interface Capabilities {
  features: Array<string>;
  maxMessageLength: number;
  maxTitleLength: number;
  maxDescriptionLength: number;
  maxGroupMembers: number;
  maxPage: number;
  defaultPage: number;
  maxSyncConversations: number;
  maxStatusQuestions: number;
  maxBodyBytes: number;
  maxFrameBytes: number;
  framesPerSecond: number;
  framesBurst: number;
  editWindowSeconds: number;
  typingRepeatSeconds: number;
  typingIdleSeconds: number;
  typingExpirySeconds: number;
}

/** The first of all: who this is, and what the server can do. With no user: `authenticate`. */
interface Connected {
  connectionId: string;
  user: PersonShape | null;
  capabilities: Capabilities;
}

/** `is_blocked`: by me; whether they block me is theirs to know. */
interface ContactShape {
  id: number;
  displayName: string;
  avatarUrl: string | null;
  role: string;
  isActive: boolean;
  isBot: boolean;
  about: string;
  isBlocked: boolean;
  isOnline: boolean;
  lastSeenAt: string | null;
}

/** All that changed after the version held; `version` is how far this answer is complete. With `limited`, ask again with that version. `conversation` is the state now; `participants` and `messages` are the rows that changed. */
interface ConversationChanges {
  conversation: ConversationShape;
  participants: Array<ParticipantShape>;
  messages: Array<MessageShape>;
  version: number;
  limited: boolean;
}

interface ConversationDetail {
  pinnedAt: string | null;
  archivedAt: string | null;
  mutedUntil: string | null;
  level: "all" | "mentions" | "nothing";
  id: number;
  kind: "direct" | "group";
  title: string;
  description: string;
  pictureUrl: string | null;
  whoMayPost: "everyone" | "admins";
  createdById: number;
  createdAt: string;
  updatedAt: string;
  lastMessageAt: string | null;
  lastSeq: number;
  version: number;
  memberCount: number;
  peer: ContactShape | null;
  lastMessage: MessageShape | null;
  unreadCount: number;
  hasMention: boolean;
  readSeq: number;
  deliveredSeq: number;
  deliveredToAllSeq: number;
  readByAllSeq: number;
  role: "admin" | "member";
  isMember: boolean;
  canPost: boolean;
  participants: Array<ParticipantShape>;
}

/** Answers `getOrCreateConversation`, with the latest page of its messages. */
interface ConversationLoaded {
  conversation: ConversationDetail;
  messages: Array<MessageShape>;
  hasOlder: boolean;
  created: boolean;
}

/** A conversation as one viewer sees it in the list. `peer` is the other person of a direct conversation. The two `_to_all` pointers are the lowest of the other members': an own message up to them has two ticks, or two coloured ones. `has_mention`: of a group, something that I have not read names me behind an @, or answers me. */
interface ConversationShape {
  pinnedAt: string | null;
  archivedAt: string | null;
  mutedUntil: string | null;
  level: "all" | "mentions" | "nothing";
  id: number;
  kind: "direct" | "group";
  title: string;
  description: string;
  pictureUrl: string | null;
  whoMayPost: "everyone" | "admins";
  createdById: number;
  createdAt: string;
  updatedAt: string;
  lastMessageAt: string | null;
  lastSeq: number;
  version: number;
  memberCount: number;
  peer: ContactShape | null;
  lastMessage: MessageShape | null;
  unreadCount: number;
  hasMention: boolean;
  readSeq: number;
  deliveredSeq: number;
  deliveredToAllSeq: number;
  readByAllSeq: number;
  role: "admin" | "member";
  isMember: boolean;
  canPost: boolean;
}

/** What is the same for every member. `picture_url` answers 404 to whoever is none. */
interface ConversationSummary {
  id: number;
  kind: "direct" | "group";
  title: string;
  description: string;
  pictureUrl: string | null;
  whoMayPost: "everyone" | "admins";
  createdById: number;
  createdAt: string;
  updatedAt: string;
  lastMessageAt: string | null;
  lastSeq: number;
  version: number;
  memberCount: number;
}

/** A new conversation, or a change of what it is or who is in it. `participants`: those who changed. */
interface ConversationUpdated {
  conversation: ConversationSummary;
  participants: Array<ParticipantShape>;
}

/** Answers `getConversations`: one page of the list. */
interface ConversationsList {
  conversations: Array<ConversationShape>;
  nextCursor: string | null;
}

/** Delete an own message for everyone. */
interface DeleteMessage {
  conversationId: number;
  messageId: number;
}

/** Delete a message for myself alone, whoever wrote it. */
interface DeleteMessageForMe {
  conversationId: number;
  messageId: number;
}

/** A message that I deleted for myself. `number` counts them: 1, 2, 3 …, of all my conversations. */
interface DeletedForMe {
  conversationId: number;
  messageId: number;
  seq: number;
  number: number;
}

/** Change the text of an own message, within the window of the capabilities. */
interface EditMessage {
  content: string;
  conversationId: number;
  messageId: number;
}

/** A command was refused. With its `id`, where the frame had one; the socket stays open. */
interface Error {
  type: string;
  errors: Array<ErrorItem>;
  retryAfter: number | null;
}

/** `code` is for programs, `detail` for people, `attr` names the field that is wrong. */
interface ErrorItem {
  code: string;
  detail: string;
  attr: string | null;
}

/** One page of my conversations. */
interface GetConversations {
  filter?: "all" | "unread" | "groups" | "archived";
  search?: string;
  cursor?: string | null;
  limit?: number;
}

/** Of an own message: to whom it was delivered, and who has read it. */
interface GetMessageInfo {
  conversationId: number;
  messageId: number;
}

/** One page of messages: the latest, or the one before, after or around a `seq`. */
interface GetMessages {
  before?: number | null;
  after?: number | null;
  around?: number | null;
  limit?: number;
  conversationId: number;
}

/** Who of these is here, as far as I may know it. */
interface GetOnlineStatus {
  userIds: Array<number>;
}

/** Open the direct conversation with somebody; it is made if there is none. */
interface GetOrCreateConversation {
  targetUserId: number;
}

/** This device holds everything up to `upToSeq`; without it: all. */
interface MarkMessagesAsDelivered {
  upToSeq?: number | null;
  conversationId: number;
}

/** I have seen everything up to `upToSeq`; without it: all. */
interface MarkMessagesAsRead {
  upToSeq?: number | null;
  conversationId: number;
}

/** A message was deleted for everyone; its place stays. */
interface MessageDeleted {
  conversationId: number;
  messageId: number;
  seq: number;
  version: number;
  deletedAt: string;
  updatedAt: string;
}

/** I deleted a message for myself. To my own devices alone; to everybody else it is still there. */
interface MessageDeletedForMe {
  conversationId: number;
  messageId: number;
  seq: number;
  number: number;
}

/** A member's devices hold everything up to `upToSeq`. */
interface MessageDelivered {
  conversationId: number;
  userId: number;
  upToSeq: number;
  at: string;
  version: number;
}

/** The text of a message changed. */
interface MessageEdited {
  conversationId: number;
  messageId: number;
  seq: number;
  version: number;
  content: string;
  editedAt: string;
  updatedAt: string;
}

/** Answers `getMessageInfo`: who has an own message, and who has read it. */
interface MessageInfoLoaded {
  conversationId: number;
  messageId: number;
  seq: number;
  receipts: Array<ReceiptShape>;
  remainingCount: number;
}

/** Acknowledges `sendMessage`, only after COMMIT. */
interface MessageSent {
  id: number;
  conversationId: number;
  seq: number;
  version: number;
  kind: "text" | "system";
  senderId: number;
  sender: PersonShape;
  content: string;
  system: SystemLine | null;
  replyTo: QuoteShape | null;
  clientId: string | null;
  createdAt: string;
  updatedAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  isDelivered: boolean;
  isRead: boolean;
  readAt: string | null;
}

/** `is_read`: of an own message, every other member has read it; of another's, I have. `read_at` is given in direct conversations. In the event `newMessage` both are always empty. */
interface MessageShape {
  id: number;
  conversationId: number;
  seq: number;
  version: number;
  kind: "text" | "system";
  senderId: number;
  sender: PersonShape;
  content: string;
  system: SystemLine | null;
  replyTo: QuoteShape | null;
  clientId: string | null;
  createdAt: string;
  updatedAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  isDelivered: boolean;
  isRead: boolean;
  readAt: string | null;
}

/** Answers `getMessages`: one page of a conversation, ascending by `seq`. */
interface MessagesLoaded {
  conversationId: number;
  messages: Array<MessageShape>;
  hasOlder: boolean;
  hasNewer: boolean;
}

/** A member has read everything up to `upToSeq`. To the reader's own devices it also comes for a private read, with `is_private` set. */
interface MessagesRead {
  conversationId: number;
  userId: number;
  upToSeq: number;
  at: string;
  version: number;
  isPrivate: boolean;
}

/** Somebody wrote; or I did, on another device. */
interface NewMessage {
  id: number;
  conversationId: number;
  seq: number;
  version: number;
  kind: "text" | "system";
  senderId: number;
  sender: PersonShape;
  content: string;
  system: SystemLine | null;
  replyTo: QuoteShape | null;
  clientId: string | null;
  createdAt: string;
  updatedAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  isDelivered: boolean;
  isRead: boolean;
  readAt: string | null;
}

/** Something to tell in the app: new, or one more of the same. */
interface NewNotification {
  id: number;
  kind: "message" | "mention" | "added_to_group" | "missed" | "security" | "system";
  conversationId: number | null;
  messageId: number | null;
  title: string;
  body: string;
  count: number;
  createdAt: string;
  updatedAt: string;
  isRead: boolean;
  readAt: string | null;
}

/** Notifications were read, on another device perhaps. `ids` empty and no conversation: all of them. */
interface NotificationsRead {
  ids: Array<number>;
  conversationId: number | null;
  unreadCount: number;
}

/** Answer to a command that has nothing to tell but that it was done. */
interface Ok {
}

/** Answers `getOnlineStatus`, for those of them whom I may know. */
interface OnlineStatus {
  users: Array<PresenceShape>;
}

/** `confirms`: others' ticks wait for this one. For a bot in a group nobody waits. */
interface ParticipantShape {
  user: PersonShape;
  role: "admin" | "member";
  isCurrent: boolean;
  confirms: boolean;
  deliveredSeq: number;
  readSeq: number;
  version: number;
}

/** The card of a person. `avatar_url` answers 404 to those who may not see the photo. */
interface PersonShape {
  id: number;
  displayName: string;
  avatarUrl: string | null;
  role: string;
  isActive: boolean;
  isBot: boolean;
}

/** How I keep a conversation. Muted for ever is a moment that nobody will live to see. `level` says of what in it my devices are told while I am away. */
interface Preferences {
  pinnedAt: string | null;
  archivedAt: string | null;
  mutedUntil: string | null;
  level: "all" | "mentions" | "nothing";
}

/** How I keep a conversation has changed. To my own devices alone. */
interface PreferencesChanged {
  pinnedAt: string | null;
  archivedAt: string | null;
  mutedUntil: string | null;
  level: "all" | "mentions" | "nothing";
  conversationId: number;
}

/** What this viewer may see: a hidden time is null, a hidden presence reads as offline. */
interface PresenceShape {
  userId: number;
  isOnline: boolean;
  lastSeenAt: string | null;
}

/** The message that another one replies to, shortened; empty when it was deleted. */
interface QuoteShape {
  id: number;
  seq: number;
  senderId: number;
  senderName: string;
  content: string;
  isDeleted: boolean;
}

/** Somebody who has a message on a device. A time is null where it was not kept. */
interface ReceiptShape {
  user: PersonShape;
  deliveredAt: string | null;
  isRead: boolean;
  readAt: string | null;
}

/** The server may have lost events: ask again by `sync`. */
interface Resync {
}

/** Send a message. A repeat with the same `clientId` is answered with the first result. */
interface SendMessage {
  content: string;
  clientId?: string;
  replyToId?: number | null;
  conversationId: number;
}

/** This device was signed out. The socket is closed with 4403 after it. */
interface SessionRevoked {
  sessionId: number;
}

/** Whether somebody is at this device. */
interface SetActivity {
  state: "active" | "idle";
}

/** Pin, archive or mute a conversation for myself. */
interface SetPreferences {
  pinned?: boolean | null;
  archived?: boolean | null;
  mute?: "off" | "eightHours" | "oneWeek" | "always" | null;
  level?: "all" | "mentions" | "nothing" | null;
  conversationId: number;
}

/** Versions held in; everything that changed after them comes as `syncResult`. */
interface Sync {
  conversations: Record<string, number>;
  deletedForMeAfter?: number | null;
}

/** Answers `sync`. */
interface SyncResult {
  conversations: Array<ConversationChanges>;
  readSeqs: Record<string, number>;
  preferences: Record<string, Preferences>;
  gone: Array<number>;
  deletedForMe: Array<DeletedForMe>;
  deletedForMeUpTo: number;
  limited: boolean;
}

/** What a system line tells, for each client to put into its reader's language. */
interface SystemLine {
  event: "groupCreated" | "memberAdded" | "memberRemoved" | "memberLeft" | "titleChanged" | "descriptionChanged" | "pictureChanged" | "pictureRemoved" | "postingChanged" | "roleChanged";
  userIds: Array<number>;
  names: Array<string>;
  title: string | null;
  role: string | null;
  whoMayPost: string | null;
}

/** I am writing, or no more. Repeat it every `typingRepeatSeconds` while it lasts. */
interface Typing {
  conversationId: number;
  isTyping: boolean;
  kind?: "text" | "voice";
}

/** Somebody came or went, as far as I may see it. */
interface UserStatusChanged {
  userId: number;
  isOnline: boolean;
  lastSeenAt: string | null;
}

/** Somebody is writing, or is no more. Forget it after `typingExpirySeconds` without another one. */
interface UserTyping {
  conversationId: number;
  userId: number;
  isTyping: boolean;
  kind: "text" | "voice";
}

/** What a client sends, by `event`. */
interface Commands {
  authenticate: Authenticate;
  getOrCreateConversation: GetOrCreateConversation;
  getConversations: GetConversations;
  getMessages: GetMessages;
  sendMessage: SendMessage;
  getMessageInfo: GetMessageInfo;
  markMessagesAsDelivered: MarkMessagesAsDelivered;
  markMessagesAsRead: MarkMessagesAsRead;
  setPreferences: SetPreferences;
  editMessage: EditMessage;
  deleteMessage: DeleteMessage;
  deleteMessageForMe: DeleteMessageForMe;
  typing: Typing;
  getOnlineStatus: GetOnlineStatus;
  setActivity: SetActivity;
  sync: Sync;
}

/** What the server sends, by `event`. */
interface Events {
  connected: Connected;
  authenticated: Authenticated;
  ok: Ok;
  error: Error;
  conversationLoaded: ConversationLoaded;
  conversationsList: ConversationsList;
  messagesLoaded: MessagesLoaded;
  messageSent: MessageSent;
  messageInfo: MessageInfoLoaded;
  newMessage: NewMessage;
  messageEdited: MessageEdited;
  messageDeleted: MessageDeleted;
  messageDeletedForMe: MessageDeletedForMe;
  messageDelivered: MessageDelivered;
  messagesRead: MessagesRead;
  conversationUpdated: ConversationUpdated;
  preferencesChanged: PreferencesChanged;
  blockChanged: BlockChanged;
  userTyping: UserTyping;
  userStatusChanged: UserStatusChanged;
  onlineStatus: OnlineStatus;
  syncResult: SyncResult;
  newNotification: NewNotification;
  notificationsRead: NotificationsRead;
  resync: Resync;
  sessionRevoked: SessionRevoked;
}

/** What each command is answered with. */
interface Answers {
  authenticate: Events["authenticated"];
  getOrCreateConversation: Events["conversationLoaded"];
  getConversations: Events["conversationsList"];
  getMessages: Events["messagesLoaded"];
  sendMessage: Events["messageSent"];
  getMessageInfo: Events["messageInfo"];
  markMessagesAsDelivered: Events["ok"];
  markMessagesAsRead: Events["ok"];
  setPreferences: Events["ok"];
  editMessage: Events["ok"];
  deleteMessage: Events["ok"];
  deleteMessageForMe: Events["ok"];
  typing: never;
  getOnlineStatus: Events["onlineStatus"];
  setActivity: never;
  sync: Events["syncResult"];
}

type CommandFrame = {
  [Name in keyof Commands]: { event: Name; id?: string | number; data: Commands[Name] };
}[keyof Commands];

type EventFrame = {
  [Name in keyof Events]: { event: Name; id?: string | number; data: Events[Name] };
}[keyof Events];
}
