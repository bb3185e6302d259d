from django.urls import path

from notifications import views

urlpatterns = [
    path("notifications", views.notifications, name="notifications"),
    path("notifications/read-all", views.read_all, name="notifications-read-all"),
    path("notifications/<id:notification_id>/read", views.read, name="notification-read"),
    path("notifications/<id:notification_id>/delete", views.delete, name="notification-delete"),
]
