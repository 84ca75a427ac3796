"""The schedules. Each is off until an operator switches it on."""

import os

import dagster as dg

from pipelines.orchestration.jobs import forget_old_runs, rebuild_all

DEFAULT_SCHEDULE = "0 5 * * 1"

weekly_rebuild = dg.ScheduleDefinition(
    name="weekly_rebuild",
    job=rebuild_all,
    cron_schedule=os.environ.get("REVIEWMART_SCHEDULE", DEFAULT_SCHEDULE),
    execution_timezone=os.environ.get("REVIEWMART_TIMEZONE", "UTC"),
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Rebuilds everything. The environment variables REVIEWMART_SCHEDULE (a cron expression; default: "
    "Mondays at 05:00) and REVIEWMART_TIMEZONE (default: UTC) set the time.",
)
monthly_tidying = dg.ScheduleDefinition(
    name="monthly_tidying",
    job=forget_old_runs,
    cron_schedule="0 4 1 * *",
    execution_timezone=os.environ.get("REVIEWMART_TIMEZONE", "UTC"),
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Deletes finished runs that are older than 90 days, and their logs, on the first day of each month at "
    "04:00. REVIEWMART_TIMEZONE (default: UTC) sets the time zone.",
)

SCHEDULES = [weekly_rebuild, monthly_tidying]
