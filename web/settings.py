"""Settings of the machine, from the environment, checked at start."""

import re
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from comp.errors import Problem, RefusedError

_PREFIX = "LOYALTYPAY_"
_ADDRESS = re.compile(r"(https?://[\w.:\[\]-]+/?)?", re.ASCII)


class Settings(BaseSettings):
    """Where the data lies and how pages are served. Each can be set as `LOYALTYPAY_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore")

    home: Path = Path("instance")
    database_url: str = ""
    secret_key: str = ""
    actor: str = ""
    secure_cookies: bool = False
    largest_upload: int = Field(default=50_000_000, ge=1_000_000)
    address: str = ""
    local_sign_in: bool = True
    idle_minutes: int = Field(default=30, ge=1, le=12 * 60)

    @field_validator("address")
    @classmethod
    def _require_address(cls, address: str) -> str:
        """The address without a slash at its end."""
        if not _ADDRESS.fullmatch(address):
            raise PydanticCustomError("address", "Write it like https://pay.company.example, without a path.")
        return address.rstrip("/")

    @property
    def database(self) -> str:
        """The database's address: SQLite in `home` unless another is set."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """The SQLite file in `home`."""
        return (self.home / "loyaltypay.db").resolve()


def read_settings() -> Settings:
    """The settings of the environment. Raises `RefusedError` with every one that cannot be."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [Problem(each["msg"], where=f"{_PREFIX}{each['loc'][0]}".upper()) for each in error.errors()]
        raise RefusedError(
            "The settings in the environment cannot be. Correct them or leave them out.", problems
        ) from None
