"""What a finding says of the amounts it is about: pure, in whole euro cents."""


def difference(stated_cents: int | None, computed_cents: int | None) -> int | None:
    """Computed minus stated; None when no amounts are at stake."""
    return None if stated_cents is None or computed_cents is None else computed_cents - stated_cents
