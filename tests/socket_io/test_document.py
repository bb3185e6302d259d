"""docs/api.md says which test covers what the old document names. It says so of everything, and truly."""

import re

import pytest

from tests.live import ROOT

pytestmark = pytest.mark.once

NAMES = {
    # To the server
    "getOrCreateConversation",
    "sendMessage",
    "markMessagesAsRead",
    "typing",
    "getConversations",
    # To the client
    "conversationLoaded",
    "newMessage",
    "messageDelivered",
    "messagesRead",
    "userTyping",
    "conversationsList",
    "userStatusChanged",
    "newNotification",
    # REST
    "POST /api/chat/conversations",
    "GET /api/chat/conversations",
    "GET /api/chat/conversations/:conversationId/messages",
    "POST /api/chat/conversations/:conversationId/messages",
    "PATCH /api/chat/conversations/:conversationId/read",
    "GET /api/chat/contacts",
    "GET /api/chat/online-status",
    "GET /api/chat/online-status/:userId",
    # The connection itself
    "io(url, { auth: { token } })",
}


def rows() -> dict[str, tuple[str, str]]:
    """From a name of the document to the file and the name of a test."""
    page = (ROOT / "docs/api.md").read_text()
    found = re.findall(r"^\|[^|]*\| `([^`]+)` \| `([^`]+)::([^`]+)` \|$", page, re.MULTILINE)
    return {name: (file, test) for name, file, test in found}


def test_every_endpoint_and_event_of_the_document_has_its_test() -> None:
    assert set(rows()) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_test_is_there_and_speaks_of_it(name: str) -> None:
    file, test = rows()[name]
    text = (ROOT / file).read_text()
    assert re.search(rf"(def |test\([`\"]){re.escape(test)}\b", text)
