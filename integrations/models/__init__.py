from integrations.models.incoming_webhook import IncomingWebhook
from integrations.models.webhook_delivery import WebhookDelivery
from integrations.models.webhook_endpoint import WebhookEndpoint, WebhookEvent

__all__ = ["IncomingWebhook", "WebhookDelivery", "WebhookEndpoint", "WebhookEvent"]
