from django.urls import path

from conversations import info_views, views
from conversations.pictures import GroupPictureView

urlpatterns = [
    path("", views.conversation_list, name="conversation-list"),
    path("c/<id:pk>", views.conversation, name="conversation"),
    path("c/<id:pk>/read", views.conversation_read, name="conversation-read"),
    path("c/<id:pk>/messages/<id:message_id>", views.message, name="message"),
    path("c/<id:pk>/messages/<id:message_id>/edit", views.message_edit, name="message-edit"),
    path("c/<id:pk>/messages/<id:message_id>/delete", views.message_delete, name="message-delete"),
    path(
        "c/<id:pk>/messages/<id:message_id>/delete-for-me",
        views.message_delete_for_me,
        name="message-delete-for-me",
    ),
    path("c/<id:pk>/info", info_views.info, name="conversation-info"),
    path("c/<id:pk>/info/group", info_views.group, name="group"),
    path("c/<id:pk>/info/picture", info_views.picture, name="change-picture"),
    path("c/<id:pk>/info/preferences", info_views.preferences, name="preferences"),
    path("c/<id:pk>/info/members", info_views.members, name="members"),
    path(
        "c/<id:pk>/info/members/<id:user_id>/remove",
        info_views.member_remove,
        name="member-remove",
    ),
    path("c/<id:pk>/info/members/<id:user_id>/role", info_views.member_role, name="member-role"),
    path("c/<id:pk>/info/leave", info_views.leave_group, name="leave-group"),
    path("c/<id:pk>/info/block", info_views.block, name="block"),
    path("c/<id:pk>/info/unblock", info_views.unblock, name="unblock-here"),
    path("pictures/<id:conversation_id>", GroupPictureView.as_view(), name="group-picture"),
    path("new", views.new_conversation, name="new-conversation"),
    path("new/group", views.new_group, name="new-group"),
]
