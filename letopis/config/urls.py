"""Addresses of the site."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import TemplateView

from letopis.config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("letopis.accounts.urls")),
    path("accounts/", include("letopis.people.urls")),
    path("notices/", include("letopis.notices.urls")),
    path("register/", include("letopis.register.urls")),
    path("", include("letopis.schooling.urls")),
    path("", include("letopis.control.urls")),
    path("diary/", include("letopis.diary.urls")),
    path("imports/", include("letopis.exchange.urls")),
    path("archive/", include("letopis.archive.urls")),
    path("results/", include("letopis.attestation.urls")),
    path("language", views.set_language, name="set_language"),
]

if settings.DEBUG:
    urlpatterns.append(path("_gallery", TemplateView.as_view(template_name="core/gallery.html"), name="gallery"))
