"""Addresses of users and the audit trail below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from muniment.administration import api

urlpatterns = [
    path("me", api.Me.as_view()),
    path("me/tokens", api.MyTokens.as_view()),
    path("me/tokens/<str:name>", api.MyToken.as_view()),
    path("users", api.Users.as_view()),
    path("audit", api.Audit.as_view()),
]
