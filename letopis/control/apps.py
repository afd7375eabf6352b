from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "letopis.control"

    def ready(self) -> None:
        from letopis.control.jobs import sweep
        from letopis.core.jobs import also_sweep

        also_sweep(sweep)
