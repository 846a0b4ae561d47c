"""Addresses of jobs below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from muniment.work import api, api_events, api_schedules

urlpatterns = [
    path("events", api_events.DomainEvents.as_view()),
    path("jobs", api.Jobs.as_view()),
    path("jobs/<int:number>", api.OneJob.as_view()),
    path("jobs/<int:number>/retry", api.Retry.as_view()),
    path("jobs/<int:number>/cancel", api.Cancel.as_view()),
    path("jobs/<int:number>/release", api.Release.as_view()),
    path("schedules", api_schedules.Schedules.as_view()),
    path("schedules/preview", api_schedules.PreviewSchedule.as_view()),
    path("schedules/<str:name>", api_schedules.OneSchedule.as_view()),
    path("schedules/<str:name>/runs", api_schedules.ScheduleRuns.as_view()),
]
