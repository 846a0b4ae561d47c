"""Django settings of the site: those of every command, and what pages and the API need."""

from __future__ import annotations

from muniment.ingest.types import DepositKind, DepositState
from muniment.runtime.settings import settings as _settings
from muniment.site.settings import *  # noqa: F403  # Django reads one module
from muniment.site.settings import DATABASES as _DATABASES
from muniment.site.settings import INSTALLED_APPS as _APPS
from muniment.work.types import JobState

DATABASES = _DATABASES
# Opening SQLite costs more than most questions. A server of PostgreSQL has few places, and each of
# our threads that sleep would hold one.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_MAX_AGE"] = 60
INSTALLED_APPS = [
    *_APPS,
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "muniment.web",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
ROOT_URLCONF = "muniment.site.urls"
# Addresses that answer everybody without a question to the policy, and why.
OPEN_ADDRESSES = {
    "healthz": "probes",
    "readyz": "probes",
    "api": "what there is",
    "api/": "what there is",
    "api/v1": "what there is",
    "api/v1/openapi.json": "documentation",
    "api/v1/openapi.yaml": "documentation",
    "api/schema/": "documentation",
    "api/schema/swagger-ui/": "documentation",
    "api/schema/redoc/": "documentation",
    "api/docs/": "documentation",
    "api/redoc/": "documentation",
}
ALLOWED_HOSTS = list(_settings().allowed_hosts)
MIDDLEWARE = [
    "muniment.site.middleware.visitor_address",
    "muniment.site.middleware.request_id",
    "muniment.site.middleware.observe",
    "muniment.site.middleware.content_security_policy",
    "muniment.site.cross_origin.cross_origin",
    "muniment.site.rate_limits.rate_limits",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "muniment.site.middleware.audit",
    "muniment.site.middleware.password_due",
    "muniment.site.errors.tell",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["muniment.web.templatetags.muniment", "muniment.web.templatetags.words"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "muniment.web.context.site",
            ],
        },
    }
]
# The framework's own configuration would send tracebacks by mail and nowhere else.
LOGGING_CONFIG = None
APPEND_SLASH = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "muniment.site.errors.csrf_failed"
LOGIN_URL = "/login/"
STATIC_URL = "/static/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _settings().served_by_tls
# Who speaks TLS for us says so; where nobody does, a visitor could.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _settings().served_by_tls else None
SECURE_HSTS_SECONDS = 31_536_000 if _settings().served_by_tls else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 << 20
DATA_UPLOAD_MAX_NUMBER_FILES = 10_000
# Nobody puts files on our disk by a form that asks for none; views that take files bring their own.
FILE_UPLOAD_HANDLERS = ["muniment.runtime.http.bodies.NoFiles"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "muniment.administration.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["muniment.runtime.http.parsing.StrictJson"],
    "DEFAULT_SCHEMA_CLASS": "muniment.runtime.http.schema.Schema",
    "EXCEPTION_HANDLER": "muniment.runtime.http.problems.answer_to",
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
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "muniment.runtime.http.schema.sparse_lists",
    ],
    "ENUM_NAME_OVERRIDES": {
        "LowerLevel": ["none", "metadata", "preview"],
        "KindEnum": ["folder", "file"],
        "DepositKindEnum": [each.value for each in DepositKind],
        "DepositStateEnum": [each.value for each in DepositState],
        "StateEnum": [each.value for each in JobState],
        "WebhookDeliveryStateEnum": ["waiting", "done", "failed"],
    },
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "AUTHENTICATION_WHITELIST": ["muniment.administration.authentication.BearerToken"],
}
