"""Addresses of the pages of jobs."""

from __future__ import annotations

from django.urls import path

from muniment.work import views, views_schedules

urlpatterns = [
    path("jobs", views.jobs),
    path("jobs/<int:number>", views.one_job),
    path("jobs/<int:number>/retry", views.retry),
    path("jobs/<int:number>/cancel", views.cancel),
    path("jobs/<int:number>/release", views.release),
    path("schedules", views_schedules.list_schedules),
    path("schedules/new", views_schedules.new_schedule),
    path("schedules/preview", views_schedules.preview),
    path("schedules/<str:name>", views_schedules.one_schedule),
    path("schedules/<str:name>/change", views_schedules.change),
    path("schedules/<str:name>/pause", views_schedules.pause),
    path("schedules/<str:name>/remove", views_schedules.remove),
]
