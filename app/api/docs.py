"""The docs pages, their files and the document they show; nothing is from elsewhere."""

from pathlib import Path, PurePath

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

WEB = Path(__file__).parent.parent / "web"
# Swagger UI writes style attributes and draws with data: images; scripts are files.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FOREVER = "public, max-age=31536000, immutable"
LEAST_COMPRESSED = 1024

router = APIRouter(include_in_schema=False)


def add_docs(app: FastAPI) -> None:
    app.include_router(router)
    files = GZipMiddleware(WebFiles(directory=WEB), minimum_size=LEAST_COMPRESSED)
    app.mount("/static", files)


class WebFiles(StaticFiles):
    """Our pages' files, always asked for again, and others' by version, kept."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(PAGE_HEADERS)
        # Each folder there is named for its version.
        if PurePath(path).match("vendor/*/*"):
            response.headers["Cache-Control"] = FOREVER
        return response


@router.get("/docs")
def get_docs_page() -> FileResponse:
    return FileResponse(WEB / "docs" / "index.html", headers=PAGE_HEADERS)


@router.get("/redoc")
def get_reader_page() -> FileResponse:
    return FileResponse(WEB / "docs" / "reader.html", headers=PAGE_HEADERS)


@router.get("/openapi.json")
def get_document(request: Request) -> JSONResponse:
    root_path = request.scope.get("root_path", "").rstrip("/")
    document = request.app.openapi()
    return JSONResponse({**document, "servers": [{"url": root_path or "/"}]})
