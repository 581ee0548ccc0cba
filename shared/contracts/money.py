"""Amounts as Dutch people write them."""


def euro(cents: int) -> str:
    """`€ 3.700.000` from whole cents; with cents only when there are any."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}€\u00a0{whole:,}".replace(",", ".") + (f",{rest:02d}" if rest else "")
