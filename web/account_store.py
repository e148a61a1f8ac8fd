"""Accounts as Flask-Security knows them: found and stored by services, never by the tables."""

from typing import Any

from flask import g
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from comp.db import reading, writing
from comp.roles import Account
from comp.services import accounts, factors
from comp.services.factors import Secrets
from web.state import engine, now


class User(UserMixin):
    """Somebody who signs in, with what Flask-Security may change of them; `seen` is what was stored."""

    fs_uniquifier = ""  # Flask-Security looks for it at the class

    def __init__(self, account: Account, seen: Secrets, *, active: bool) -> None:
        self.account, self.seen, self.active = account, seen, active
        self.id, self.email, self.roles = account.id, account.email, []
        self.password, self.epoch = seen.password_hash, seen.epoch
        self.fs_uniquifier = f"{account.id}.{seen.epoch}"
        self.tf_totp_secret, self.last_counter = seen.app_secret, seen.last_counter
        self.mf_recovery_codes: list[str] = list(seen.recovery_codes)

    @property
    def wanted(self) -> Secrets:
        """What is to be stored."""
        codes = tuple(sorted(self.mf_recovery_codes))
        return Secrets(self.password or "", self.epoch, self.tf_totp_secret, self.last_counter, codes)

    def calc_username(self) -> str:
        """What an authenticator app calls the account."""
        return self.email


class AccountStore(UserDatastore):
    """Finds accounts, and keeps what changed of them until `commit` stores it."""

    def __init__(self) -> None:
        super().__init__(User, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> User | None:  # noqa: ARG002, ANN401, FBT001, FBT002 - Flask-Security's signature
        """The account with an `email`, an `id` or an `fs_uniquifier`; one that may not sign in is not active."""
        if "email" in by:
            return self._find(email=by["email"]) if by["email"] else None
        if "id" in by:
            return self._find(account_id=by["id"])
        found = self._find(account_id=int(by["fs_uniquifier"].partition(".")[0]))
        return found if found and found.fs_uniquifier == by["fs_uniquifier"] else None

    def _find(self, email: str = "", account_id: int = 0) -> User | None:
        with reading(engine()) as session:
            by_email, by_number = accounts.find_credentials, accounts.credentials_of
            known = by_email(session, email) if email else by_number(session, account_id)
            if known is None:
                return None
            secrets = factors.secrets_of(session, known.account.id)
            return User(known.account, secrets, active=accounts.may_sign_in(session, known, now()))

    def set_uniquifier(self, user: UserMixin, uniquifier: str | None = None) -> None:  # noqa: ARG002 - as above
        """Let every session of the account end once it is committed, and every link that was sent."""
        assert isinstance(user, User)  # noqa: S101 - this store makes no others
        user.epoch += 1
        self.put(user)

    def put(self, user: User) -> User:
        """Keep what changed of an account until `commit`."""
        g.setdefault("changed_users", {})[user.id] = user
        return user

    def commit(self) -> None:
        """Store what changed. Raises `ChangedError` where somebody else changed the same in between."""
        changed = [user for user in g.pop("changed_users", {}).values() if user.wanted != user.seen]
        if not changed:
            return
        with writing(engine()) as session:
            for user in changed:
                factors.save_secrets(session, user.account, user.seen, user.wanted, now())
                user.seen = user.wanted
