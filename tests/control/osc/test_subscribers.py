"""Who stays subscribed and who goes, on a clock that is set by hand."""

from dataclasses import dataclass

from musika_daw.control.osc.rate import RateLimit
from musika_daw.control.osc.subscribers import MOST, UNREACHABLE_SECONDS, Subscribers


@dataclass(frozen=True)
class Anyone:
    key: int

    def send(self, datagram: bytes) -> None:
        raise NotImplementedError

    def at_port(self, port: int) -> "Anyone":
        return Anyone(port)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_same_one_is_there_once() -> None:
    subscribers = Subscribers(Clock())
    assert subscribers.add(Anyone(1)) and subscribers.add(Anyone(1)) and subscribers.add(Anyone(2))
    assert [peer.key for peer in subscribers] == [1, 2]
    subscribers.remove(Anyone(1))
    subscribers.remove(Anyone(1))
    assert len(subscribers) == 1


def test_one_that_stays_unreachable_goes() -> None:
    clock = Clock()
    subscribers = Subscribers(clock)
    subscribers.add(Anyone(1))
    subscribers.unreachable(1)
    clock.now += UNREACHABLE_SECONDS - 0.1
    subscribers.unreachable(1)
    assert len(subscribers) == 1
    clock.now += 0.2
    subscribers.unreachable(1)
    subscribers.unreachable(1)
    assert len(subscribers) == 0


def test_one_that_speaks_again_or_fails_rarely_stays() -> None:
    clock = Clock()
    subscribers = Subscribers(clock)
    subscribers.add(Anyone(1))
    subscribers.unreachable(1)
    subscribers.heard(1)
    clock.now += UNREACHABLE_SECONDS + 1
    subscribers.unreachable(1)
    clock.now += 3600
    subscribers.unreachable(1)
    assert len(subscribers) == 1


def test_a_full_list_lets_go_of_the_silent_ones_only() -> None:
    clock = Clock()
    subscribers = Subscribers(clock)
    for key in range(MOST):
        assert subscribers.add(Anyone(key))
    assert not subscribers.add(Anyone(1000))
    assert subscribers.add(Anyone(3)), "who is on the list may renew"
    clock.now += 61
    subscribers.heard(0)
    assert subscribers.add(Anyone(1000))
    keys = [peer.key for peer in subscribers]
    assert len(keys) == MOST and 0 in keys and 1 not in keys


def test_the_rate_is_held_and_what_was_held_back_is_counted() -> None:
    clock = Clock()
    limit = RateLimit(10, 3, clock)
    assert [limit.take("a") for _ in range(5)] == [0, 0, 0, None, None]
    assert limit.take("b") == 0
    clock.now += 0.1001
    assert [limit.take("a"), limit.take("a")] == [2, None]
