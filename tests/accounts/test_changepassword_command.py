import getpass

from django.core.management import call_command

NEW = "staple correct battery"


def test_the_operator_changes_a_password_and_ends_all_sessions(
    alice, sign_in, bearing, monkeypatch
):
    device = bearing(sign_in(alice)["access"])
    # The terminal's prompt, which a test has no keyboard for.
    monkeypatch.setattr(getpass, "getpass", lambda prompt: NEW)
    call_command("changepassword", alice.email)
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert device.get("/api/auth/me").status_code == 401
