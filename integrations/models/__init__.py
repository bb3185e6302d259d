from integrations.models.incoming_webhook import IncomingWebhook

__all__ = ["IncomingWebhook"]
