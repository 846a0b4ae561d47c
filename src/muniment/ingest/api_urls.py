"""Addresses of ingest below `/api/v1/`."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import PathConverter

from muniment.ingest.api import deposits, one_shot, pipelines, quarantine, uploads
from muniment.ingest.api import submissions as api


class AnyPath(PathConverter):
    """A path with line breaks too: they are letters in the name of a file."""

    regex = "(?s:.+)"


register_converter(AnyPath, "any")

urlpatterns = [
    path("submissions", api.Submissions.as_view()),
    path("submissions/<str:name>", api.OneSubmission.as_view()),
    path("submissions/<str:name>/decision", api.Decide.as_view()),
    path("submissions/<str:name>/receipt", quarantine.Receipt.as_view()),
    path("quarantine", quarantine.Quarantine.as_view()),
    path("quarantine/<str:name>", quarantine.OneQuarantined.as_view()),
    path("quarantine/<str:name>/again", quarantine.SendAgain.as_view()),
    path("announcements", api.Announcements.as_view()),
    path("deposits", deposits.Deposits.as_view()),
    path("deposits/<str:name>", deposits.OneDeposit.as_view()),
    path("deposits/<str:name>/finalise", deposits.Finalise.as_view()),
    path("deposits/<str:name>/files", uploads.DepositFiles.as_view()),
    path("deposits/<str:name>/files/<any:path>", uploads.OneDepositFile.as_view()),
    path("sips", one_shot.Sips.as_view()),
    path("pipelines", pipelines.Pipelines.as_view()),
    path("pipelines/<str:name>", pipelines.OnePipeline.as_view()),
    path("step-types", pipelines.StepTypes.as_view()),
]
