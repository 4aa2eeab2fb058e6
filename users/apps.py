from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"

    def ready(self) -> None:
        from django_tasks.signals import task_finished

        from .accounts.mail import delete_when_done

        task_finished.connect(delete_when_done)
