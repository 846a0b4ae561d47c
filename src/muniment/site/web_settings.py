"""Django settings of the site: those of every command, and what pages and the API need."""

from __future__ import annotations

from muniment.runtime.settings import settings as _settings
from muniment.site.settings import *  # noqa: F403  # Django reads one module
from muniment.site.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "rest_framework", "drf_spectacular", "drf_spectacular_sidecar"]
ROOT_URLCONF = "muniment.site.urls"
ALLOWED_HOSTS = list(_settings().allowed_hosts)
MIDDLEWARE = [
    "muniment.site.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "muniment.site.middleware.audit",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}
]
APPEND_SLASH = False
STATIC_URL = "/static/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _settings().served_by_tls
SECURE_HSTS_SECONDS = 31_536_000 if _settings().served_by_tls else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 << 20
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "muniment.administration.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["muniment.runtime.rest.parsing.StrictJson"],
    "DEFAULT_SCHEMA_CLASS": "muniment.runtime.rest.schema.Schema",
    "EXCEPTION_HANDLER": "muniment.runtime.rest.problems.answer_to",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Muniment",
    "DESCRIPTION": "Digital preservation: packages in, proven archival objects.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "AUTHENTICATION_WHITELIST": ["muniment.administration.authentication.BearerToken"],
}
