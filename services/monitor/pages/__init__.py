"""The Dutch pages of the monitor."""

from fastapi import APIRouter

from . import area, map, overview, why

router = APIRouter(include_in_schema=False)
for _page in (overview, map, area, why):
    router.routes.extend(_page.router.routes)
