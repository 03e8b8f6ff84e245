"""Settings: what a person may change about Parallax, read once from `PARALLAX_…` variables.

The data folder is `$XDG_DATA_HOME/parallax` (mostly `~/.local/share/parallax`) and not a folder
below the working directory: the command line, a server started by systemd and a nightly cron job
then open the same store wherever they are started, and a checkout can be deleted without losing an
archive. A container or a trial sets `PARALLAX_DATA_FOLDER`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _data_folder() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "parallax"


class Settings(BaseSettings):
    """Everything that can be set, with its default; built once by the caller and passed on."""

    model_config = SettingsConfigDict(env_prefix="PARALLAX_", frozen=True, extra="ignore")

    data_folder: Path = Field(
        default_factory=_data_folder, description="Folder of the store and of installed packages."
    )
    database_url: str = Field(
        default="",
        repr=False,  # it may hold a password
        description="SQLAlchemy URL of the store; empty means SQLite in the data folder. "
        "For PostgreSQL: postgresql+psycopg://user:password@host/name.",
    )
    packages: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(),
        description="Further folders of unpacked Argos packages, separated as in PATH.",
    )
    encoder: Path | None = Field(
        default=None, description="Folder of the sentence encoder; empty means the shipped one."
    )
    glossaries: Path | None = Field(
        default=None,
        description="Folder of glossaries, one file a direction (ru-en.tsv); empty means "
        "`glossaries` in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `parallax serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port it listens on.")
    require_keys: bool = Field(
        default=False, description="Refuse HTTP calls that carry no API key."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="Form of the log lines on standard error."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least serious log line that is written."
    )
    batch_articles: int = Field(
        default=16, ge=1, le=10_000, description="Articles that are stored together by one commit."
    )
    threads: int = Field(
        default=0, ge=0, le=1024, description="Threads for translation; 0 takes one a core."
    )
    network_bytes: int = Field(
        default=2 * 2**30,
        ge=1,
        description="Bytes of translation networks kept in memory; the one unused longest goes.",
    )
    document_characters: int = Field(
        default=500_000, ge=1, description="Characters of the longest article that is taken in."
    )
    request_bytes: int = Field(
        default=16 * 2**20, ge=1, description="Bytes of the longest HTTP request body."
    )
    request_characters: int = Field(
        default=200_000, ge=1, description="Characters that one HTTP call may have translated."
    )
    request_documents: int = Field(
        default=1_000, ge=1, description="Articles that one HTTP call may post."
    )
    request_seconds: float = Field(
        default=120.0, gt=0, description="Seconds after which an HTTP call is given up."
    )
    requests_per_minute: int = Field(
        default=0,
        ge=0,
        description="Texts and calls a minute for each key or address; 0 is no limit.",
    )
    request_texts: int = Field(
        default=5_000, ge=1, description="Texts that one HTTP call may have translated."
    )
    request_waiting: int = Field(
        default=256, ge=1, description="HTTP calls that may wait for translation or alignment."
    )
    body_seconds: float = Field(
        default=20.0, gt=0, description="Seconds to wait for the next piece of a request body."
    )
    file_bytes: int = Field(
        default=32 * 2**20, ge=1, description="Bytes of the longest file posted for translation."
    )
    file_characters: int = Field(
        default=5_000_000, ge=1, description="Characters of a file that are translated at most."
    )
    file_seconds: float = Field(
        default=1_800.0, gt=0, description="Seconds after which the translation of a file ends."
    )
    file_minutes: float = Field(
        default=30.0, gt=0, description="Minutes a translated file waits to be fetched."
    )
    alternatives: int = Field(
        default=10, ge=0, le=16, description="Most alternatives a caller may ask for."
    )
    bulk_characters: int = Field(
        default=4_000,
        ge=1,
        description="Characters beyond which a call waits behind the shorter ones.",
    )
    suggestions: bool = Field(
        default=True, description="Take corrections at /suggest into the translation memory."
    )
    translate_files: bool = Field(default=True, description="Translate files over HTTP.")
    metrics: bool = Field(default=True, description="Serve Prometheus figures at /metrics.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Host names the server answers to besides addresses, separated by commas.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Addresses of proxies whose X-Forwarded-For is believed, separated by commas.",
    )
    page_size: int = Field(
        default=50, ge=1, le=1_000, description="Rows of a page when the caller names no number."
    )

    @field_validator("packages", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(Path(part) for part in value.split(os.pathsep) if part)
        return value

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("data_folder", "encoder", "glossaries", mode="after")
    @classmethod
    def _expand(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value is not None else None

    @property
    def store_url(self) -> str:
        """The URL of the store: what was set, or SQLite in the data folder."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.data_folder / 'parallax.sqlite3').absolute()}"

    @property
    def installed_packages(self) -> Path:
        """The folder that `parallax models install` writes to."""
        return self.data_folder / "packages"

    @property
    def glossary_folder(self) -> Path:
        """The folder that glossaries are read from."""
        return self.glossaries or self.data_folder / "glossaries"

    @property
    def package_folders(self) -> tuple[Path, ...]:
        """Where packages are: shipped, named by the user, installed; a later one is preferred."""
        shipped = Path(__file__).resolve().parent.parent / "models" / "packages"
        return (shipped, *self.packages, self.installed_packages)
