"""Addresses of the pages of submissions and pipelines."""

from __future__ import annotations

from django.urls import path

from muniment.ingest.views import hand_in, pipelines, quarantine
from muniment.ingest.views import submissions as views

urlpatterns = [
    path("submissions", views.submissions),
    path("submissions/new", hand_in.new_submission),
    path("submissions/announce", hand_in.announcement),
    path("submissions/<uuid:submission_id>", views.one_submission),
    path("submissions/<uuid:submission_id>/run", views.run_part),
    path("submissions/<uuid:submission_id>/decision", views.decision),
    path("submissions/<uuid:submission_id>/receipt", quarantine.receipt),
    path("deposits/<uuid:deposit_id>/delete", hand_in.delete_deposit),
    path("deposits/<uuid:deposit_id>/finalise", hand_in.finalise_deposit),
    path("quarantine", quarantine.quarantine),
    path("quarantine/<uuid:submission_id>", quarantine.one_quarantined),
    path("quarantine/<uuid:submission_id>/again", quarantine.again),
    path("quarantine/<uuid:submission_id>/delete", quarantine.delete),
    path("pipelines", pipelines.list_pipelines),
    path("pipelines/new", pipelines.new_pipeline),
    path("pipelines/import", pipelines.import_pipeline),
    path("pipelines/<str:name>", pipelines.one_pipeline),
    path("pipelines/<str:name>/edit", pipelines.edit_pipeline),
    path("pipelines/<str:name>/export", pipelines.export_pipeline),
    path("pipelines/<str:name>/remove", pipelines.remove),
]
