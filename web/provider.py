"""The company's identity provider: asked who somebody is, and believed only what it signed for this very sign-in."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_client.apps import FlaskOAuth2App
from flask import Flask, current_app, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from comp.roles import Role
from comp.services.identities import Vouched
from web.settings import Settings, is_private
from web.state import state

_LOG = logging.getLogger(__name__)
_NAME = "company"
_SECONDS = 10
_LEEWAY = 60
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_BEGUN = f"_state_{_NAME}_"
_KINDS = ("RS", "PS", "ES")
_ALGORITHMS = [f"{kind}{bits}" for kind in _KINDS for bits in (256, 384, 512)] + ["EdDSA", "Ed25519"]
"""Signatures that only the provider can make: none that this side could, who knows the client's secret."""

_LONGEST_SUBJECT = 255


class DistrustError(Exception):
    """What came back does not prove who somebody is."""


class SilentError(Exception):
    """The provider does not answer."""


def install(app: Flask, machine: Settings) -> None:
    """Let the application ask the provider that the settings name, if any. It is not asked anything yet."""
    OAuth(app).register(  # type: ignore[no-untyped-call] # Authlib has no types for it
        _NAME,
        client_id=machine.oidc_client_id,
        client_secret=machine.oidc_client_secret,
        server_metadata_url=f"{machine.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": machine.oidc_scopes,
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
        },
    )


def ask(*, again: bool = False) -> Response:
    """Send the browser to the provider; of several sign-ins that it began the last counts.

    With `again` the person shall prove themselves anew, though the provider knows them still.

    Raises `SilentError` where the provider does not answer, `DistrustError` where it is not the one that was set.
    """
    forget()
    back, more = _here("provider.come_back"), {"prompt": "login", "max_age": 0} if again else {}
    return cast("Response", _told(lambda client: client.authorize_redirect(back, **more)))  # Authlib has no types


def way_out() -> str | None:
    """Where the browser signs out at the provider and comes back to sign in; None where it tells no such place.

    No token is kept here that could be shown there: the provider knows us by the client's name, and asks if it wants.
    """
    try:
        there = str(_told(lambda client: client.server_metadata.get("end_session_endpoint", "")))
    except (DistrustError, SilentError):
        return None
    asked = {"client_id": state().settings.oidc_client_id, "post_logout_redirect_uri": _here("accounts.sign_in")}
    return add_params_to_uri(there, list(asked.items())) if is_private(there) else None


def _here(endpoint: str) -> str:
    scheme = "https" if state().settings.secure_cookies else request.scheme
    return url_for(endpoint, _external=True, _scheme=scheme)


def was_asked() -> bool:
    """Whether this browser was sent to the provider and has not come back yet."""
    return any(key.startswith(_BEGUN) for key in session)


def forget() -> None:
    """Let what the browser was given on its way open nothing any more."""
    for key in [key for key in session if key.startswith(_BEGUN)]:
        del session[key]


def answer() -> Vouched:
    """Who came back, by what the provider says: checked for state, nonce, issuer, audience, time and signature.

    Raises `DistrustError` where anything does not hold, `SilentError` where the provider does not answer.
    """
    return cast("Vouched", _told(_vouched))


def _told(ask: Any) -> object:  # noqa: ANN401 - a question to Authlib's client, which has no types
    """What comes of asking. Whatever a provider may send instead of an answer is distrusted."""
    try:
        return ask(_client())
    except RequestException as error:
        _LOG.warning("the identity provider does not answer: %s", type(error).__name__)
        raise SilentError from error
    except (
        AuthlibBaseError,
        JoseError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RuntimeError,
        OverflowError,
    ) as error:
        _LOG.warning("a sign-in at the identity provider failed: %s: %.200r", type(error).__name__, str(error))
        raise DistrustError from error


def _client() -> FlaskOAuth2App:
    """The client, which knows the provider's own description of itself."""
    client: FlaskOAuth2App = current_app.extensions["authlib.integrations.flask_client"].create_client(_NAME)
    described = client.load_server_metadata()
    try:
        _require_ours(described)
    except ValueError:
        client.server_metadata.clear()  # it may be mended, and is read anew the next time
        raise
    offered = described.get("id_token_signing_alg_values_supported", ["RS256"])
    described["id_token_signing_alg_values_supported"] = [each for each in _ALGORITHMS if each in offered]
    return client


def _require_ours(described: Mapping[str, Any]) -> None:
    if described.get("issuer") != state().settings.oidc_issuer:
        raise ValueError("the provider calls itself otherwise than LOYALTYPAY_OIDC_ISSUER does")
    optional = ["userinfo_endpoint"] if "userinfo_endpoint" in described else []
    for name in (*_ENDPOINTS, *optional):
        if not is_private(str(described.get(name, ""))):
            raise ValueError(f"the provider's {name} is not at an https:// address")


def _vouched(client: FlaskOAuth2App) -> Vouched:
    machine = state().settings
    told_by = request.args.get("iss")
    if told_by != machine.oidc_issuer and (
        told_by is not None or client.server_metadata.get("authorization_response_iss_parameter_supported") is True
    ):
        raise ValueError("another provider sent the browser back")
    expected = {
        "iss": {"essential": True, "value": machine.oidc_issuer},
        "aud": {"essential": True, "value": machine.oidc_client_id},
        "nonce": {"essential": True},
    }
    token = client.authorize_access_token(claims_options=expected, leeway=_LEEWAY)
    claims = _complete(client, token)
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise ValueError("the subject is no text")
    return Vouched(
        machine.oidc_issuer,
        subject,
        _verified_email(claims),
        str(claims.get("name") or ""),
        _roles(claims, machine),
        _proved_at(token["userinfo"]),
    )


def _complete(client: FlaskOAuth2App, token: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was signed, and where the address is not in it, what the provider says of the same person when asked."""
    signed: Mapping[str, Any] = token["userinfo"]
    if {"email", "email_verified"} <= set(signed) or "userinfo_endpoint" not in client.server_metadata:
        return signed
    asked = client.userinfo(token=token)
    if asked["sub"] != signed["sub"]:
        raise ValueError("the provider told of somebody else")
    return {**asked, **signed}


def _proved_at(signed: Mapping[str, Any]) -> datetime | None:
    """When the person proved themselves at the provider, by what it signed."""
    told = signed.get("auth_time")
    return None if told is None else datetime.fromtimestamp(int(told), UTC)


def _verified_email(claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    return email if isinstance(email, str) and claims.get("email_verified") is True else ""


def _roles(claims: Mapping[str, Any], machine: Settings) -> tuple[Role, ...] | None:
    """The roles that the claim brings: none for groups that mean nothing here, None where no claim is read.

    A name with points, as in `realm_access.roles`, goes into claims within claims unless there is one of that name.
    """
    if not machine.oidc_roles_claim:
        return None
    found: object = claims.get(machine.oidc_roles_claim)
    if found is None:
        found = claims
        for part in machine.oidc_roles_claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    groups = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return tuple(dict.fromkeys(role for group, role in machine.oidc_role_map.items() if group in groups))
