"""Groups and roles over HTTP."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents
from muniment.administration.models.user import GIVEN_ROLES
from muniment.administration.policy import Scope, permissions_of
from muniment.administration.queries import group_shown, groups_shown
from muniment.administration.services import groups
from muniment.runtime.actor import Role
from muniment.runtime.clock import Clock
from muniment.runtime.http.lists import ListRules, whole_list_answer
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import ApiView, Strict, actor_of, read_body
from muniment.runtime.registry import adapter_of


class GroupShape(s.Serializer[object]):
    """What is answered: group."""

    name = s.CharField()
    roles = s.ListField(child=s.CharField())
    members = s.IntegerField()


class RolesBody(Strict):
    """What is sent: roles."""

    roles = s.ListField(child=s.ChoiceField(sorted(GIVEN_ROLES)))


class GroupBody(RolesBody):
    """What is sent: group."""

    name = s.CharField(max_length=150)


class RoleShape(s.Serializer[object]):
    """What is answered: role."""

    name = s.CharField()
    permissions = s.DictField(child=s.ChoiceField([scope.value for scope in Scope]))


GROUPS = ListRules(GroupShape, sorts={"name": "name"}, default="name")
ROLES = ListRules(RoleShape, sorts={"name": "name"}, default="name")


class Groups(ApiView):
    """The groups of the archive."""

    actions: ClassVar = {"GET": "user.read", "POST": "group.change"}
    parameters = GROUPS.parameters

    @GROUPS.told("List groups by name")
    def get(self, request: Request) -> Response:
        """Give them all, with the roles that they give. Two queries."""
        found = groups_shown(actor_of(request))
        return whole_list_answer(request, [documents.group(each) for each in found], GROUPS)

    @told("Add a group", {201: GroupShape}, body=GroupBody, problems=(409, 422))
    def post(self, request: Request) -> Response:
        """Only administrators give roles to groups."""
        actor, said = actor_of(request), read_body(GroupBody, request)
        groups.add_group(said["name"], said["roles"], actor=actor, clock=_clock())
        return Response(documents.group(group_shown(actor, said["name"])), status=201)


class OneGroup(ApiView):
    """One group."""

    actions: ClassVar = {"GET": "user.read", "PUT": "group.change", "DELETE": "group.change"}

    @told("Show a group", {200: GroupShape}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Give its roles; its members are listed by `/users?group=`."""
        return Response(documents.group(group_shown(actor_of(request), name)))

    @told("Set a group's roles", {200: GroupShape}, body=RolesBody, problems=(404, 409, 422))
    def put(self, request: Request, name: str) -> Response:
        """Exactly these, in force with the next request of each member."""
        actor, said = actor_of(request), read_body(RolesBody, request)
        groups.set_roles(groups.group_named(name), said["roles"], actor=actor, clock=_clock())
        return Response(documents.group(group_shown(actor, name)))

    @told("Remove a group", {204: None}, problems=(404, 409))
    def delete(self, request: Request, name: str) -> Response:
        """Only one without members."""
        groups.remove_group(groups.group_named(name), actor=actor_of(request), clock=_clock())
        return Response(status=204)


class Roles(ApiView):
    """The roles and what each may do."""

    actions: ClassVar = {"GET": "user.read"}
    parameters = ROLES.parameters

    @ROLES.told("List the roles with their permissions")
    def get(self, request: Request) -> Response:
        """Give them as the policy has them; `own`: of the caller, `level`: as reading allows."""
        items = [{"name": role.value, "permissions": permissions_of(role)} for role in Role]
        return whole_list_answer(request, items, ROLES)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
