"""Every page is well formed, named, and free of what a strict policy forbids."""

import pytest

from tests.conversations.pages.markup import read

PAGES = ["/", "/new", "/new/group", "/notifications", "/settings/profile", "/settings/privacy"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_a_title_one_heading_of_its_own_and_a_way_past_the_navigation(
    path, alice, bob, group, browser_of
):
    page = read(browser_of(alice).get(path))
    assert page.one(tag="title").text.endswith("Parley")
    assert page.all(tag="h1")
    assert page.one(css_class="skip-link")["href"] == f"#{page.one(tag='main')['id']}"
    assert page.one(tag="html")["lang"] == "en"


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_name(path, alice, bob, group, browser_of):
    page = read(browser_of(alice).get(path))
    for button in [*page.all(tag="button"), *page.all(tag="a"), *page.all(tag="summary")]:
        hidden = button.attributes.get("aria-hidden") == "true"
        assert hidden or button.text or button.attributes.get("aria-label"), button.attributes
    labelled = {label["for"] for label in page.all(tag="label") if "for" in label}
    for tag in ("input", "textarea", "select"):
        for field in page.all(tag=tag):
            inside_label = field.parent is not None and field.parent.tag == "label"
            hidden = field.attributes.get("type") == "hidden"
            assert hidden or inside_label or field.attributes.get("id") in labelled


def test_the_address_of_the_open_page_is_marked_in_the_navigation(alice, direct, browser_of):
    page = read(browser_of(alice).get(f"/c/{direct.conversation_id}"))
    assert page.one(css_class="rail-link", aria_current="page").text == "Chats"


def test_a_time_zone_reaches_the_scripts(alice, browser_of):
    alice.time_zone = "Asia/Tokyo"
    alice.save()
    assert read(browser_of(alice).get("/")).one(tag="html")["data-time-zone"] == "Asia/Tokyo"
