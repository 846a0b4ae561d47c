"""Addresses of the pages of storage."""

from __future__ import annotations

from django.urls import path

from muniment.storage import views

urlpatterns = [path("fixity", views.fixity), path("fixity/run", views.run)]
