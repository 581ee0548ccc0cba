"""Settings: typed, checked at start, and a wrong one is named."""

from pathlib import Path

import pytest

from shared.contracts.vocabulary import SourceKind
from shared.runtime.settings import Settings, SettingsError


def test_defaults_are_enough_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VEERKRACHT_OIN", raising=False)
    assert Settings.load().oin == "00000099000000001000"


def test_a_wrong_setting_is_named_with_what_it_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEERKRACHT_HTTP_PORT", "eighty")
    monkeypatch.setenv("VEERKRACHT_OIN", "12")
    with pytest.raises(SettingsError) as error:
        Settings.load()
    assert "VEERKRACHT_HTTP_PORT: Input should be a valid integer" in str(error.value)
    assert "VEERKRACHT_OIN: String should match pattern" in str(error.value)


def test_a_secret_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "password"
    secret.write_text("hunter2\n", encoding="utf-8")
    monkeypatch.setenv("VEERKRACHT_DATABASE_PASSWORD_FILE", str(secret))
    password = Settings.load().database_password
    assert password is not None
    assert password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(Settings.load())


def test_a_missing_secret_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEERKRACHT_JWT_PUBLIC_KEY_FILE", "/nowhere/key.pem")
    with pytest.raises(SettingsError, match="jwt_public_key_file: there is no file /nowhere"):
        Settings.load()


def test_a_secret_in_two_places_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "password"
    secret.write_text("one", encoding="utf-8")
    monkeypatch.setenv("VEERKRACHT_DATABASE_PASSWORD_FILE", str(secret))
    monkeypatch.setenv("VEERKRACHT_DATABASE_PASSWORD", "two")
    with pytest.raises(SettingsError, match="both set"):
        Settings.load()


def test_a_kind_of_source_has_its_own_threshold_or_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEERKRACHT_PUBLICATION_THRESHOLD", "5")
    monkeypatch.setenv("VEERKRACHT_PUBLICATION_THRESHOLDS", '{"dialogue": 12}')
    settings = Settings.load()
    assert [settings.threshold(kind) for kind in (SourceKind.DIALOGUE, SourceKind.GGD)] == [12, 5]
