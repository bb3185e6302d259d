URL = "/api/notifications/unread-count"


def test_conversations_count_once_each(api, alice, bob, direct, group, notified):
    for conversation in (direct, direct, group):
        notified(bob, conversation, alice)
    assert api(bob).get(URL).json() == {"unreadCount": 2}


def test_those_of_others_do_not_count(api, alice, bob, mallory, direct, notified):
    notified(bob, direct, alice)
    assert api(alice).get(URL).json() == {"unreadCount": 0}
    assert api(mallory).get(URL).json() == {"unreadCount": 0}
