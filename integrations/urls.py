from django.urls import path

from integrations.views import bots, endpoints, webhooks

BOT = "settings/bots/<id:bot_id>"
ENDPOINT = f"{BOT}/webhooks/<id:endpoint_id>"

urlpatterns = [
    path("settings/bots", bots.bots, name="bots"),
    path("settings/bots/new", bots.create_bot, name="create-bot"),
    path(BOT, bots.bot, name="bot"),
    path(f"{BOT}/change", bots.change_bot, name="change-bot"),
    path(f"{BOT}/deactivate", bots.deactivate_bot, name="deactivate-bot"),
    path(f"{BOT}/reactivate", bots.reactivate_bot, name="reactivate-bot"),
    path(f"{BOT}/keys", bots.create_key, name="create-api-key"),
    path(f"{BOT}/keys/<id:key_id>/rotate", bots.rotate_key, name="rotate-api-key"),
    path(f"{BOT}/keys/<id:key_id>/revoke", bots.revoke_key, name="revoke-api-key"),
    path(f"{BOT}/incoming", webhooks.create_incoming, name="create-incoming-webhook"),
    path(
        f"{BOT}/incoming/<id:webhook_id>/revoke",
        webhooks.revoke_incoming,
        name="revoke-incoming-webhook",
    ),
    path(f"{BOT}/webhooks", endpoints.create, name="create-endpoint"),
    path(ENDPOINT, endpoints.endpoint, name="endpoint"),
    path(f"{ENDPOINT}/change", endpoints.change, name="change-endpoint"),
    path(f"{ENDPOINT}/secret", endpoints.rotate, name="rotate-endpoint"),
    path(f"{ENDPOINT}/on", endpoints.switch_on, name="switch-endpoint-on"),
    path(f"{ENDPOINT}/off", endpoints.switch_off, name="switch-endpoint-off"),
    path(f"{ENDPOINT}/test", endpoints.test, name="test-endpoint"),
    path(f"{ENDPOINT}/remove", endpoints.remove, name="remove-endpoint"),
    path(f"{ENDPOINT}/deliveries/<id:delivery_id>/again", endpoints.redeliver, name="redeliver"),
]
