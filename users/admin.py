from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.html import format_html_join

from .lists.fields import is_movie_id
from .lists.kinds import LISTS
from .lists.reading import counts
from .models import User

PREFERENCES = ("Preferences", {"fields": ["language", "region", "favorite_genres"]})
ON_LISTS = ("Lists", {"fields": ["films_on_lists"]})


MOST_COUNTED = 10_000


class EstimatingPaginator(Paginator):
    """Takes PostgreSQL's own estimate where all rows would have to be counted."""

    @cached_property
    def count(self) -> int:
        query, database = self.object_list.query, connections[self.object_list.db]
        if query.where:
            # Without the order, so that an index finds them; a film can be on a million lists.
            return self.object_list.order_by()[:MOST_COUNTED].count()
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                table = query.model._meta.db_table
                cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
                estimate = int(cursor.fetchone()[0])
            # A table that was never analyzed has -1; a small one is counted in no time.
            if estimate > MOST_COUNTED:
                return estimate
        return super().count


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    search_fields = ["username", "email", "=id"]
    ordering = ["-date_joined"]
    show_full_result_count = False
    # Preferences are the user's; here nothing would check them.
    readonly_fields = ["language", "region", "favorite_genres", "films_on_lists"]
    fieldsets = (*DjangoUserAdmin.fieldsets, PREFERENCES, ON_LISTS)
    add_fieldsets = (
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
    )

    def get_deleted_objects(self, objs, request):
        """Count what goes with a user: Django would list each film of each list."""
        users = [str(user) for user in objs]
        counted = {"users": len(users)}
        for kind in LISTS.values():
            counted[kind.title] = kind.model.objects.filter(user__in=objs).count()
        forbidden = {
            str(kind.model._meta.verbose_name)
            for kind in LISTS.values()
            if not self.admin_site.get_model_admin(kind.model).has_delete_permission(request)
        }
        return users, counted, forbidden, []

    @admin.display(description="Films")
    def films_on_lists(self, user: User) -> str:
        return format_html_join(", ", "{} {}", ((n, name) for name, n in counts(user).items()))


class EntryAdmin(admin.ModelAdmin):
    """A list, usable with a million rows: nothing is counted, and no choice lists all films."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_select_related = ["user", "movie"]
    raw_id_fields = ["user", "movie"]
    # Shows the field; what is found stands below.
    search_fields = ["user"]
    search_help_text = "A username, an e-mail address or a film's id"
    ordering = ["-id"]

    def get_search_results(self, request, queryset, search_term):
        """Find by the indexes there are, which Django's own lookups pass by."""
        search_term = search_term.strip()
        if not search_term:
            return queryset, False
        found = Q(user=User.objects.of_login(search_term))
        if is_movie_id(search_term):
            found |= Q(movie=int(search_term))
        return queryset.filter(found), False


for kind in LISTS.values():
    columns = ["user", "movie", "added_at", *kind.columns]
    admin.site.register(kind.model, EntryAdmin, list_display=columns)
