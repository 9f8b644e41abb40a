"""The page at `/`: one document, which loads its files and then only asks the API."""

from fastapi import APIRouter
from fastapi.responses import FileResponse

from app.api.docs import PAGE_HEADERS, WEB

# Stricter than the docs page's: no style from a script's string, no address but ours.
HEADERS = {
    **PAGE_HEADERS,
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

router = APIRouter(include_in_schema=False)


@router.get("/")
def get_page() -> FileResponse:
    return FileResponse(WEB / "page" / "index.html", headers=HEADERS)
