from django.urls import path

from notifications import views

urlpatterns = [
    path("settings/notifications", views.preferences, name="notification-settings"),
    path("settings/notifications/tell", views.tell_organization, name="tell-organization"),
    path("settings/notifications/digest", views.digest, name="digest"),
    path("unsubscribe/<str:token>", views.unsubscribe, name="unsubscribe"),
    path("notifications", views.notifications, name="notifications"),
    path("notifications/read-all", views.read_all, name="notifications-read-all"),
    path(
        "notifications/conversations/<id:conversation_id>/read",
        views.read_conversation,
        name="notifications-of-conversation-read",
    ),
    path(
        "notifications/conversations/<id:conversation_id>/delete",
        views.delete_of_conversation,
        name="notifications-of-conversation-delete",
    ),
    path("notifications/<id:notification_id>/read", views.read, name="notification-read"),
    path("notifications/<id:notification_id>/delete", views.delete, name="notification-delete"),
]
