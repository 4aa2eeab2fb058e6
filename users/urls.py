from .accounts import urls as accounts
from .lists import urls as lists

urlpatterns = [*accounts.urlpatterns, *lists.urlpatterns]
