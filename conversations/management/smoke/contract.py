"""What the system that this one replaces promised its clients, by the names that they use."""

ENDPOINTS = (
    ("get", "/api/chat/contacts"),
    ("get", "/api/chat/online-status"),
    ("get", "/api/chat/online-status/{userId}"),
    ("post", "/api/chat/conversations"),
    ("get", "/api/chat/conversations"),
    ("get", "/api/chat/conversations/{conversationId}/messages"),
    ("post", "/api/chat/conversations/{conversationId}/messages"),
    ("patch", "/api/chat/conversations/{conversationId}/read"),
    ("get", "/api/notifications"),
    ("get", "/api/notifications/unread-count"),
    ("patch", "/api/notifications/{notificationId}/read"),
    ("patch", "/api/notifications/read-all"),
    ("delete", "/api/notifications/{notificationId}"),
    ("patch", "/api/notifications/conversations/{conversationId}/read"),
)
FIELDS = {
    "ConversationShape": ("lastMessageAt", "updatedAt", "unreadCount"),
    "MessageShape": ("updatedAt", "isRead", "readAt"),
}
COMMANDS = (
    "getOrCreateConversation",
    "sendMessage",
    "markMessagesAsRead",
    "typing",
    "getConversations",
)
EVENTS = (
    "conversationLoaded",
    "newMessage",
    "messageDelivered",
    "messagesRead",
    "userTyping",
    "conversationsList",
    "userStatusChanged",
    "newNotification",
)
