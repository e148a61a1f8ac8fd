"""Settings of the machine, from the environment, checked at start."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from comp.errors import Problem, RefusedError
from comp.roles import Role
from web.smtp import is_this_machine, read_sender, read_server

_PREFIX = "LOYALTYPAY_"
_ADDRESS = re.compile(r"(https?://[\w.:\[\]-]+/?)?", re.ASCII)
_HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f]*:[0-9a-f.:]+\]")
_UNSET = Field(default="", validate_default=True)
"""A text that other settings may call for."""


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
    idle_minutes: int = Field(default=30, ge=1, le=12 * 60)
    api_requests_a_minute: int = Field(default=600, ge=1)

    work_in_serve: bool | None = None
    anchor_file: Path | None = None

    @field_validator("address")
    @classmethod
    def _require_address(cls, address: str) -> str:
        """The address without a slash at its end."""
        if not _ADDRESS.fullmatch(address):
            raise PydanticCustomError("address", "Write it like https://pay.company.example, without a path.")
        return address.rstrip("/")

    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = _UNSET
    oidc_issuer: str = ""
    oidc_name: str = "your company account"
    oidc_client_id: str = _UNSET
    oidc_client_secret: str = Field(default="", validate_default=True, repr=False)
    oidc_scopes: str = "openid email profile"
    oidc_role_map: Annotated[dict[str, Role], NoDecode] = Field(default_factory=dict)
    oidc_roles_claim: str = _UNSET
    oidc_create_accounts: bool = False
    local_sign_in: bool = Field(default=True, validate_default=True)

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _read_hosts(cls, stated: object) -> object:
        return stated.lower().replace(",", " ").split() if isinstance(stated, str) else stated

    @field_validator("trusted_hosts")
    @classmethod
    def _require_names(cls, stated: tuple[str, ...]) -> tuple[str, ...]:
        for host in stated:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no host; write names without ports, such as pay.company.example")
        return stated

    @field_validator("smtp_url")
    @classmethod
    def _require_server(cls, stated: str) -> str:
        if stated:
            read_server(stated)
        return stated

    @field_validator("mail_from")
    @classmethod
    def _require_sender(cls, stated: str, others: ValidationInfo) -> str:
        if stated or others.data.get("smtp_url"):
            read_sender(stated)
        return stated

    @field_validator("oidc_issuer")
    @classmethod
    def _require_https(cls, stated: str) -> str:
        if stated and not is_private(stated):
            raise ValueError("it is the https:// address of an identity provider, just as its own documents write it")
        return stated

    @field_validator("oidc_client_id", "oidc_client_secret")
    @classmethod
    def _require_client(cls, stated: str, others: ValidationInfo) -> str:
        if others.data.get("oidc_issuer") and not stated:
            raise ValueError(f"{_PREFIX}OIDC_ISSUER is set, so this must be too: the provider gives it out")
        return stated

    @field_validator("oidc_scopes")
    @classmethod
    def _require_openid(cls, stated: str) -> str:
        if "openid" not in stated.split():
            raise ValueError("the scope `openid` must be among them")
        return stated

    @field_validator("oidc_role_map", mode="before")
    @classmethod
    def _read_roles(cls, stated: object) -> object:
        return _pairs(stated) if isinstance(stated, str) else stated

    @field_validator("oidc_roles_claim")
    @classmethod
    def _require_map(cls, stated: str, others: ValidationInfo) -> str:
        if bool(stated) != bool(others.data.get("oidc_role_map", stated)):
            raise ValueError(f"this and {_PREFIX}OIDC_ROLE_MAP are set both or neither")
        return stated

    @field_validator("local_sign_in")
    @classmethod
    def _leave_a_way_in(cls, stated: bool, others: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's signature
        if not stated and not others.data.get("oidc_issuer"):
            raise ValueError(f"nobody could sign in: set {_PREFIX}OIDC_ISSUER first")
        return stated

    @property
    def database(self) -> str:
        """The database's address: SQLite in `home` unless another is set."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def serves_and_works(self) -> bool:
        """Whether `serve` has the clock and workers in it: on SQLite, and elsewhere where it is set."""
        stated = self.work_in_serve
        return self.database.startswith("sqlite") if stated is None else stated

    @property
    def database_file(self) -> Path:
        """The SQLite file in `home`."""
        return (self.home / "loyaltypay.db").resolve()


def read_settings() -> Settings:
    """The settings of the environment. Raises `RefusedError` with every one that cannot be."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            Problem(each["msg"].removeprefix("Value error, "), where=f"{_PREFIX}{each['loc'][0]}".upper())
            for each in error.errors()
        ]
        raise RefusedError(
            "The settings in the environment cannot be. Correct them or leave them out.", problems
        ) from None


def is_private(address: str) -> bool:
    """Whether nobody on the way can read or change what is said at an address: HTTPS, or this machine itself."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))
    )


def _pairs(text: str) -> Mapping[str, str]:
    """Read `lp-hr=hr,lp-pay=payroll`. Raises `ValueError` with a sentence."""
    pairs = {}
    for pair in filter(str.strip, text.split(",")):
        group, sign, role = (part.strip() for part in pair.rpartition("="))
        if not group or not sign or group in pairs:
            raise ValueError(f"{pair.strip()!r} does not name one group and its role; write it like lp-hr=hr")
        pairs[group] = role
    return pairs
