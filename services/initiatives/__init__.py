"""Initiatives: what joins the programme, in which phase it is and what is learnt from it."""

#: The first path segments that belong to this service.
PREFIXES = ("/initiatives", "/initiatieven")
