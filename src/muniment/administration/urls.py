"""Addresses of the pages of users and the audit trail."""

from __future__ import annotations

from django.urls import path

from muniment.administration import views

urlpatterns = [
    path("me/", views.me),
    path("me/tokens", views.new_token),
    path("me/tokens/revoke", views.revoke_token),
    path("me/password", views.password),
    path("users", views.list_users),
    path("users/new", views.new_user),
    path("users/<str:username>/deactivate", views.deactivate),
    path("users/<str:username>/activate", views.activate),
    path("audit", views.audit),
]
