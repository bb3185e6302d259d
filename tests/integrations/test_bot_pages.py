"""The pages of administrators about bots."""

from accounts.models import ApiKey, User

BOTS = "/settings/bots"


def test_a_bot_is_made_and_given_a_key(browser_of, alice) -> None:
    browser = browser_of(alice)
    page = browser.post(f"{BOTS}/new", {"display_name": "Robo", "about": "Builds"}, follow=True)
    robo = User.objects.bots().get()
    assert page.redirect_chain == [(f"{BOTS}/{robo.pk}", 302)]
    form = {"name": "CI", "scopes": ["messages:write"], "days": "30"}
    shown = browser.post(f"{BOTS}/{robo.pk}/keys", form)
    key = ApiKey.objects.get()
    assert key.hint in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert key.expires_at is not None
    # The next page does not have it any more.
    secret = shown.context["shown"].text
    assert secret in shown.content.decode()
    assert secret not in browser.get(f"{BOTS}/{robo.pk}").content.decode()
    assert "Robo" in browser.get(BOTS).content.decode()


def test_its_keys_are_replaced_and_revoked(browser_of, alice, robo, program) -> None:
    client, browser = program(), browser_of(alice)
    path = f"{BOTS}/{robo.pk}/keys/{ApiKey.objects.get().pk}"
    assert browser.post(f"{path}/rotate").context["shown"].text.startswith("parley_key_")
    assert client.get("/api/auth/me").status_code == 401
    assert browser.post(f"{path}/revoke").status_code == 302
    assert browser.post(f"{path}/rotate").status_code == 302
    assert ApiKey.objects.get().revoked_at is not None


def test_what_is_wrong_is_said_beside_the_field(browser_of, alice, robo) -> None:
    browser = browser_of(alice)
    assert browser.post(f"{BOTS}/new", {}).context["form"].errors
    assert browser.post(f"{BOTS}/{robo.pk}/keys", {"name": "CI"}).context["key_form"].errors
    assert browser.post(f"{BOTS}/{robo.pk}/change", {}).context["form"].errors
    assert not ApiKey.objects.exists()


def test_a_bot_is_put_to_rest_and_woken(browser_of, alice, robo, program) -> None:
    client, browser = program(), browser_of(alice)
    browser.post(f"{BOTS}/{robo.pk}/deactivate")
    assert client.get("/api/auth/me").status_code == 401
    browser.post(f"{BOTS}/{robo.pk}/reactivate")
    assert client.get("/api/auth/me").status_code == 200


def test_a_member_finds_no_such_pages(browser_of, bob, robo) -> None:
    assert browser_of(bob).get(BOTS).status_code == 403
    assert BOTS not in browser_of(bob).get("/settings/profile").content.decode()
