"""The page at `/`: its own files, and nothing from elsewhere."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

PAGE = {
    "/": ("serving/page/page.html", "text/html"),
    "/common.css": ("pages/common.css", "text/css"),
    "/page.css": ("serving/page/page.css", "text/css"),
    "/page.js": ("serving/page/page.js", "text/javascript"),
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def page_router() -> APIRouter:
    """Routes of the page's files."""
    router = APIRouter()
    for path, (file, media_type) in PAGE.items():
        content = (files("spacy_ner_archs") / file).read_bytes()
        _add(router, path, content, media_type)
    return router


def _add(router: APIRouter, path: str, content: bytes, media_type: str) -> None:
    @router.get(path, include_in_schema=False)
    async def file() -> Response:
        return Response(content, media_type=media_type, headers=HEADERS)
