"""The Dutch pages of the monitor."""

from fastapi import APIRouter

from . import area, editions, impact, map, observations, overview, why

router = APIRouter(include_in_schema=False)
for _page in (overview, map, area, why, impact, editions, observations):
    router.routes.extend(_page.router.routes)
