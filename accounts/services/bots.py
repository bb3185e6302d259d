"""Bots: accounts of an organization that programs act by."""

from secrets import token_hex

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.models import PrivacySettings, User
from chatproject.errors import Conflict, Forbidden, Invalid

# Of a domain that nobody can have: no mail ever goes anywhere, and nobody signs in by it.
ADDRESS = "bot-{key}@bots.invalid"
MAX_NAME, MAX_ABOUT = 80, 140
MAX_BOTS = 100


def create_bot(*, actor: User, display_name: str, about: str = "") -> User:
    """An ordinary member that nobody can sign in as; its keys and webhooks are made one by one."""
    _check_may_manage(actor, actor)
    if User.objects.visible_to(actor).bots().undeleted().count() >= MAX_BOTS:
        raise Conflict(_("An organization has at most %d bots.") % MAX_BOTS, code="too_many")
    bot = User(
        organization=actor.organization,
        kind=User.Kind.BOT,
        email=ADDRESS.format(key=token_hex(8)),
        display_name=line_of(display_name, attr="displayName"),
        about=" ".join(about.split())[:MAX_ABOUT],
    )
    bot.set_unusable_password()
    with transaction.atomic():
        bot.save(force_insert=True)
        PrivacySettings.objects.create(user=bot)
        audit.record(
            audit.BOT_CREATED,
            actor=actor,
            organization=actor.organization,
            target=bot,
            bot=bot.display_name,
        )
    return bot


def change_bot(*, actor: User, bot: User, display_name: str, about: str) -> None:
    with transaction.atomic():
        bot = locked_bot(actor=actor, bot=bot)
        before = bot.display_name
        bot.display_name = line_of(display_name, attr="displayName")
        bot.about = " ".join(about.split())[:MAX_ABOUT]
        bot.save(update_fields=["display_name", "about"])
        audit.record(
            audit.BOT_CHANGED,
            actor=actor,
            organization=bot.organization,
            target=bot,
            before=before,
            bot=bot.display_name,
        )


def locked_bot(*, actor: User, bot: User) -> User:
    """For those who may manage it; in the order of the locks before its keys and webhooks."""
    found = (
        User.objects.bots()
        .undeleted()
        .select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=bot.pk)
    )
    _check_may_manage(actor, found)
    return found


def _check_may_manage(actor: User, bot: User) -> None:
    if not policies.may_manage_bots(actor, bot.organization):
        raise Forbidden


def line_of(text: str, *, attr: str) -> str:
    """A name, of a bot or of something that it has."""
    name = " ".join(text.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise Invalid(_("Write between 1 and %d characters.") % MAX_NAME, attr=attr)
    return name
