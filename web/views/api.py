"""The API for people and programs: its document, and the page that explains each operation."""

import json

from flask import Blueprint, Response, render_template, request

from comp.tokens import Scope
from web.access import PUBLIC, route
from web.api import document
from web.api.reference import resources
from web.state import state

blueprint = Blueprint("api", __name__)


@route(blueprint, "/api/v1/openapi.json", PUBLIC)
def openapi() -> Response:
    """The OpenAPI document. It tells nothing of the company."""
    return Response(json.dumps(document.openapi()), mimetype="application/json")


@route(blueprint, "/help/api", PUBLIC)
def show() -> str:
    """Every operation with what it needs, an example and what comes back."""
    server = state().settings.address or request.host_url.rstrip("/")
    return render_template("api.html", resources=resources(server), scopes=list(Scope), server=server)
