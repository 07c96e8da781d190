"""The interface, of writing: a case that is sent by whoever has the token."""

from __future__ import annotations

from hmac import compare_digest
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from darkhours.app.site_writing import NAME, Taken, keep_case
from darkhours.model.errors import InputError
from darkhours.web.api_parts import API, JSON, responses, segment, tell
from darkhours.web.api_schema import ref
from darkhours.web.problems import Trouble
from darkhours.web.settings import Settings

TOML = "application/toml"
NewName = Annotated[str, Path(pattern=NAME, description="Name of the case, as its id says.")]
_bearer = HTTPBearer(auto_error=False, description="The token of whoever runs the site.")
Told = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def router(settings: Settings) -> APIRouter:
    """Return the route that writes."""
    routes = APIRouter(prefix=API, default_response_class=Response)

    def allowed(told: Told) -> None:
        """Refuse whoever does not show the token.

        Raises:
            HTTPException: 403 where nobody may write, 401 where the token is another.
        """
        if settings.token is None or settings.cases is None:
            raise HTTPException(
                403, "writing is off; whoever runs the site sets DARKHOURS_WRITE_TOKEN and DARKHOURS_CASES"
            )
        shown = b"" if told is None else told.credentials.encode()
        if not compare_digest(shown, settings.token.encode()):
            headers = {"www-authenticate": 'Bearer realm="darkhours"'}
            raise HTTPException(401, "expected Authorization: Bearer and the token of this site", headers)

    @routes.put(
        "/cases/{name}",
        tags=["cases"],
        dependencies=[Depends(allowed)],
        responses=_responses(),
        openapi_extra=_body(),
    )
    async def put_case(request: Request, name: NewName) -> Response:
        """Keep a case: checked as `darkhours check` does, and kept whole or not at all."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != TOML:
            raise HTTPException(415, f"expected a case as {TOML}, got {media[:80] or 'no type'!r}")
        try:
            data = await request.body()
        except ClientDisconnect:
            raise HTTPException(400, "expected a whole case, the line was cut") from None
        return await run_in_threadpool(_keep, request, settings, name, data)

    return routes


def _responses() -> dict[int | str, dict[str, Any]]:
    told = responses(JSON, ref("kept"), 401, 403, 409, 415, about="It took the place of an earlier one.")
    del told[304]
    return told | {201: {**told[200], "description": "It is kept."}}


def _body() -> dict[str, Any]:
    about = "A case file, `case.toml`; `darkhours new` writes one to begin with."
    schema = {"type": "string", "description": about}
    return {"requestBody": {"required": True, "content": {TOML: {"schema": schema}}}}


def _keep(request: Request, settings: Settings, name: str, data: bytes) -> Response:
    if settings.cases is None:
        raise ValueError("expected a folder of cases")
    try:
        case, new = keep_case(settings.cases, name, data)
    except InputError as error:
        return Trouble(
            422, f"{len(error.problems)} problems in the case", problems=error.problems
        ).as_response()
    except Taken as error:
        return Trouble(409, str(error)).as_response()
    address = f"{settings.base}{API}/cases/{segment(name)}"
    told = {"id": case.id, "new": new, "sha256": case.sha256, "warnings": case.warnings, "address": address}
    found = tell(request, told, cache="no-store", headers={"location": address} if new else {})
    found.status_code = 201 if new else 200
    return found
