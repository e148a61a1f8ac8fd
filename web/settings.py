"""Settings of the machine, from the environment, checked at start."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the data lies and how pages are served. Each can be set as `LOYALTYPAY_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix="LOYALTYPAY_", extra="ignore")

    home: Path = Path("instance")
    database_url: str = ""
    secret_key: str = ""
    actor: str = ""
    secure_cookies: bool = False
    largest_upload: int = Field(default=50_000_000, ge=1_000_000)

    @property
    def database(self) -> str:
        """The database's address: SQLite in `home` unless another is set."""
        return self.database_url or f"sqlite:///{(self.home / 'loyaltypay.db').resolve()}"
