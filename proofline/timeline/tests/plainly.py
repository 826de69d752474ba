"""The analyses once more, in plain Python over lists, as slowly and simply as they can be said; the laws compare with them.

An event is (time, name, person). People are merged already, no two events of anybody are at the same time.
"""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def bucket(at, interval, zone):
    """Return the beginning of the interval."""
    local = at.astimezone(ZoneInfo(zone))
    if interval == "hour":
        return at - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    day = local.date()
    if interval == "week":
        return day - timedelta(days=day.isoweekday() - 1)
    return day if interval == "day" else day.replace(day=1)


def next_bucket(day, interval):
    """Return the beginning of the interval after a day, week or month."""
    if interval == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if interval == "week" else 1)


def by_person(events):
    """Return each person's (time, name), in order of time."""
    found = defaultdict(list)
    for at, name, person in sorted(events):
        found[person].append((at, name))
    return found


def trend(events, name, interval, zone):
    """Return the number of events and of people by interval."""
    count, people = defaultdict(int), defaultdict(set)
    for at, what, person in events:
        if what == name:
            count[bucket(at, interval, zone)] += 1
            people[bucket(at, interval, zone)].add(person)
    return dict(count), {at: len(some) for at, some in people.items()}


def level(moments, steps, window, order):
    """Return how far a person came: from every event of the first step on, taking the next one that fits as early as possible."""
    best = 0
    for first, (began, name) in enumerate(moments):
        within = [(at, what) for at, what in moments[first:] if at - began <= window]
        if order == "any":
            best = max(best, len({what for _at, what in within} & set(steps)))
        elif name == steps[0]:
            reached = 0
            for _at, what in within:
                if reached < len(steps) and what == steps[reached]:
                    reached += 1
                elif order == "strict":
                    break
            best = max(best, reached)
    return best


def funnel(events, steps, window, order):
    """Return how many came to each step."""
    levels = [level(moments, steps, window, order) for moments in by_person(events).values()]
    return [sum(reached > place for reached in levels) for place in range(len(steps))]


def gaps(moments, steps, window):
    """Return, by step, the time that a person took to it when they first came so far: since they were last one step before."""
    starts, came, found = [None] * len(steps), [None] * len(steps), {}
    for at, name in moments:
        for step in reversed(range(len(steps))):  # backwards, so that one event is one step
            if name != steps[step]:
                continue
            if step == 0:
                starts[0] = came[0] = at
            elif starts[step - 1] is not None and at - starts[step - 1] <= window:
                starts[step] = starts[step - 1]
                found.setdefault(step, at - came[step - 1])
                came[step] = at
    return found


def medians(events, steps, window):
    """Return the median seconds to each step after the first."""
    took = defaultdict(list)
    for moments in by_person(events).values():
        for step, length in gaps(moments, steps, window).items():
            took[step].append(length.total_seconds())
    return {step: median(lengths) for step, lengths in took.items()}


def retention(events, start, back, interval, zone):
    """Return {cohort: (size, {after: returned})}."""
    sizes, returned = defaultdict(int), defaultdict(lambda: defaultdict(int))
    for moments in by_person(events).values():
        starts = [at for at, name in moments if name == start]
        if not starts:
            continue
        cohort = bucket(starts[0], interval, zone)
        sizes[cohort] += 1
        later = {bucket(at, interval, zone) for at, name in moments if name == back and at >= starts[0]}
        after, number = cohort, 0
        while later and after <= max(later):
            returned[cohort][number] += after in later
            after, number = next_bucket(after, interval), number + 1
    return {cohort: (size, {n: c for n, c in returned[cohort].items() if c}) for cohort, size in sizes.items()}


def lifecycle(events, interval, zone):
    """Return {state: {interval: count}} over all time."""
    found = defaultdict(lambda: defaultdict(int))
    for moments in by_person(events).values():
        active = {bucket(at, interval, zone) for at, _name in moments}
        for one in active:
            if one == min(active):
                found["new"][one] += 1
            elif any(next_bucket(other, interval) == one for other in active):
                found["returning"][one] += 1
            else:
                found["resurrected"][one] += 1
            if next_bucket(one, interval) not in active:
                found["dormant"][next_bucket(one, interval)] += 1
    return found


def stickiness(events, interval, zone):
    """Return {number of intervals: people active in exactly so many}."""
    found = defaultdict(int)
    for moments in by_person(events).values():
        found[len({bucket(at, interval, zone) for at, _name in moments})] += 1
    return dict(found)


def between(events, first, second, window):
    """Return the seconds from everybody's first event to the next second one after it."""
    found = []
    for moments in by_person(events).values():
        starts = [at for at, name in moments if name == first]
        ends = [at for at, name in moments if name == second and starts and at > starts[0]]
        if ends and ends[0] - starts[0] <= window:
            found.append((ends[0] - starts[0]).total_seconds())
    return sorted(found)


def links(events, start, window, steps):
    """Return {(step, from, to): people} after everybody's first event of a name."""
    found = defaultdict(int)
    for moments in by_person(events).values():
        starts = [at for at, name in moments if name == start]
        way = [name for at, name in moments if starts and starts[0] <= at <= starts[0] + window]
        way = [name for place, name in enumerate(way) if place == 0 or way[place - 1] != name][: steps + 1]
        for place, (one, other) in enumerate(pairwise(way)):
            found[place, one, other] += 1
    return dict(found)
