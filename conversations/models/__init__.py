from conversations.models.conversation import Conversation
from conversations.models.message import MAX_MESSAGE_LENGTH, Message
from conversations.models.participant import Participant
from conversations.models.receipt import Receipt

__all__ = ["MAX_MESSAGE_LENGTH", "Conversation", "Message", "Participant", "Receipt"]
