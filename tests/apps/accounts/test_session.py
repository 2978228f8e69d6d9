"""Who is asking."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from confrere.apps.accounts.session import member_of


def test_the_member_behind_a_request_is_given_and_a_stranger_is_not(cast):
    request = RequestFactory().get("/")
    request.user = cast.alice
    assert member_of(request) == cast.alice
    request.user = AnonymousUser()
    with pytest.raises(AssertionError):
        member_of(request)
