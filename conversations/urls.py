from django.urls import path

from conversations import views

urlpatterns = [
    path("", views.conversation_list, name="conversation-list"),
    path("c/<id:pk>", views.conversation, name="conversation"),
    path("c/<id:pk>/read", views.conversation_read, name="conversation-read"),
    path("c/<id:pk>/messages/<id:message_id>", views.message, name="message"),
    path("c/<id:pk>/messages/<id:message_id>/edit", views.message_edit, name="message-edit"),
    path("c/<id:pk>/messages/<id:message_id>/delete", views.message_delete, name="message-delete"),
    path("new", views.new_conversation, name="new-conversation"),
    path("new/group", views.new_group, name="new-group"),
]
