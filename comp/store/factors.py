"""What an account proves itself with besides its address: hashes, secrets and the public halves of passkeys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from comp.models import AccountRow, FactorRow, PasskeyRow, RecoveryCodeRow


@dataclass(frozen=True, slots=True)
class Secrets:
    """A password's hash, an authenticator app's encrypted secret with its last used code, and recovery codes left."""

    password_hash: str
    epoch: int
    app_secret: str | None = None
    last_counter: int = 0
    recovery_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as it is stored."""

    id: str
    account_id: int
    public_key: str
    sign_count: int
    name: str
    added_at: datetime
    used_at: datetime | None = None


def secrets_of(session: Session, account_id: int) -> Secrets:
    """What an account proves itself with."""
    account = session.get_one(AccountRow, account_id)
    factor = session.get(FactorRow, account_id)
    codes = select(col(RecoveryCodeRow.code)).where(col(RecoveryCodeRow.account_id) == account_id)
    kept = tuple(session.scalars(codes.order_by(col(RecoveryCodeRow.code))))
    secret, counter = (factor.secret, factor.last_counter) if factor else (None, 0)
    return Secrets(account.password_hash, account.epoch, secret, counter, kept)


def save_secrets(session: Session, account_id: int, wanted: Secrets) -> None:
    """Store all of it in place of what there was, but for the epoch."""
    session.get_one(AccountRow, account_id).password_hash = wanted.password_hash
    if wanted.app_secret:
        session.merge(FactorRow(account_id=account_id, secret=wanted.app_secret, last_counter=wanted.last_counter))
    else:
        session.execute(delete(FactorRow).where(col(FactorRow.account_id) == account_id))
    _save_codes(session, account_id, wanted.recovery_codes)
    session.flush()


def _save_codes(session: Session, account_id: int, codes: tuple[str, ...]) -> None:
    mine = select(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id)
    kept = {row.code: row for row in session.scalars(mine)}
    for code in kept.keys() - codes:
        session.delete(kept[code])
    session.add_all(RecoveryCodeRow(account_id=account_id, code=code) for code in codes if code not in kept)


def passkeys_of(session: Session, account_id: int) -> list[Passkey]:
    """The passkeys of an account, in the order in which they were added."""
    query = select(PasskeyRow).where(col(PasskeyRow.account_id) == account_id)
    return list(map(_passkey, session.scalars(query.order_by(col(PasskeyRow.added_at), col(PasskeyRow.id)))))


def find_passkey(session: Session, passkey_id: str) -> Passkey | None:
    """A passkey by its identifier."""
    row = session.get(PasskeyRow, passkey_id)
    return _passkey(row) if row else None


def add_passkey(session: Session, passkey: Passkey) -> None:
    """Store a new passkey."""
    session.add(
        PasskeyRow(
            id=passkey.id,
            account_id=passkey.account_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            name=passkey.name,
            added_at=passkey.added_at,
        )
    )
    session.flush()


def note_use(session: Session, passkey_id: str, sign_count: int, now: datetime) -> None:
    """Remember that a passkey was used, and what it counted."""
    used = update(PasskeyRow).where(col(PasskeyRow.id) == passkey_id)
    session.execute(used.values(sign_count=sign_count, used_at=now))


def remove_passkey(session: Session, account_id: int, passkey_id: str) -> bool:
    """Remove a passkey of an account; whether it had that one."""
    mine = (col(PasskeyRow.account_id) == account_id, col(PasskeyRow.id) == passkey_id)
    return bool(session.execute(delete(PasskeyRow).where(*mine).returning(col(PasskeyRow.id))).all())


def remove_passkeys(session: Session, account_id: int) -> None:
    """Remove all passkeys of an account."""
    session.execute(delete(PasskeyRow).where(col(PasskeyRow.account_id) == account_id))


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(row.id, row.account_id, row.public_key, row.sign_count, row.name, row.added_at, row.used_at)
