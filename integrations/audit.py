"""The audit actions of integrations."""

from accounts.audit import register

INCOMING_WEBHOOK_CREATED = register(
    "incoming_webhook.created",
    "{actor} made the webhook {webhook}, by which the bot {bot} writes into conversation {conversation}",
)
INCOMING_WEBHOOK_REVOKED = register(
    "incoming_webhook.revoked", "{actor} revoked the webhook {webhook} of the bot {bot}"
)
