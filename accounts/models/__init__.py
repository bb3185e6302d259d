from accounts.models.api_key import ApiKey
from accounts.models.audit_entry import AuditChain, AuditEntry
from accounts.models.block import Block
from accounts.models.invitation import Invitation
from accounts.models.organization import ChatPermission, Organization
from accounts.models.personal_export import PersonalExport
from accounts.models.privacy import PrivacySettings
from accounts.models.session import Session
from accounts.models.user import User

__all__ = [
    "ApiKey",
    "AuditChain",
    "AuditEntry",
    "Block",
    "ChatPermission",
    "Invitation",
    "Organization",
    "PersonalExport",
    "PrivacySettings",
    "Session",
    "User",
]
