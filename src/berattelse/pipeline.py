"""The map: what happens to a target, from plan to published files.

    plan -> gate -> execute -> compose -> typeset (once per format) -> publish

A target that fails stops none of the others, and leaves its last good files as they were.
"""

from __future__ import annotations

import calendar
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from berattelse import compare, history, publish, qmd
from berattelse.attachments import write_attachments
from berattelse.compare import Comparison
from berattelse.compose import compose
from berattelse.config import Settings
from berattelse.errors import BerattelseError, DataError
from berattelse.execute import execute
from berattelse.gate import Checked, Gate
from berattelse.gate.report import folded, remarks, write_report
from berattelse.model import Artifact, Document, Format, Job, Outcome, Stages, Target
from berattelse.plan import Plan
from berattelse.prepared import write_frames
from berattelse.profile import Profile
from berattelse.profile.reading import project_profile
from berattelse.signals import terminable
from berattelse.typeset import TYPESETTERS, Typesetter

Report = Callable[[Outcome], None]
"""Is told each outcome as it comes, from any thread."""


@dataclass(frozen=True)
class Result:
    """What a run did."""

    outcomes: tuple[Outcome, ...]
    """One per target and format, in the order of the plan."""
    stages: tuple[Stages, ...]
    """One per target that was begun."""
    checked: tuple[Checked, ...] = ()
    """What the gate said, one per kommun and year."""
    compared: tuple[Comparison, ...] = ()
    """What changed in the data since the build before, in the same order."""

    @property
    def ok(self) -> bool:
        """Whether every format of every target was built."""
        return all(outcome.ok for outcome in self.outcomes)


def run(
    settings: Settings,
    plan: Plan,
    *,
    out: Path,
    workers: int,
    typesetter: str = "inbyggd",
    report: Report = lambda outcome: None,
) -> Result:
    """Build all targets of a plan into `out`; never raises for what a target does wrong.

    Raises:
        ToolError: the typesetter's program is missing or too old.
    """
    typeset = TYPESETTERS[typesetter](settings)
    typeset.check()
    with (
        terminable(),
        tempfile.TemporaryDirectory(prefix="berattelse-", ignore_cleanup_errors=True) as name,
    ):
        checked, jobs, faults = pass_gate(settings, plan.jobs, Path(name))
        done = _build_all(settings, jobs, typeset, out, workers, report)
    failed = [
        Outcome(target, format_, False, message=str(fault))
        for target, fault in {**plan.faults, **faults}.items()
        for format_ in plan.formats
    ]
    for outcome in failed:
        report(outcome)
    outcomes = [outcome for job in jobs for outcome in done[job.target][0]] + failed
    profile = project_profile(settings.root)
    compared = _remember(settings, checked, jobs, outcomes, out, profile)
    publish.write_manifest(out, jobs, outcomes, {(c.kommun, c.ar): remarks(c) for c in checked})
    page = (files("berattelse") / "assets" / "index.html").read_text(encoding="utf-8")
    publish.write_index(out, page, profile)
    stages = tuple(done[job.target][1] for job in jobs)
    return Result(tuple(outcomes), stages, checked, compared)


def _remember(
    settings: Settings,
    checked: Sequence[Checked],
    jobs: Sequence[Job],
    outcomes: Sequence[Outcome],
    out: Path,
    profile: Profile,
) -> tuple[Comparison, ...]:
    """Write what the gate said, compare with the last build's data, and keep this build's."""
    failed = {outcome.target for outcome in outcomes if not outcome.ok}
    compared = []
    for each in checked:
        write_report(each, out, profile)
        built = {
            job.target
            for job in jobs
            if (job.target.kommun, job.target.ar) == (each.kommun, each.ar)
        }
        comparison = compare.compare(settings, each)
        compared.append(comparison)
        # A project that cannot be written to is built all the same; it only remembers nothing
        with suppress(OSError):
            if comparison.changes:
                compare.write_page(comparison, settings.root / compare.PAGES, profile)
            if built and not built & failed:
                history.remember(settings.root, each)
    return tuple(compared)


def pass_gate(
    settings: Settings, jobs: Sequence[Job], folder: Path
) -> tuple[tuple[Checked, ...], list[Job], dict[Target, BerattelseError]]:
    """Check the data of all jobs, and give each what its report may have.

    Returns what the gate said per kommun and year, the jobs whose data has passed, and the
    errors of those whose has not. The passed figures are written below `folder`.
    """
    gate = Gate(settings)
    checked: dict[tuple[str, int], Checked] = {}
    passed: list[Job] = []
    faults: dict[Target, BerattelseError] = {}
    prepared: dict[tuple[str, int], Path] = {}
    for job in jobs:
        key = (job.target.kommun, job.target.ar)
        try:
            checked[key] = gate.check(*key)
            blocking = checked[key].blocking(qmd.declared_datasets(job.source))
        except BerattelseError as fault:
            faults[job.target] = fault
            continue
        if blocking:
            faults[job.target] = DataError("\n".join(map(str, folded(blocking))))
            continue
        if key not in prepared:
            prepared[key] = write_frames(
                checked[key].frames, checked[key].hidden.sums, folder / f"{key[0]}-{key[1]}"
            )
        passed.append(replace(job, prepared=prepared[key]))
    return tuple(checked.values()), passed, faults


def _build_all(
    settings: Settings,
    jobs: Sequence[Job],
    typesetter: Typesetter,
    out: Path,
    workers: int,
    report: Report,
) -> dict[Target, tuple[list[Outcome], Stages]]:
    done: dict[Target, tuple[list[Outcome], Stages]] = {}
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        try:
            futures = {
                pool.submit(_build, settings, job, typesetter, out, report): job for job in jobs
            }
            for future in as_completed(futures):
                done[futures[future].target] = future.result()
        except BaseException:
            # The user gives up: what waits is not begun, and nothing that runs outlives us
            pool.shutdown(wait=False, cancel_futures=True)
            typesetter.stop()
            raise
    return done


def _build(
    settings: Settings, job: Job, typesetter: Typesetter, out: Path, report: Report
) -> tuple[list[Outcome], Stages]:
    """Take one target through execute, compose, typeset and publish."""
    wall: dict[str, float] = {}
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="berattelse-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            document = _document(settings, job, folder, wall, typesetter)
        except Exception as error:
            outcomes = [_failure(job, format_, error) for format_ in job.formats]
        else:
            for format_ in job.formats:
                outcomes.append(_one_format(document, format_, typesetter, out))
                wall[format_] = outcomes[-1].seconds
        for outcome in outcomes:
            report(outcome)
    return outcomes, Stages(job.target, wall)


def _document(
    settings: Settings, job: Job, folder: Path, wall: dict[str, float], typesetter: Typesetter
) -> Document:
    if typesetter.executes:
        return Document(job, folder, timestamp(job))
    executed = execute(settings, job)
    wall["execute"] = executed.seconds
    begun = time.perf_counter()
    document = compose(executed, folder, timestamp(job))
    if job.attach_data and "pdf" in job.formats:
        document = replace(document, attachments=write_attachments(job, folder / "bilagor"))
    wall["compose"] = time.perf_counter() - begun
    return document


def _one_format(document: Document, format_: Format, typesetter: Typesetter, out: Path) -> Outcome:
    begun = time.perf_counter()
    path = document.folder / f"ut.{format_}"
    try:
        warnings = tuple(typesetter.typeset(document, format_, path))
        if format_ in ("html", "pdf"):
            # Word embeds no typeface, so it lacks none
            warnings += document.job.profile.remarks
        seconds = time.perf_counter() - begun
        artifact = Artifact(document.job.target, format_, path, seconds, warnings)
        return publish.publish(artifact, out)
    except Exception as error:
        return _failure(document.job, format_, error)


def _failure(job: Job, format_: Format, error: Exception) -> Outcome:
    if isinstance(error, BerattelseError):
        return Outcome(job.target, format_, False, message=str(error))
    # A bug of ours: the others are still built, but the traceback must not be lost
    import traceback

    trace = "".join(traceback.format_exception(error))
    return Outcome(job.target, format_, False, message=f"Internt fel i berattelse.\n{trace}")


def timestamp(job: Job) -> int:
    """Return the time that a target's files carry: its document date, never the clock's."""
    date = job.settings.datum or job.settings.per_datum or dt.date(job.target.ar, 12, 31)
    return calendar.timegm(date.timetuple())


def failures(outcomes: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Group failed outcomes by message: one fault that fails three formats is told once."""
    grouped: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if not outcome.ok:
            grouped.setdefault(outcome.message, []).append(outcome)
    return list(grouped.items())
