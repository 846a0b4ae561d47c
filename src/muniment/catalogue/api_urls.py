"""Addresses of the catalogue below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from muniment.catalogue import api, api_bulk, api_object_lists, reading_api, rights_api

urlpatterns = [
    path("objects", api.Objects.as_view()),
    path("objects/bulk", api_bulk.Bulk.as_view()),
    path("jobs/<int:number>/items", api_bulk.BulkItems.as_view()),
    path("jobs/<int:number>/retry-failed", api_bulk.RetryBulk.as_view()),
    path("me/searches", api_bulk.SavedSearches.as_view()),
    path("me/searches/<int:number>", api_bulk.OneSavedSearch.as_view()),
    path("search", api.Search.as_view()),
    path("objects/<str:name>/versions", api_object_lists.Versions.as_view()),
    path("objects/<str:name>/differences", api.Differences.as_view()),
    path("objects/<str:name>/files", api_object_lists.Files.as_view()),
    path("objects/<str:name>/tree", api_object_lists.Tree.as_view()),
    path("objects/<str:name>/events", api_object_lists.Events.as_view()),
    path("objects/<str:name>/description", api.Description.as_view()),
    path("objects/<str:name>/reading", reading_api.ReadingOfObject.as_view()),
    path("objects/<str:name>/rights", rights_api.Rights.as_view()),
    path("objects/<str:name>/tags", api.Tags.as_view()),
    path("files/<uuid:file_id>", api.OneFile.as_view()),
    path("files/<uuid:file_id>/content", api.Content.as_view()),
    path("objects/<str:name>", api.OneObject.as_view()),
]
