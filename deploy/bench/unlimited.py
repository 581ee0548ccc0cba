"""A load of ours is one subject or one address: for it the limits are off."""

#: Settings of a service under load.
UNLIMITED = {
    f"VEERKRACHT_LIMIT_{what}": "0"
    for what in ("SUBJECT_READS", "SUBJECT_COMMANDS", "ADDRESS_READS", "ADDRESS_COMMANDS", "FAILED_TOKENS")
}
