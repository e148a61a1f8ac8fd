"""Local accounts by Flask-Security: passwords, authenticator apps, recovery codes and links for a new password.

Of Flask-Security only functions are used. Its pages, its own sessions and its tokens are switched off: `web.access`
alone decides who is asking, and views of this application's own serve the forms.
"""

import base64
import hmac
from typing import TYPE_CHECKING, cast

import segno
from flask import Flask, current_app
from flask_security import Security, Totp
from flask_security.recoverable import generate_reset_password_token, reset_password_token_status, update_password
from flask_security.utils import verify_and_update_password

from comp.errors import ChangedError
from comp.roles import Account
from comp.services import passwords
from comp.services.accounts import RESET_WITHIN
from comp.services.factors import Secrets
from web.account_store import AccountStore, User
from web.state import account

if TYPE_CHECKING:
    from flask_security import UserMixin
    from passlib.totp import TotpMatch

_TOLERATED_SECONDS = 30
"""How far a telephone's clock may be off."""

_RECOVERY_CODES = 10


def install(app: Flask) -> None:
    """Set Flask-Security up with nothing of its own that anybody could reach."""
    key = app.config["SECRET_KEY"]
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of an algorithm
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_NORMALIZE_FORM=None,
        SECURITY_RESET_PASSWORD_WITHIN=RESET_WITHIN,
        SECURITY_RESET_SALT="new password",
        SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL=False,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_N=_RECOVERY_CODES,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=[base64.urlsafe_b64encode(_derived(key, "recovery codes"))],
        SECURITY_TOTP_SECRETS={"1": _derived(key, "authenticator apps").hex()},
        SECURITY_TOTP_ISSUER="Loyalty Pay",
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
    )
    security = Security(app, AccountStore(), register_blueprint=False, totp_cls=App)
    security.pwd_context = passwords.CONTEXT
    security.login_manager.session_protection = None  # it would write into every visitor's cookie
    security.login_manager.user_loader(lambda _number: None)
    security.login_manager.request_loader(lambda _request: None)


def _derived(key: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose."""
    return hmac.digest(key.encode(), f"loyaltypay {purpose}".encode(), "sha256")


class App(Totp):
    """Codes of authenticator apps, each of which opens once."""

    def get_last_counter(self, user: "UserMixin") -> int | None:
        """The number of the code that was used last."""
        assert isinstance(user, User)  # noqa: S101 - the store makes no others
        return user.last_counter

    def set_last_counter(self, user: "UserMixin", tmatch: "TotpMatch") -> None:
        """Keep the number of the code that was used."""
        assert isinstance(user, User)  # noqa: S101 - as above
        user.last_counter = tmatch.counter
        store().put(user)


def store() -> AccountStore:
    """The accounts."""
    return cast("AccountStore", _security().datastore)  # what `install` put there


def own_user() -> User:
    """Whoever is signed in."""
    found = store().find_user(id=account().id)
    assert found is not None  # noqa: S101 - accounts are closed, never removed
    return found


def nobody() -> User:
    """A user who has no account, for work that is done and thrown away."""
    return User(Account(0, "", "", (), 0), Secrets(passwords.nobodys(), 0), active=False)


def is_password_of(user: User | None, password: str) -> bool:
    """Whether a password opens an account. Takes as long where there is no account, or none with a password."""
    try:
        if user and user.password and verify_and_update_password(password, user):
            return True
        if not (user and user.password):
            passwords.CONTEXT.verify(password, passwords.nobodys())
    except ValueError:  # a password of thousands of characters, or a damaged hash
        return False
    return False


def change_password(user: User, password: str) -> None:
    """Store a new password, which ends all sessions. Raises `RefusedError` for an unfit one."""
    passwords.require_sound(password, (user.email, user.account.name))
    update_password(user, password)
    store().commit()


def reset_token(user: User) -> str:
    """What the link for a new password holds. It opens once, for an hour."""
    return str(generate_reset_password_token(user))


def user_of_token(token: str) -> User | None:
    """The account that a link for a new password is for; None for one that is used, too old or made up."""
    expired, invalid, user = reset_password_token_status(token)
    return user if user and user.active and not (expired or invalid) else None


def is_code_of(user: User, code: str) -> bool:
    """Whether a code of the app, or a recovery code, opens an account; whichever it is, it is used up on `commit`."""
    code = "".join(code.split()).lower()
    if user.tf_totp_secret and is_app_code(user, user.tf_totp_secret, code):
        return True
    recovery = _security().mf_recovery_codes_util
    return recovery.check_recovery_code(user, code) and recovery.delete_recovery_code(user, code)


def is_app_code(user: User, secret: str, code: str) -> bool:
    """Whether an app with this secret shows a code now."""
    try:
        return bool(_security().totp_factory.verify_totp(code, secret, user, window=_TOLERATED_SECONDS))
    except (TypeError, ValueError):  # a secret that another key encrypted
        return False


def use_up() -> bool:
    """Store that a code was used; False where it was used elsewhere in between."""
    try:
        store().commit()
    except ChangedError:
        return False
    return True


def new_app_secret() -> str:
    """An encrypted secret for an authenticator app."""
    return str(_security().totp_factory.generate_totp_secret())


def app_key(secret: str) -> str:
    """The secret as people type it into an app."""
    return str(_security().totp_factory.get_totp_pretty_key(secret))


def app_picture(user: User, secret: str) -> str:
    """The secret as a picture that apps read, as a `data:` address."""
    uri = _security().totp_factory.get_totp_uri(user.email, secret)
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff"))


def set_app(user: User, secret: str) -> list[str]:
    """Ask for codes of an app from now on; gives the recovery codes, which are shown once."""
    user.tf_totp_secret = secret
    return renew_recovery_codes(user)


def renew_recovery_codes(user: User) -> list[str]:
    """New recovery codes in place of those left, which are shown once."""
    codes = _security().mf_recovery_codes_util.create_recovery_codes(user)
    store().commit()
    return list(codes)


def remove_app(user: User) -> None:
    """Ask for no codes any more."""
    user.tf_totp_secret, user.last_counter, user.mf_recovery_codes = None, 0, []
    store().put(user)
    store().commit()


def _security() -> Security:
    found: Security = current_app.extensions["security"]
    return found
