from django.urls import path

from accounts.views import doors, own_data, people, settings
from accounts.views.avatars import AvatarView

urlpatterns = [
    path("sign-in", doors.sign_in, name="sign-in"),
    path("sign-out", doors.sign_out, name="sign-out"),
    path("register", doors.register, name="register"),
    path("invitations/<str:token>", doors.invitation, name="invitation"),
    path("password/reset", doors.password_reset, name="password-reset"),
    path("password/reset/sent", doors.password_reset_sent, name="password-reset-sent"),
    path("password/reset/done", doors.password_reset_done, name="password-reset-done"),
    path(
        "password/reset/<str:uid>/<str:token>",
        doors.password_reset_confirm,
        name="password-reset-confirm",
    ),
    path("settings/profile", settings.profile, name="profile"),
    path("settings/privacy", settings.privacy, name="privacy"),
    path("settings/privacy/unblock/<id:user_id>", settings.unblock, name="unblock"),
    path("settings/password", settings.password, name="password"),
    path("settings/devices", settings.devices, name="devices"),
    path("settings/devices/sign-out-others", settings.sign_out_others, name="sign-out-others"),
    path(
        "settings/devices/<id:session_id>/sign-out",
        settings.sign_out_device,
        name="sign-out-device",
    ),
    path("settings/data", own_data.own_data, name="own-data"),
    path("settings/data/exports", own_data.request_export, name="request-export"),
    path("settings/data/exports/<id:export_id>", own_data.export_file, name="export-file"),
    path("settings/data/delete", own_data.delete_account, name="delete-account"),
    path("settings/people", people.people, name="people"),
    path("settings/people/invite", people.invite, name="invite"),
    path("settings/people/<id:user_id>/role", people.change_role, name="change-role"),
    path("settings/people/<id:user_id>/deactivate", people.deactivate, name="deactivate"),
    path("settings/people/<id:user_id>/reactivate", people.reactivate, name="reactivate"),
    path("settings/people/<id:user_id>/delete", people.delete, name="delete-person"),
    path(
        "settings/people/invitations/<id:invitation_id>/revoke",
        people.revoke_invitation,
        name="revoke-invitation",
    ),
    path("avatars/<id:user_id>", AvatarView.as_view(), name="avatar"),
]
