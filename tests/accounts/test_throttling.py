from tests.accounts.conftest import code

TRIES = 20


def test_tries_at_the_door_are_limited_per_address(db, anonymous):
    def ask(**extra):
        return anonymous.post("/api/auth/password/reset", {"email": "x@acme.example"}, **extra)

    for _ in range(TRIES):
        assert ask().status_code == 202
    refused = ask(headers={"x-forwarded-for": "10.0.0.1"})
    assert (refused.status_code, code(refused)) == (429, "throttled")
    assert 0 < int(refused["Retry-After"]) <= 61
    assert ask(REMOTE_ADDR="10.0.0.2").status_code == 202


def test_pages_share_the_limit(db, client):
    for _ in range(TRIES):
        assert client.post("/password/reset", {"email": "x@acme.example"}).status_code == 302
    refused = client.post("/password/reset", {"email": "x@acme.example"})
    assert (refused.status_code, "Retry-After" in refused) == (429, True)
    assert client.get("/password/reset").status_code == 200
