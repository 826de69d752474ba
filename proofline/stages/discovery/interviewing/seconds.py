"""Times in a talk, as people read them."""


def clock(seconds: int) -> str:
    """Return seconds as a clock shows them: 2:05, 1:02:05, -0:10."""
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes}:{rest:02}"
