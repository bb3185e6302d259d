from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import avatars
from accounts.models.privacy import Audience
from accounts.services import profiles
from tests.accounts.conftest import code


def picture(size=(400, 300), kind="JPEG", **options):
    file = BytesIO()
    mode = "RGB" if kind == "JPEG" else "RGBA"
    Image.new(mode, size, "teal").save(file, kind, **options)
    return file.getvalue()


def upload(client, content, name="me.jpg"):
    file = SimpleUploadedFile(name, content)
    return client.patch("/api/auth/me", {"avatar": file}, format="multipart")


def read(answer):
    return b"".join(answer.streaming_content)


def test_a_picture_is_made_square_and_stripped(alice, api):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6
    content = picture((400, 300), exif=exif, icc_profile=b"profile", comment=b"secret")
    client = api(alice)
    address = upload(client, content, "../../etc/passwd.jpg").json()["avatarUrl"]
    answer = client.get(address)
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"].startswith("private")
    stored = read(answer)
    for trace in (b"taken at home", b"profile", b"secret", b"EXIF", b"ICCP"):
        assert trace not in stored
    with Image.open(BytesIO(stored)) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_the_usual_kinds_are_taken(alice, api, kind):
    assert upload(api(alice), picture(kind=kind)).status_code == 200


def bomb():
    return picture((8000, 8000), "PNG")


@pytest.mark.parametrize(
    "content",
    [
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:200],
        picture(kind="TIFF"),
        b"\xff\xd8" + b"\x00" * 100,
        picture() + b"\x00" * avatars.MAX_BYTES,
    ],
)
def test_what_is_no_picture_for_us_is_refused(alice, api, content):
    answer = upload(api(alice), content)
    assert (answer.status_code, code(answer)) == (400, "invalid_image")
    alice.refresh_from_db()
    assert not alice.avatar


def test_a_picture_that_unfolds_to_gigabytes_is_refused(alice, api):
    answer = upload(api(alice), bomb())
    assert (answer.status_code, code(answer)) == (400, "invalid_image")


def test_a_new_picture_replaces_the_file_and_null_removes_it(
    alice, api, settings, django_capture_on_commit_callbacks
):
    client = api(alice)
    with django_capture_on_commit_callbacks(execute=True):
        first = upload(client, picture()).json()["avatarUrl"]
    with django_capture_on_commit_callbacks(execute=True):
        second = upload(client, picture()).json()["avatarUrl"]
    assert first != second
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.webp"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert client.patch("/api/auth/me", {"avatar": None}).json()["avatarUrl"] is None
    assert list(Path(settings.MEDIA_ROOT).rglob("*.webp")) == []
    assert client.get(second).status_code == 404


def test_it_is_not_sent_twice(alice, api):
    client = api(alice)
    address = upload(client, picture()).json()["avatarUrl"]
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304


def test_who_sees_it(alice, bob, carol, mallory, api, anonymous, browser):
    address = upload(api(alice), picture()).json()["avatarUrl"]
    assert api(bob).get(address).status_code == 200
    assert browser(bob).get(address).status_code == 200
    assert api(mallory).get(address).status_code == 404
    assert anonymous.get(address).status_code == 401
    assert api(bob).get(f"/avatars/{carol.pk}").status_code == 404
    profiles.update_privacy(actor=alice, photo=Audience.NOBODY)
    assert api(bob).get(address).status_code == 404
    assert api(alice).get(address).status_code == 200
    profiles.update_privacy(actor=alice, photo=Audience.EVERYONE)
    profiles.block(actor=alice, person=bob)
    assert api(bob).get(address).status_code == 404
    assert api(carol).get(address).status_code == 200


def test_the_page_takes_and_removes_a_picture(alice, browser):
    client = browser(alice)
    given = {"display_name": "Alice", "about": "", "time_zone": "UTC", "language": "en"}
    file = SimpleUploadedFile("me.jpg", picture())
    assert client.post("/settings/profile", given | {"avatar": file}).status_code == 302
    alice.refresh_from_db()
    assert alice.avatar
    wrong = SimpleUploadedFile("me.jpg", b"no picture")
    refused = client.post("/settings/profile", given | {"avatar": wrong})
    assert "not a picture that we can read" in refused.content.decode()
    client.post("/settings/profile", given | {"remove_avatar": "on"})
    alice.refresh_from_db()
    assert not alice.avatar
