from django.db import OperationalError

from chatproject import health


def test_a_working_server_is_live_and_ready(client, db) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok"}


def test_a_server_without_its_database_is_not_ready(client, db, monkeypatch) -> None:
    def ask() -> None:
        raise OperationalError

    monkeypatch.setitem(health.PROBES, "database", ask)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "failed": ["database"]}


def test_health_is_never_cached(client, db) -> None:
    assert "no-store" in client.get("/health/ready").headers["Cache-Control"]
