from django.urls import path

from letopis.exchange import views
from letopis.exchange.plans.views import plans

app_name = "exchange"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("plans/", plans, name="plans"),
    path("<uuid:code>/", views.import_run, name="import_run"),
    path("<uuid:code>/confirm", views.confirm, name="confirm"),
]
