from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def device_name(label: str) -> str:
    """Labels are kept as accounts/device_label.py makes them, in English, and shown in the reader's words."""
    browser, on, system = label.partition(" on ")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if on else label
