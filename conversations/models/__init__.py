from conversations.models.conversation import Conversation
from conversations.models.hidden_message import HiddenMessage
from conversations.models.message import Message
from conversations.models.participant import Participant
from conversations.models.receipt import Receipt

__all__ = ["Conversation", "HiddenMessage", "Message", "Participant", "Receipt"]
