"""About a group or a person: beside the messages on a desktop, a page of its own on a phone."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import (
    composer,
    expect_chat_with,
    open_chat_with,
    send,
    without_reloading,
)
from tests.clients import Rest

pytestmark = pytest.mark.browser
sizes = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def open_info(page: Page) -> Locator:
    page.locator("conversation-view a[data-info-link]").click()
    expect(page.locator("conversation-info:defined")).to_be_visible()
    return page.locator("conversation-info")


def member(info: Locator, name: str) -> Locator:
    return info.get_by_role("listitem").filter(has_text=name)


def choose(info: Locator, name: str, action: str) -> None:
    member(info, name).get_by_label(f"What to do with {name}").click()
    info.get_by_role("button", name=action).click()


def last_line(page: Page) -> Locator:
    return page.locator("conversation-view .system-line").last


@sizes
def test_an_administrator_looks_after_a_group(embedded_site, page_for, phone) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
        Rest(embedded_site.url, cast["carol"]) as carol,
    ):
        group = alice.group_of("Lunch", bob.id)
        page, other = (
            page_for(embedded_site, cast[name], phone=phone) for name in ("alice", "bob")
        )
        for each in (page, other):
            open_chat_with(each, "Lunch")
        with without_reloading(page, other):
            info = open_info(page)
            expect(page.locator("conversation-view")).to_be_visible(visible=not phone)
            expect(info).to_contain_text("Created by Alice")

            info.get_by_text("Edit the group").click()
            info.get_by_label("Name of the group").fill("Supper")
            info.get_by_label("Description").fill("At seven")
            info.get_by_label("Only administrators of the group").check()
            info.get_by_role("button", name="Save").click()
            expect(info.get_by_role("heading", name="Supper")).to_be_visible()
            expect(info).to_contain_text("At seven")
            expect_chat_with(other, "Supper")
            closed = other.get_by_text("Only administrators of the group can post here.")
            expect(closed).to_be_visible()
            expect(composer(other)).to_be_hidden()

            info.get_by_text("Edit the group").click()
            info.get_by_label("Picture").set_input_files(
                {"name": "team.png", "mimeType": "image/png", "buffer": picture()}
            )
            info.get_by_role("button", name="Use this picture").click()
            expect(last_line(other)).to_have_text("Alice changed the picture of the group")
            expect(other.locator(".conversation-header img")).to_be_visible()

            info.get_by_role("link", name="Add members").click()
            info.get_by_role("checkbox", name="Carol").check()
            info.get_by_role("button", name="Add").click()
            expect(member(info, "Carol")).to_be_visible()
            assert carol.conversation(group)["title"] == "Supper"

            choose(info, "Bob", "Make an administrator")
            expect(member(info, "Bob")).to_contain_text("Administrator")
            expect(composer(other)).to_be_visible()
            choose(info, "Carol", "Remove from the group")
            dialog = page.get_by_role("dialog")
            expect(dialog).to_contain_text("Remove Carol from the group?")
            dialog.get_by_role("button", name="Cancel").click()
            expect(dialog).to_be_hidden()
            choose(info, "Carol", "Remove from the group")
            dialog.get_by_role("button", name="Remove").click()
            expect(member(info, "Carol")).to_have_count(0)

            # It is live: the new administrator promotes nobody, but renames.
            bob.patch(f"chat/conversations/{group}", {"title": "Breakfast"})
            expect(info.get_by_role("heading", name="Breakfast")).to_be_visible()

            info.get_by_role("button", name="Leave the group").click()
            page.get_by_role("dialog").get_by_role("button", name="Leave").click()
            expect(info.get_by_role("button", name="Leave the group")).to_have_count(0)
            expect(last_line(other)).to_have_text("Alice left")
            info.get_by_role("link", name="Close").click()
            expect(info).to_have_count(0)
            expect_chat_with(page, "Breakfast")
            expect(page.get_by_text("You are no longer a member of this group.")).to_be_visible()


def test_a_person_is_blocked_and_let_in_again(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        alice.group_of("Lunch", bob.id)
        direct = alice.direct_with(bob.id)
        bob.patch("auth/me", {"about": "Out for lunch"})
        bob.send(direct, "Hello Alice")
        page = page_for(embedded_site, cast["alice"], phone=True)
        open_chat_with(page, "Bob")
        with without_reloading(page):
            info = open_info(page)
            expect(info).to_contain_text("Out for lunch")
            expect(info.get_by_role("link", name="Lunch")).to_be_visible()
            info.get_by_role("button", name="Block Bob").click()
            page.get_by_role("dialog").get_by_role("button", name="Block").click()
            expect(info.get_by_role("button", name="Unblock Bob")).to_be_visible()
            info.get_by_role("link", name="Close").click()
            expect(info).to_have_count(0)
            expect(page.get_by_text("You blocked this person.")).to_be_visible()
            expect(composer(page)).to_be_hidden()

            info = open_info(page)
            info.get_by_role("button", name="Unblock Bob").click()
            expect(info.get_by_role("button", name="Block Bob")).to_be_visible()
            info.get_by_role("button", name="Mute for a week").click()
            expect(info.get_by_role("button", name="Unmute")).to_be_visible()
            page.go_back()
            send(page, "Sorry")
            # Forward again, and on to a group that both are in.
            page.go_forward()
            expect(info.get_by_role("button", name="Unmute")).to_be_visible()
            info.get_by_role("link", name="Lunch").click()
            expect_chat_with(page, "Lunch")
            expect(info).to_have_count(0)
            page.go_back()
            expect(info.get_by_role("button", name="Unmute")).to_be_visible()


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "PNG")
    return file.getvalue()
