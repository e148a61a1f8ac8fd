"""A program with a token: asks the API as payroll and HR systems do, and checks every answer that comes."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from comp.db import Engine, writing
from comp.services import access, api_tokens
from comp.tokens import Scope
from tests.web.company import NOW
from tests.web.page_rules import check_answer
from web.state import now

ALL = tuple(Scope)


def token_of(database: Engine, email: str, scopes: tuple[Scope, ...] | None = None, days: int = 90) -> str:
    """A token of somebody, for everything that they may have one for or for some scopes."""
    with writing(database) as session:
        account = access.find_account_by_email(session, email)
        granted = api_tokens.granted(session, account, now())
        chosen = scopes or tuple(scope for scope in Scope if scope.needs in granted)
        return api_tokens.make(session, account, "a system", chosen, days, now())[0]


class Program:
    """Asks with a token, and keeps no cookies."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, address: str, status: int = 200, **options: Any) -> TestResponse:
        """An answer, which has this status, every header that protects it, and a problem where it is one."""
        headers = {**self.headers, **options.pop("headers", {})}
        answer = self.client.open(f"/api/v1{address}", method=method, headers=headers, buffered=True, **options)
        answer.request.environ["wsgi.input"].close()
        check_answer(answer)
        assert answer.status_code == status, (address, answer.status, answer.text)
        assert "Set-Cookie" not in answer.headers
        assert "Authorization" in answer.headers["Vary"]
        if status >= 400:
            assert answer.mimetype == "application/problem+json"
            assert answer.get_json()["status"] == status
            assert answer.get_json()["title"]
            assert answer.get_json()["detail"]
        return answer

    def get(self, address: str, status: int = 200, **options: Any) -> Any:
        """What is read."""
        return self.ask("GET", address, status, **options).get_json()

    def post(self, address: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        """What comes of something that is done."""
        told = {"json": body} if body is not None else {}
        return self.ask("POST", address, status, **told, **options).get_json()


__all__ = ["ALL", "NOW", "Program", "token_of"]
