from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "letopis.notices"

    def ready(self) -> None:
        from letopis.core.jobs import also_sweep
        from letopis.notices.jobs import sweep

        also_sweep(sweep)
