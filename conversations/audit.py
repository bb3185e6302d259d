"""The audit actions of conversations."""

from accounts.audit import register

MESSAGES_READ_BY_ADMIN = register(
    "conversation.messages_read_by_admin",
    "{actor} read messages {first} to {last} of {conversation}: {reason}",
)
HISTORY_IMPORTED = register(
    "organization.history_imported", "{actor} imported {messages} messages of {origin}"
)
