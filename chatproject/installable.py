"""What makes the pages an application that can be installed, and opens without a network:
the web manifest, the service worker with the list of what it keeps, and the page that it shows in need."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

STATIC_FILES = settings.BASE_DIR / "static"
WORKER = "js/worker/main.js"
# What a page needs to come up. The rest, such as the emoji, is kept once somebody has used it.
SHELL_SUFFIXES = (".css", ".js", ".svg")
NOT_SHELL = ("js/worker/", "css/api-documentation.css", "vendor/emoji/")
ICONS = (
    {"file": "images/icon-192.png", "sizes": "192x192", "purpose": "any"},
    {"file": "images/icon-512.png", "sizes": "512x512", "purpose": "any"},
    {"file": "images/icon-maskable-512.png", "sizes": "512x512", "purpose": "maskable"},
)


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, since a worker rules the addresses below its own. It changes with each static file."""
    text = f'import {{ start }} from "{static(WORKER)}";\n\nstart({json.dumps(shell())});\n'
    return HttpResponse(text, content_type="text/javascript")


@require_safe
def web_manifest(request: HttpRequest) -> JsonResponse:
    manifest = {
        "id": "/",
        "name": "Parley",
        "short_name": "Parley",
        "description": _("Chat for organisations that host it themselves"),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("conversation-list"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f0f4f3",
        "theme_color": "#f0f4f3",
        "icons": [_icon(**icon) for icon in ICONS],
        "shortcuts": [{"name": _("New chat"), "url": reverse("new-conversation")}],
    }
    return JsonResponse(manifest, content_type="application/manifest+json")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the worker; asks nobody who is there."""
    return render(request, "offline.html")


@cache
def shell() -> dict[str, object]:
    files = [static(name) for name in _shell_names()]
    text = "\n".join([static(WORKER), *files])
    return {
        "version": sha256(text.encode()).hexdigest()[:12],
        "staticUrl": settings.STATIC_URL,
        # Names that change with the content: what is kept under one is never out of date.
        "isHashed": hasattr(staticfiles_storage, "hashed_files"),
        "files": files,
        "iconUrl": static(ICONS[0]["file"]),
        "offlineUrl": reverse("offline"),
        "signInUrl": reverse("sign-in"),
        "signOutUrl": reverse("sign-out"),
    }


def _shell_names() -> list[str]:
    names = (path.relative_to(STATIC_FILES).as_posix() for path in _files())
    return sorted(name for name in names if not name.startswith(NOT_SHELL))


def _files() -> list[Path]:
    return [path for path in STATIC_FILES.rglob("*") if path.suffix in SHELL_SUFFIXES]


def _icon(*, file: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": static(file), "type": "image/png", "sizes": sizes, "purpose": purpose}
