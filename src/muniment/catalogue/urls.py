"""Addresses of the pages of objects."""

from __future__ import annotations

from django.urls import path

from muniment.catalogue import views

urlpatterns = [
    path("objects", views.objects),
    path("objects/<uuid:object_id>", views.one_object),
    path("objects/<uuid:object_id>/files", views.object_files),
    path("objects/<uuid:object_id>/events", views.object_events),
    path("objects/<uuid:object_id>/versions", views.object_versions),
    path("objects/<uuid:object_id>/description", views.description),
    path("objects/<uuid:object_id>/tags", views.tags),
    path("object/<uuid:file_id>", views.one_file),
    path("object/<uuid:file_id>/content", views.file_content),
]
