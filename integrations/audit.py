"""The audit actions of integrations."""

from accounts.audit import register

INCOMING_WEBHOOK_CREATED = register(
    "incoming_webhook.created",
    "{actor} made the webhook {webhook}, by which the bot {bot} writes into conversation {conversation}",
)
INCOMING_WEBHOOK_REVOKED = register(
    "incoming_webhook.revoked", "{actor} revoked the webhook {webhook} of the bot {bot}"
)
ENDPOINT_CREATED = register(
    "webhook_endpoint.created", "{actor} lets the bot {bot} tell {url} by the webhook {webhook}"
)
ENDPOINT_CHANGED = register(
    "webhook_endpoint.changed", "{actor} changed the webhook {webhook} of the bot {bot}, to {url}"
)
ENDPOINT_ROTATED = register(
    "webhook_endpoint.rotated",
    "{actor} gave the webhook {webhook} of the bot {bot} another secret",
)
ENDPOINT_ON = register(
    "webhook_endpoint.on", "{actor} switched the webhook {webhook} of the bot {bot} on"
)
ENDPOINT_OFF = register(
    "webhook_endpoint.off", "{actor} switched the webhook {webhook} of the bot {bot} off"
)
ENDPOINT_FAILED = register(
    "webhook_endpoint.failed", "The webhook {webhook} of the bot {bot} was switched off: {reason}"
)
ENDPOINT_REMOVED = register(
    "webhook_endpoint.removed", "{actor} removed the webhook {webhook} of the bot {bot}"
)
