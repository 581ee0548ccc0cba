"""Which addresses are for programs."""

import re

_API = re.compile(r"/[a-z]+/v\d+/")


def is_api(path: str) -> bool:
    """Whether what is answered here is for programs: errors are problems, unknown parameters are refused."""
    return _API.match(path) is not None
