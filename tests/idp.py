"""A small OpenID provider of a test's own: discovery, code flow with PKCE, signed ID tokens, and mistakes on demand."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT, SECRET = "loyalty-pay", "a secret of the two alone"
_RSA = RSAKey.generate_key(2048, auto_kid=True)
_EC = ECKey.generate_key("P-256", auto_kid=True)


@dataclass
class Idp:
    """A provider at which one person is signed in, with these claims.

    `proved_at` is when the person was last asked for a proof, where the provider tells; it `asks_again` when it is to.
    `spoil` may change the claims before they are signed; `key` and `alg` sign them; `described` is put over the
    provider's description of itself, `told` over what it tells the browser on the way back.
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    spoil: Callable[[dict[str, Any]], object] = lambda _claims: None
    key: Any = field(default_factory=lambda: _RSA)
    alg: str = "RS256"
    known_keys: list[Any] = field(default_factory=lambda: [_RSA])
    described: dict[str, Any] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    token_status: int = 200
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    is_signed_in: bool = True
    proved_at: int | None = None
    asks_again: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)

    def use_elliptic_key(self) -> None:
        """Sign with another kind of key from now on."""
        self.key, self.alg, self.known_keys = _EC, "ES256", [_RSA, _EC]

    def describe(self) -> Response:
        """What the provider says of itself."""
        own = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end?from=discovery",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }
        return jsonify({**own, **self.described})

    def keys(self) -> Response:
        """The public keys."""
        return jsonify(KeySet(self.known_keys).as_dict(private=False))

    def authorize(self) -> Any:
        """Let the person go back with a code. Refuses a request that does not say what this provider wants to know."""
        asked = request.args.to_dict()
        self.asked.append(asked)
        rules = (
            asked.get("client_id") == CLIENT,
            asked.get("response_type") == "code",
            "openid" in asked.get("scope", "").split(),
            asked.get("code_challenge_method") == "S256",
            asked.get("code_challenge"),
            asked.get("nonce"),
            asked.get("state"),
            asked.get("redirect_uri"),
        )
        if not all(rules):
            return "an incomplete request", 400
        if not self.is_signed_in:
            return "Who are you?", 200
        if self.proved_at is not None and asked.get("prompt") == "login" and self.asks_again:
            self.proved_at = int(time.time())
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], **self.told}
        return redirect(f"{asked['redirect_uri']}?{urlencode({k: v for k, v in answer.items() if v})}")

    def token(self) -> Any:
        """Give tokens for a code, once, to the client that has the secret and the verifier."""
        login = request.authorization
        if login is None or (login.username, login.password) != (CLIENT, SECRET):
            return jsonify(error="invalid_client"), 401
        asked = self.codes.pop(request.form["code"], None)
        digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or request.form["redirect_uri"] != asked["redirect_uri"]
            or not hmac.compare_digest(challenge, asked["code_challenge"])
        ):
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= {} if self.proved_at is None else {"auth_time": self.proved_at}
        claims |= self.claims
        self.spoil(claims)
        signed = {} if claims.get("unsigned") else {"id_token": self._signed(claims)}
        tokens = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 300}
        return jsonify({**tokens, **signed}), self.token_status

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.key is None:
            parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
            return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""])
        return jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, self.key, [self.alg])

    def end(self) -> Any:
        """Sign the person out, and send them back where the client that is named may."""
        self.asked.append(request.args.to_dict())
        self.is_signed_in = False
        back = request.args["post_logout_redirect_uri"] if request.args.get("client_id") == CLIENT else ""
        return redirect(back) if back else ("Signed out", 200)

    def tell(self) -> Response:
        """What is known of the person beside the ID token."""
        return jsonify(self.userinfo)


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Nothing is worth a line."""


def secret_key() -> OctKey:
    """The client's secret as a key: whoever has it could sign with it."""
    return OctKey.import_key(SECRET.encode(), {"kid": _RSA.kid})


def foreign_key() -> RSAKey:
    """A key that is not the provider's and says it is."""
    return RSAKey.generate_key(2048, {"kid": _RSA.kid})


@contextmanager
def idp(**claims: Any) -> Iterator[Idp]:
    """A running provider."""
    provider = Idp(claims=claims)
    app = Flask(__name__)
    app.add_url_rule("/.well-known/openid-configuration", "describe", provider.describe)
    app.add_url_rule("/keys", "keys", provider.keys)
    app.add_url_rule("/authorize", "authorize", provider.authorize)
    app.add_url_rule("/token", "token", provider.token, methods=["POST"])
    app.add_url_rule("/userinfo", "userinfo", provider.tell)
    app.add_url_rule("/end", "end", provider.end)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
