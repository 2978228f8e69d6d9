"""Table of contents of the rooms station."""

from django.urls import path

from confrere.apps.rooms.pages import drafts, feed, room, take_back

urlpatterns = [
    path("", feed.feed_page, name="feed"),
    path("feed/cards", feed.cards, name="feed-cards"),
    path("rooms/new", room.new_room, name="new-room"),
    path("rooms/<uuid:room_id>", room.room_page, name="room"),
    path("rooms/<uuid:room_id>/cards", room.cards, name="room-cards"),
    path("rooms/<uuid:room_id>/members", room.let_in, name="let-in"),
    path("rooms/<uuid:room_id>/members/<uuid:member_id>/remove", room.take_out, name="take-out"),
    path("rooms/<uuid:room_id>/leave", room.leave, name="leave-room"),
    path("drafts", drafts.drafts_page, name="drafts"),
    path("drafts/tray", drafts.tray, name="drafts-tray"),
    path("drafts/<uuid:case_id>", drafts.draft, name="draft"),
    path("drafts/<uuid:case_id>/audience", drafts.audience, name="draft-audience"),
    path("drafts/<uuid:case_id>/discard", drafts.discard, name="discard-draft"),
    path("cases/<uuid:case_id>/withdraw", take_back.take_back, name="take-back"),
]
