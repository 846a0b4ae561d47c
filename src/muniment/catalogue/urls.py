"""Addresses of the pages of objects."""

from __future__ import annotations

from django.urls import path

from muniment.catalogue.views import bulk, files, objects, one_object, previews, reading, rights

urlpatterns = [
    path("objects", objects.objects),
    path("objects/bulk", bulk.start),
    path("objects/searches", bulk.keep_search),
    path("objects/searches/<int:number>/forget", bulk.forget_search),
    path("jobs/<int:number>/items", bulk.items),
    path("jobs/<int:number>/retry-failed", bulk.retry_failed),
    path("jobs/<int:number>/items/<str:name>", bulk.exported),
    path("objects/<uuid:object_id>", one_object.one_object),
    path("objects/<uuid:object_id>/files", files.object_files),
    path("objects/<uuid:object_id>/files/inside", files.folder_inside),
    path("objects/<uuid:object_id>/events", one_object.object_events),
    path("objects/<uuid:object_id>/versions", one_object.object_versions),
    path("objects/<uuid:object_id>/description", one_object.description),
    path("objects/<uuid:object_id>/reading", reading.reading),
    path("objects/<uuid:object_id>/rights", rights.rights),
    path("objects/<uuid:object_id>/tags", one_object.tags),
    path("object/<uuid:file_id>", files.one_file),
    path("object/<uuid:file_id>/content", files.file_content),
    path("object/<uuid:file_id>/picture", previews.picture),
    path("object/<uuid:file_id>/text", previews.text),
    path("object/<uuid:file_id>/media", previews.media),
]
