from django.urls import path

from integrations.views import bots, webhooks

BOT = "settings/bots/<id:bot_id>"

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
]
