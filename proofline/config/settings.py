"""Django settings. Everything that differs between installations comes from the environment (see docs/operations.md)."""

from __future__ import annotations

import os
from pathlib import Path

from proofline.config import environment

PROJECT_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = environment.data_dir()
BUILD_DIR = PROJECT_DIR / ".build"
DEBUG = os.environ.get("PROOFLINE_DEBUG") == "1"
SECRET_KEY = environment.secret_key(DATA_DIR)
ALLOWED_HOSTS = environment.words("PROOFLINE_HOSTS", default="*")
CSRF_TRUSTED_ORIGINS = environment.words("PROOFLINE_ORIGINS", default="")
PUBLIC_URL = os.environ.get("PROOFLINE_URL", "http://localhost:8000").rstrip("/")
TRUSTED_PROXIES = environment.words("PROOFLINE_TRUSTED_PROXIES", default="")

INSTALLED_APPS = [
    "proofline.config",
    "proofline.stages.growth",
    "proofline.stages.delivery",
    "proofline.stages.closing",
    "proofline.stages.discovery",
    "proofline.stages.reach",
    "proofline.outreach",
    "proofline.enablement",
    "proofline.insight",
    "proofline.records",
    "proofline.timeline",
    "proofline.kit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "proofline.kit.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "proofline.kit.middleware.CompressionMiddleware",
    "proofline.kit.remembering.ForgettingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "proofline.records.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "proofline.records.language.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "proofline.kit.middleware.PlainAddressMiddleware",
    "proofline.kit.middleware.MethodMiddleware",
    "proofline.records.moved.MovedMiddleware",
    "proofline.kit.middleware.ToastMiddleware",
    "proofline.records.signed_in.SignedInMiddleware",
]

ROOT_URLCONF = "proofline.config.urls"
WSGI_APPLICATION = "proofline.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "proofline.config.shell.shell",
            ],
            "builtins": [
                "django.templatetags.cache",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "proofline.kit.templatetags.kit",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EVENTS_URL = os.environ.get("EVENTS_URL") or f"chdb://{DATA_DIR / 'events'}"
EVENTS_CLUSTER = os.environ.get("EVENTS_CLUSTER", "")
EXPORT_DAYS = environment.days("PROOFLINE_EXPORT_DAYS", default=7)
INBOX_DAYS = environment.days("PROOFLINE_INBOX_DAYS", default=90)
METRICS_TOKEN = os.environ.get("PROOFLINE_METRICS_TOKEN", "")
RETENTION = environment.days("PROOFLINE_RETENTION_DAYS", default=None)
TASKS = {"default": {"BACKEND": "proofline.kit.jobs.backend.JobBackend", "QUEUES": ["default"]}}

CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}"}}
"""For parts of pages that are the same for many; nothing that must be right is kept there."""

AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "proofline.records.sign_in.ClosedAdapter"
ACCOUNT_SESSION_REMEMBER = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
TIME_ZONE = os.environ.get("PROOFLINE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BUILD_DIR / "static"
NODE_MODULES = PROJECT_DIR / "node_modules"
STATICFILES_DIRS = [
    (prefix, NODE_MODULES / folder)
    for prefix, folder in {
        "tabler": "@tabler/core/dist",
        "icons": "@tabler/icons-webfont/dist",
        "htmx": "htmx.org/dist",
        "alpine": "@alpinejs/csp/dist",
        "sortable": "sortablejs",
        "echarts": "echarts/dist",
        "fonts": "@expo-google-fonts/noto-sans-sc/400Regular",
    }.items()
    if (NODE_MODULES / folder).is_dir()
]
STATICFILES_FINDERS = [
    "proofline.config.static.BrowserPartsFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    5 * 1024 * 1024
)  # a form with several of the longest texts (`kit.bounds`), in Chinese too; files do not count
FILE_MB = environment.number("PROOFLINE_FILE_MB", default=25)
RECORDING_MB = environment.number("PROOFLINE_RECORDING_MB", default=200)
FILE_TYPES = environment.words("PROOFLINE_FILE_TYPES", default=environment.FILE_TYPES)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or environment.testing()
        else "proofline.config.static.StaticStorage"
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "ico",
    "jpg",
    "png",
    "webp",
    "woff2",
    "pdf",
    "gz",
    "br",
    "ttf",
)  # ttf: for documents alone
WHITENOISE_USE_FINDERS = DEBUG or environment.testing()

EMAIL_BACKEND = environment.email_backend()
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = os.environ.get("SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SMTP_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PROOFLINE_FROM", "Proofline <proofline@localhost>")

FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 does by itself

X_FRAME_OPTIONS = "DENY"
# Everything comes from here: no inline script, no inline style, nothing from other hosts. Tabler's CSS draws arrows from data: images.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"not_health": {"()": "proofline.config.logs.NotHealth"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["not_health"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("PROOFLINE_LOG", "WARNING")},
}
