"""Passkeys: what a browser is asked to make or to prove, and whether what it answers is right."""

from datetime import datetime, timedelta
from json import JSONDecodeError, loads
from typing import Any
from urllib.parse import urlsplit

from flask import session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from comp.roles import Account
from comp.services.factors import Passkey
from web.addresses import own_address
from web.state import now

_CHALLENGE = "challenge"
_TIME_TO_ANSWER = timedelta(minutes=5)
_FAULTS = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"""What an answer raises that no browser gives."""


def creation_options(account: Account, known: list[Passkey]) -> str:
    """What a browser needs to make a passkey, as JSON. It asks for the person's finger, face or PIN."""
    options = generate_registration_options(
        rp_id=_site(),
        rp_name="Loyalty Pay",
        user_id=str(account.id).encode(),
        user_name=account.email,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(each.id)) for each in known],
    )
    _keep(options.challenge)
    return str(options_to_json(options))


def proof_options(known: list[Passkey]) -> str:
    """What a browser needs to prove a passkey, as JSON: one of these, or whichever the person has for this site."""
    options = generate_authentication_options(
        rp_id=_site(),
        allow_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(each.id)) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(options.challenge)
    return str(options_to_json(options))


def created(answer: str, account: Account, name: str) -> Passkey | None:
    """The passkey that a browser made; None where its answer is not right."""
    challenge = _kept()
    try:
        made = verify_registration_response(
            credential=loads(answer),
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=own_address(),
            require_user_verification=True,
        )
    except _FAULTS:
        return None
    key = bytes_to_base64url(made.credential_public_key)
    return Passkey(bytes_to_base64url(made.credential_id), account.id, key, made.sign_count, name, now())


def named(answer: str) -> str:
    """The identifier of the passkey that an answer claims to prove; empty where it has none."""
    try:
        found: Any = loads(answer)
        return str(found["id"])
    except (JSONDecodeError, KeyError, TypeError):
        return ""


def proved(answer: str, passkey: Passkey | None) -> int | None:
    """What a passkey counted, where an answer proves it; None for any other."""
    challenge = _kept()
    if passkey is None:
        return None
    try:
        done = verify_authentication_response(
            credential=loads(answer),
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=own_address(),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _FAULTS:
        return None
    return int(done.new_sign_count)


def _site() -> str:
    """The name of the site that passkeys belong to."""
    return urlsplit(own_address()).hostname or ""


def _keep(challenge: bytes) -> None:
    session[_CHALLENGE] = [bytes_to_base64url(challenge), (now() + _TIME_TO_ANSWER).isoformat()]


def _kept() -> bytes:
    """The challenge of the options that went out last, once; nothing that can be met where there was none."""
    challenge, until = session.pop(_CHALLENGE, ("", now().isoformat()))
    return base64url_to_bytes(challenge) if datetime.fromisoformat(until) > now() else b""
