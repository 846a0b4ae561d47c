"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import (
    SpectacularJSONAPIView,
    SpectacularRedocView,
    SpectacularSwaggerView,
    SpectacularYAMLAPIView,
)

from muniment.site import health
from muniment.site.api_root import api_root
from muniment.site.metrics import Metrics

urlpatterns = [
    path("", include("muniment.web.urls")),
    path("", include("muniment.administration.urls")),
    path("", include("muniment.storage.urls")),
    path("", include("muniment.catalogue.urls")),
    path("", include("muniment.ingest.urls")),
    path("", include("muniment.work.urls")),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", Metrics.as_view()),
    path("api/v1/", include("muniment.administration.api_urls")),
    path("api/v1/", include("muniment.catalogue.api_urls")),
    path("api/v1/", include("muniment.ingest.api_urls")),
    path("api/v1/", include("muniment.work.api_urls")),
    path("api", api_root),
    path("api/", api_root),
    path("api/v1", api_root),
    path("api/v1/openapi.yaml", SpectacularYAMLAPIView.as_view()),
    # Where clients of the original look.
    path("api/schema/", RedirectView.as_view(url="/api/v1/openapi.json")),
    path("api/schema/swagger-ui/", RedirectView.as_view(url="/api/docs/")),
    path("api/schema/redoc/", RedirectView.as_view(url="/api/redoc/")),
    path("api/v1/", include("muniment.web.api_urls")),
    path("api/v1/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="openapi")),
    path("api/redoc/", SpectacularRedocView.as_view(url_name="openapi")),
]
handler400 = "muniment.site.errors.bad_request"
handler403 = "muniment.site.errors.forbidden"
handler404 = "muniment.site.errors.not_found"
handler500 = "muniment.site.errors.failed"
