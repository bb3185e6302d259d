"""Django admin: administrators see their organization, operators (superusers) all of them."""

from django.contrib import admin

from accounts.admin.api_keys import ApiKeyAdmin
from accounts.admin.audit_log import AuditEntryAdmin
from accounts.admin.invitations import InvitationAdmin
from accounts.admin.organizations import OrganizationAdmin
from accounts.admin.people import BlockAdmin, PersonAdmin
from accounts.admin.sessions import SessionAdmin
from accounts.models import ApiKey, AuditEntry, Block, Invitation, Organization, Session, User

admin.site.register(Organization, OrganizationAdmin)
admin.site.register(User, PersonAdmin)
admin.site.register(Session, SessionAdmin)
admin.site.register(ApiKey, ApiKeyAdmin)
admin.site.register(Invitation, InvitationAdmin)
admin.site.register(Block, BlockAdmin)
admin.site.register(AuditEntry, AuditEntryAdmin)
