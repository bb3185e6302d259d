"""Telling somebody of what concerns the safety of their account.

How people are told is no business of this app, which lies below the one that tells them: the setting
SECURITY_NOTICE names the function, so that each service shows here, in order, that it tells.
"""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Session, User

# Of the devices that somebody had, so many are compared with a new one.
REMEMBERED = 200


def tell_of_new_device(session: Session) -> None:
    """One of a kind, and at an address, that this person never used. The first of all is no news."""
    earlier = Session.objects.filter(user=session.user).exclude(pk=session.pk)
    known = list(earlier.order_by("-pk").values_list("label", "ip_address")[:REMEMBERED])
    labels, addresses = {label for label, _ip in known}, {address for _label, address in known}
    if not known or session.label in labels or session.ip_address in addresses:
        return
    with override(session.user.language):
        text = _("A new device signed in: %(device)s, from %(address)s.") % {
            "device": session.label or session.get_kind_display(),
            "address": session.ip_address,
        }
    _tell(session.user, text)


def tell_of_new_password(person: User) -> None:
    with override(person.language):
        text = _("Your password was changed. If that was not you, ask an administrator for help.")
    _tell(person, text)


def tell_of_export(person: User) -> None:
    with override(person.language):
        text = _(
            "The copy of your data is ready: see your settings. If that was not you, change your password."
        )
    _tell(person, text)


def _tell(person: User, text: str) -> None:
    import_string(settings.SECURITY_NOTICE)(user=person, text=text)
