from django.urls import path

from letopis.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("<uuid:code>/", views.import_run, name="import_run"),
    path("<uuid:code>/confirm", views.confirm, name="confirm"),
]
