"""The queue, leases, and the earlier words of a component. The correction itself is ``components.service``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from models import review_leases, review_queue, scans
from models.entities import Component, ComponentState, Event, ReviewLease
from models.review_queue import ReviewQueue, Waiting


@dataclass(frozen=True, slots=True)
class Holding:
    """Who has a component, since when. ``mine``: the asker."""

    name: str
    since: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The queue as somebody sees it now. ``listed``: the components of its beginning, each with its dossier. ``held``: by component."""

    queue: ReviewQueue
    listed: Sequence[Component]
    held: Mapping[str, Holding]


def look(context: Context, principal: Principal, listed: int = 0) -> Seen:
    """What waits in the agencies that the principal reaches, and who has what of it; the first ``listed`` of it with what they say."""
    with context.reading() as session:
        queue = context.weights.queue(session, principal.agency_ids, context.catalog.get(session))
        components = review_queue.load_waiting(session, queue.waiting[:listed])
        leases = review_leases.held(session, [one.id for one in queue.waiting])
        names = review_leases.names_of(session, {lease.actor for lease in leases.values()})
        held = {
            identifier: Holding(names[lease.actor], lease.since, lease.actor == principal.actor)
            for identifier, lease in leases.items()
        }
        return Seen(queue, components, held)


def weigh(context: Context, component: Component) -> Waiting:
    """Where the component stands, or stood, in the queue. Its caller was let in to it."""
    with context.reading() as session:
        return review_queue.weigh(session, component, context.catalog.get(session))


def following(seen: Seen, after: Waiting | None, skipped: Collection[str] = ()) -> Waiting | None:
    """The first that nobody else has, behind ``after``; then from the start. ``skipped`` and ``after`` itself are left out."""
    out = {*skipped, *([after.id] if after else [])}
    free = [one for one in seen.queue.waiting if one.id not in out and _is_free(seen, one)]
    behind = [one for one in free if after is None or one.order > after.order]
    return next(iter(behind or free), None)


def _is_free(seen: Seen, one: Waiting) -> bool:
    holding = seen.held.get(one.id)
    return holding is None or holding.mine


def take(context: Context, principal: Principal, component_id: str, *, over: bool = False) -> ReviewLease:
    """``NotFound``; ``HeldByAnother``, unless it is to be taken over."""
    with context.transaction() as session:
        component = scans.load_component(session, component_id, principal.agency_ids)
        return review_leases.take(session, component, principal.actor, over=over)


def release(context: Context, principal: Principal, component_id: str, *, until: datetime | None = None) -> None:
    """``until``: only the lease that ends then, not one renewed since. ``NotFound``."""
    with context.transaction() as session:
        component = scans.load_component(session, component_id, principal.agency_ids)
        review_leases.release(session, component.id, principal.actor, until=until)


def is_waiting(component: Component) -> bool:
    """Whether no person has verified it yet."""
    return ComponentState(component.state) in review_queue.WAITING


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One correction on record: ``before`` and ``after`` of what it changed."""

    at: datetime
    name: str
    before: Mapping[str, object]
    after: Mapping[str, object]


def corrections_of(context: Context, component: Component) -> list[Reviewed]:
    """The component's corrections, the last first. Its caller was let in to it."""
    statement = select(Event).where(Event.component_id == component.id, Event.kind == "reviewed")
    with context.reading() as session:
        found = list(session.scalars(statement.order_by(Event.id.desc())))
        names = review_leases.names_of(session, {event.actor for event in found})
    return [
        Reviewed(event.at, names[event.actor], event.data.get("before") or {}, event.data.get("after") or {})
        for event in found
    ]
