"""What a browser needs to install Parley, and to open it without a network."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.once


def test_the_manifest_names_icons_that_are_there(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    manifest = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert manifest["start_url"] == manifest["scope"] == "/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_the_worker_keeps_every_script_and_style_of_a_page_and_nothing_else(client: Client) -> None:
    response = client.get("/service-worker.js")
    settings = worker_settings(response.content.decode())
    files = {file.removeprefix("/static/") for file in settings["files"]}
    assert response["Content-Type"] == "text/javascript"
    assert "no-cache" in response["Cache-Control"]
    assert {"js/main.js", "css/tokens.css", "vendor/lucide/sprite.svg"} <= files
    assert all(finders.find(file) for file in files)
    assert not [file for file in files if file.startswith(("js/worker/", "admin/"))]


def worker_settings(text: str) -> dict:
    imported = re.match(r'import { start } from "(/static/[\w./-]+)";', text)
    assert imported and finders.find(imported[1].removeprefix("/static/"))
    found = re.search(r"start\((\{.*\})\);", text)
    assert found
    settings: dict = json.loads(found[1])
    return settings


def test_the_offline_page_asks_nobody_who_is_there(
    client: Client, django_assert_num_queries, db
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/offline")
    assert "No connection" in response.content.decode()
