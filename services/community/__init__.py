"""Community: organisations and dialogues; and what happens in the programme, told as activity and triggers."""

#: The first path segments that belong to this service. `/` and what nobody else answers come here too.
PREFIXES = ("/community", "/netwerk", "/dialogen", "/nieuwsbrief")
