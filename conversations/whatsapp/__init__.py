"""Chats as WhatsApp's "Export chat" writes them, on any phone and in any country."""
