from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "letopis.register"

    def ready(self) -> None:
        from letopis.core.jobs import also_sweep
        from letopis.register.jobs import sweep

        also_sweep(sweep)
