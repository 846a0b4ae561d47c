"""Addresses of the pages of jobs."""

from __future__ import annotations

from django.urls import path

from muniment.work import views

urlpatterns = [
    path("jobs", views.jobs),
    path("jobs/<int:number>", views.one_job),
    path("jobs/<int:number>/retry", views.retry),
    path("jobs/<int:number>/cancel", views.cancel),
    path("jobs/<int:number>/release", views.release),
]
