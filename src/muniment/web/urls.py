"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from muniment.web import live, oidc, sign_in, views

urlpatterns = [
    path("", views.start),
    path("login/", sign_in.sign_in),
    path("login/code", sign_in.code),
    path("login/oidc", oidc.begin),
    path("api/oidc/callback/", oidc.callback),
    path("logout/", views.sign_out),
    path("kept/", sign_in.kept),
    path("language/", views.language),
    path("live", live.live),
    path("dashboard/", views.dashboard),
    path("help/", views.help_page),
    path("settings/", views.settings_page),
    path("styleguide/", views.styleguide),
]
