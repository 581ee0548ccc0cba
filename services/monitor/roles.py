"""Who may do what in the monitor."""

from typing import Annotated

from fastapi import Depends

from shared.http.auth import Principal, Require

#: The programme team.
ProgrammeTeam = Annotated[Principal, Depends(Require("programme"))]
