"""Settings come from the environment once, and say where everything lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import Settings


def test_the_store_lies_in_the_same_place_wherever_a_command_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("PARALLAX_DATA_FOLDER", raising=False)
    monkeypatch.delenv("PARALLAX_DATABASE_URL", raising=False)
    first = Settings().store_url
    monkeypatch.chdir("/")
    assert Settings().store_url == first == f"sqlite:///{tmp_path}/parallax/parallax.sqlite3"


def test_the_environment_overrules_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLAX_PORT", "9000")
    monkeypatch.setenv("PARALLAX_PACKAGES", os.pathsep.join(["/one", "/two"]))
    monkeypatch.setenv("PARALLAX_DATABASE_URL", "postgresql+psycopg://me:hush@db/parallax")
    made = Settings()
    assert made.port == 9000
    assert made.packages == (Path("/one"), Path("/two"))
    assert made.store_url.startswith("postgresql")
    assert "hush" not in repr(made)


def test_a_value_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLAX_PORT", "99999")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_settings_are_not_changed_after_they_are_made() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
