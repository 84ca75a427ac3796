"""The schedules. They are off until an operator switches them on."""

import os

import dagster as dg

from pipelines.orchestration.jobs import forget_old_runs, rebuild_all

DEFAULT_SCHEDULE = "0 5 * * 1"

schedule = dg.ScheduleDefinition(
    name="weekly_rebuild",
    job=rebuild_all,
    cron_schedule=os.environ.get("REVIEWMART_SCHEDULE", DEFAULT_SCHEDULE),
    execution_timezone=os.environ.get("REVIEWMART_TIMEZONE", "UTC"),
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Rebuilds everything. REVIEWMART_SCHEDULE (a cron line, Monday at 05:00 unless set) and "
    "REVIEWMART_TIMEZONE (UTC unless set) say when.",
)
monthly_tidying = dg.ScheduleDefinition(
    name="monthly_tidying",
    job=forget_old_runs,
    cron_schedule="0 4 1 * *",
    execution_timezone=os.environ.get("REVIEWMART_TIMEZONE", "UTC"),
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Forgets runs that ended more than 90 days ago.",
)

SCHEDULES = [schedule, monthly_tidying]
