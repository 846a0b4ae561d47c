"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from muniment.web import views

urlpatterns = [
    path("", views.start),
    path("login/", views.sign_in),
    path("logout/", views.sign_out),
    path("language/", views.language),
    path("dashboard/", views.dashboard),
    path("help/", views.help_page),
]
