"""Who is told: receivers that fail, hang, and want no more; signatures checked by another implementation."""

import json
import queue
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from test_daemon import NEW_DATA, Daemon, Up, empty, eventually, up  # noqa: F401  (a fixture)
from world import World, table

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver:
    """A web server that answers with the given statuses, the last one for ever; 0 hangs."""

    def __init__(self, *statuses: int) -> None:
        self.requests: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.released = threading.Event()
        answers = list(statuses)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = ({name.lower(): value for name, value in self.headers.items()}, body)
                receiver.seen.append(request)
                receiver.requests.put(request)
                status = answers.pop(0) if len(answers) > 1 else answers[0]
                if status == 0:
                    receiver.released.wait(60)
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self) -> tuple[dict[str, str], bytes]:
        return self.requests.get(timeout=30)

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Callable[..., Receiver]]:
    made: list[Receiver] = []

    def make(*statuses: int) -> Receiver:
        made.append(Receiver(*statuses))
        return made[-1]

    yield make
    for one in made:
        one.close()


def hook(receiver: Receiver, **keys: Any) -> dict[str, Any]:
    return {"type": "webhook", "url": receiver.url, "secret": "${HOOK_SECRET}", **keys}


def types(receiver: Receiver) -> list[str]:
    return [json.loads(body)["type"] for _, body in receiver.seen]


def test_a_run_tells_its_end_and_its_promotion_signed(world: World, receiver: Callable[..., Receiver]) -> None:
    taken = receiver(200)
    world.environment["HOOK_SECRET"] = SECRET
    world.write("data/new/part-1.parquet", table(600))
    world.configure(notifications=[hook(taken)])
    assert world.retrain("run").code == 0
    assert types(taken) == ["io.omgkit.retrain.run.finished", "io.omgkit.retrain.model.promoted"]
    for headers, body in taken.seen:
        event = Webhook(SECRET).verify(body, headers)
        assert {"specversion", "id", "source", "type"} <= set(event), "CloudEvents 1.0 requires these"
        assert (event["id"], event["source"]) == (headers["webhook-id"], "/retrain/default")
        assert event["data"]["details"]["status"] == "promoted"
        assert headers["content-type"] == "application/cloudevents+json"
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body.replace(b"promoted", b"refused"), headers)
    assert len({headers["webhook-id"] for headers, _ in taken.seen}) == 2

    assert world.retrain("run", "full").code == 3
    assert types(taken)[2:] == ["io.omgkit.retrain.run.finished", "io.omgkit.retrain.model.refused"]
    for file in (world.folder / ".retrain").rglob("*"):
        assert file.is_dir() or SECRET.encode() not in file.read_bytes(), "a secret stays in its environment"


def test_what_a_receiver_did_not_take_comes_again_until_it_does(
    world: World,
    up: Up,  # noqa: F811
    receiver: Callable[..., Receiver],
) -> None:
    failing = receiver(500, 503, 200)
    world.environment["HOOK_SECRET"] = SECRET
    world.write("data/new/part-1.parquet", table(600))
    world.configure(notifications=[hook(failing, events=["run.finished"])])
    told = world.retrain("run")
    assert told.code == 0, "the run is what it is, whoever was told"
    assert "not delivered: run.finished to webhook retry: status 500" in told.stderr
    first = failing.next()
    daemon = up()
    second, third = failing.next(), None
    assert first[1] == second[1], "the same bytes"
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert third is None
    eventually(lambda: "status 503 at attempt 2" in daemon.text(), daemon)


def test_a_hanging_receiver_blocks_nobody_and_one_that_is_gone_is_left_alone(
    world: World,
    up: Up,  # noqa: F811
    receiver: Callable[..., Receiver],
) -> None:
    hanging, gone, taken = receiver(0), receiver(410), receiver(204)
    world.environment["HOOK_SECRET"] = SECRET
    empty(world, notifications=[hook(hanging), hook(gone), hook(taken), {"type": "slack", "url": "${SLACK}"}])
    slack = receiver(200)
    daemon = up(SLACK=slack.url).ready()
    world.write("data/new/part-1.parquet", table(600))
    began = time.monotonic()
    assert json.loads(taken.next()[1])["type"].endswith("run.finished")
    assert json.loads(taken.next()[1])["type"].endswith("model.promoted")
    assert "run 1 promoted version 1" in json.loads(slack.next()[1])["text"]
    world.write("data/new/part-2.parquet", table(300, seed=2))
    assert json.loads(taken.next()[1])["data"]["details"]["id"] == 2
    assert time.monotonic() - began < 8, "while one hangs for 10 s"
    assert len(gone.seen) == 1, "410: nothing more"
    assert "stop: status 410" in daemon.text()
    assert daemon.stop() < 5, "also with a receiver that hangs"
    assert "SLACK" not in daemon.text()


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.mails: queue.Queue[tuple[str, list[str], str]] = queue.Queue()
        mails = self.mails

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sender, receivers = "", []
                self.wfile.write(b"220 here\r\n")
                while line := self.rfile.readline().decode().strip():
                    word = line.upper()
                    if word.startswith("MAIL FROM"):
                        sender = line[10:].split(" ")[0]
                    elif word.startswith("RCPT TO"):
                        receivers.append(line[8:])
                    elif word == "DATA":
                        self.wfile.write(b"354 go on\r\n")
                        lines: list[str] = []
                        while (text := self.rfile.readline().decode()) != ".\r\n":
                            lines.append(text)
                        mails.put((sender, receivers, "".join(lines)))
                    elif word == "QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    self.wfile.write(b"250 ok\r\n")

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def test_a_letter_arrives(world: World) -> None:
    with Mailbox() as mailbox:
        port = mailbox.server_address[1]
        world.write("data/new/part-1.parquet", table(600))
        target = {
            "type": "email",
            "url": f"smtp://127.0.0.1:{port}",
            "from": "retrain@example.org",
            "to": ["ann@example.org", "bob@example.org"],
            "events": ["model.promoted"],
        }
        world.configure(notifications=[target])
        assert world.retrain("run").code == 0
        sender, receivers, text = mailbox.mails.get(timeout=30)
        assert (sender, receivers) == ("<retrain@example.org>", ["<ann@example.org>", "<bob@example.org>"])
        assert "Subject: [retrain] run 1 promoted version 1" in text
        assert mailbox.mails.empty()
        mailbox.shutdown()


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ({"type": "webhook", "url": "example.org"}, "is no address of a webhook"),
        ({"type": "webhook", "url": "https://x/", "secret": SECRET}, "is written out, and the config is kept"),
        ({"type": "email", "url": "https://x/", "from": "a@b", "to": ["c@d"]}, "it begins with smtps://"),
        ({"type": "email", "url": "smtp://x"}, "`notifications[0].from` is missing"),
        ({"type": "pager", "url": "https://x/"}, "`pager` is no notifications[0].type"),
        ({"type": "slack", "url": "https://x/", "events": ["run.finishd"]}, "did you mean `run.finished`?"),
        ({"type": "slack", "link": "https://x/"}, "there is no key `link`"),
    ],
)
def test_a_receiver_that_cannot_be_is_refused(world: World, target: dict[str, Any], says: str) -> None:
    empty(world, notifications=[target])
    answer = world.retrain("run")
    assert answer.code == 2
    assert says in json.dumps(answer.json, ensure_ascii=False), answer
    assert SECRET not in json.dumps(answer.json)
