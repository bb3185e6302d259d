"""Pictures of people, made harmless: decoded, cropped and encoded anew, so that nothing else comes along."""

from io import BytesIO
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from chatproject.errors import Invalid

SIZE = 256
MAX_BYTES = 10 * 1024 * 1024
# A small file can unfold to gigabytes: what it claims is checked before it is decoded.
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def new_name() -> str:
    """Nothing of the sender's file name, and never the same twice, so that caches may keep it."""
    return f"{uuid4().hex}.webp"


def square(picture: IO[bytes], *, attr: str = "avatar") -> ContentFile[bytes]:
    raw = picture.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        detail = _("This picture is larger than %d MB.") % (MAX_BYTES // 1024**2)
        raise _refusal(detail, attr)
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _refusal(_("This picture has too many pixels."), attr)
            # Cameras say "turn me" in EXIF data, which is about to go.
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refusal(_("This is not a picture that we can read."), attr) from error
    return _encoded(ImageOps.fit(upright, (SIZE, SIZE)))


def _encoded(image: Image.Image) -> ContentFile[bytes]:
    # A bare canvas: a copy would carry colour profile and EXIF along.
    canvas = Image.new("RGBA", image.size)
    canvas.paste(image)
    file = BytesIO()
    canvas.save(file, "WEBP", quality=85)
    return ContentFile(file.getvalue())


def _refusal(detail: str, attr: str) -> Invalid:
    return Invalid(detail, code="invalid_image", attr=attr)
