"""What is to be done and when people meet: tasks and calendar entries of the cases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.clients import DAY_SECONDS
from apps.clio.sandbox.firm.records import Activity, Contact, Firm, Matter, Person
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream, weighted
from apps.clio.sandbox.firm.workdays import workday_on_or_after

PRIORITIES = (("Normal", 70), ("High", 20), ("Low", 10))
LATE_STATES = (("pending", 5), ("in_progress", 3), ("in_review", 2))


@dataclass(slots=True, eq=False)
class Task:
    """Something to be done. `estimate` in seconds; `done` is the moment of completion."""

    matter: Matter
    name: str
    kind: str
    priority: str
    assigner: Person
    assignee: Person
    due: int | None
    created: int
    state: str = "pending"
    estimate: int | None = None
    is_limitation: bool = False
    done: int | None = None
    updated: int = 0
    entries: int = 0
    id: int = 0


@dataclass(slots=True, eq=False)
class Event:
    """An appointment. start and end are moments; `rule` repeats it."""

    owner: Person
    summary: str
    start: int
    end: int
    created: int
    kind: str
    matter: Matter | None = None
    place: str | None = None
    all_day: bool = False
    rule: str | None = None
    people: tuple[Person, ...] = ()
    guests: tuple[Contact, ...] = ()
    is_court: bool = False
    entries: int = 0
    id: int = 0


@dataclass(slots=True)
class Agenda:
    """Writes the tasks and appointments of one firm."""

    chance: Chance
    last_day: int
    tasks: list[Task] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def plan_matter(self, matter: Matter) -> None:
        """Plan a case from its opening to its end, or a little beyond today."""
        if matter.is_internal or matter.opened is None:
            return
        end = matter.closed or self.last_day + 45
        span = max(10, end - matter.opened)
        for _ in range(between(self.chance, 1, 4)):
            self._add_task(matter, matter.opened + between(self.chance, 2, span))
        for _ in range(between(self.chance, 0, 3)):
            self._add_event(matter, matter.opened + between(self.chance, 3, span))

    def meet_weekly(self, owner: Person, people: tuple[Person, ...], first_day: int) -> None:
        """Put the firm's weekly meeting into the calendar."""
        monday = first_day + (7 - (first_day - 1) % 7) % 7
        start = monday * DAY_SECONDS + 9 * 3600
        self.events.append(
            Event(owner, "Partners' meeting", start, start + 3600, start - 5 * DAY_SECONDS, "Firm meeting",
                  place="Conference room", rule="RRULE:FREQ=WEEKLY;BYDAY=MO", people=people)
        )  # fmt: skip

    def _add_task(self, matter: Matter, day: int) -> None:
        chance = self.chance
        name, kind = pick(chance, vocabulary.TASKS)
        due = workday_on_or_after(day)
        wish = (due - between(chance, 5, 40)) * DAY_SECONDS + between(chance, 32_000, 62_000)
        created = min(max(matter.created + 600, wish), self.last_day * DAY_SECONDS + 60_000)
        task = Task(matter, name, kind, weighted(chance, PRIORITIES), matter.team[0], pick(chance, matter.team),
                    None if chance() < 0.06 else due, created)  # fmt: skip
        task.estimate = between(chance, 1, 12) * 1800 if chance() < 0.5 else None
        task.is_limitation = chance() < 0.04
        self._finish(task, due)
        self.tasks.append(task)

    def _finish(self, task: Task, due: int) -> None:
        chance, day = self.chance, due + between(self.chance, -4, 6)
        done = max(task.created + 3600, day * DAY_SECONDS + between(chance, 32_000, 64_000))
        if done // DAY_SECONDS <= self.last_day and (chance() < 0.93 or task.matter.closed):
            task.state, task.done, task.updated = "complete", done, done
        else:
            task.state, task.updated = weighted(chance, LATE_STATES), task.created

    def _add_event(self, matter: Matter, day: int) -> None:
        chance = self.chance
        summary, kind, place, is_court = pick(chance, vocabulary.EVENTS)
        on = workday_on_or_after(day)
        start = on * DAY_SECONDS + between(chance, 17, 32) * 1800
        created = min(max(matter.created + 900, start - between(chance, 3, 30) * DAY_SECONDS),
                      self.last_day * DAY_SECONDS + 61_000)  # fmt: skip
        event = Event(matter.lead or matter.team[0], f"{summary}: {matter.description}", start,
                      start + between(chance, 1, 6) * 1800, created, kind, matter, place)  # fmt: skip
        event.all_day, event.is_court = chance() < 0.04, is_court
        event.people = matter.team
        event.guests = (matter.client,) if not is_court and chance() < 0.6 else ()
        self.events.append(event)


def plan_agenda(firm: Firm) -> Agenda:
    """Return all tasks and appointments, each list in order of creation, and note which time entries belong to them."""
    agenda = Agenda(stream(firm.seed, "agenda"), firm.last_day)
    for matter in firm.matters:
        agenda.plan_matter(matter)
    partners = tuple(person for person in firm.people if person.role == "Partner")
    agenda.meet_weekly(partners[0], partners, firm.first_day)
    agenda.tasks.sort(key=lambda each: each.created)
    agenda.events.sort(key=lambda each: each.created)
    _tie_entries(firm, agenda)
    return agenda


def _tie_entries(firm: Firm, agenda: Agenda) -> None:
    """Let a part of the work be recorded on its task or appointment: same matter, same person, near the day."""
    wanted = {id(task.matter) for task in agenda.tasks}
    entries: dict[tuple[int, int], list[Activity]] = defaultdict(list)
    for entry in firm.activities:
        if entry.type == "TimeEntry" and not entry.flat and not entry.contingency and id(entry.matter) in wanted:
            entries[id(entry.matter), id(entry.person)].append(entry)
    for task in agenda.tasks:
        task.matter.has_tasks = True
        if task.done is not None:
            found = _near(entries[id(task.matter), id(task.assignee)], task.done // DAY_SECONDS)
            if found is not None:
                found.task = task
                task.entries += 1
    for event in agenda.events:
        if event.matter is not None:
            found = _near(entries[id(event.matter), id(event.owner)], event.start // DAY_SECONDS)
            if found is not None:
                found.event = event
                event.entries += 1


def _near(entries: list[Activity], day: int) -> Activity | None:
    for entry in entries:
        if 0 <= day - entry.day <= 3 and entry.task is None and entry.event is None:
            return entry
    return None
