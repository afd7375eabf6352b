"""Addresses of people."""

from django.urls import path

from letopis.people.views import accounts, offices

app_name = "people"
urlpatterns = [
    path("", accounts.account_list, name="accounts"),
    path("give", accounts.give, name="give_access"),
    path("<uuid:code>", accounts.account, name="account"),
    path("<uuid:code>/reset", accounts.reset, name="reset_password"),
    path("<uuid:code>/close", accounts.close, name="close_account"),
    path("<uuid:code>/reopen", accounts.reopen, name="reopen_account"),
    path("<uuid:code>/appoint", offices.appoint, name="appoint"),
    path("<uuid:code>/end-office", offices.end_office, name="end_office"),
]
