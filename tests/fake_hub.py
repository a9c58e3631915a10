"""A Hugging Face hub on this machine: the endpoints that a commit needs, kept in memory."""

import base64
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TOKEN = "hf_right"
#: Files of more bytes come by Git LFS, as weights do.
LARGE = 1000


class FakeHub(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.repositories = {}  # name: {"private": bool, "files": {path: bytes}}
        self.commits = []
        self.large = {}  # SHA-256: bytes
        self.refused = {}  # path of an endpoint: (status, answer)


@contextmanager
def fake_hub():
    hub = FakeHub()
    thread = Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        thread.join()
        hub.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({}, INFO)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(body, ENDPOINTS)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.large[self.path.rpartition("/")[2]] = body
        self.send(200, {})

    def answer(self, body, endpoints):
        for path, refusal in self.server.refused.items():
            if path in self.path:
                return self.send(*refusal)
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self.send(401, {"error": "Invalid username or password."})
        for path, endpoint in endpoints.items():
            if path in self.path:
                return self.send(*endpoint(self.server, self.path, body))
        return self.send(404, {"error": f"no {self.path}"})

    def send(self, status, answer):
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


def create(hub, path, body):
    asked = json.loads(body)
    name = f"{asked['organization'] or 'me'}/{asked['name']}"
    status = 409 if name in hub.repositories else 200
    hub.repositories.setdefault(name, {"private": asked.get("private", False), "files": {}})
    return status, {"url": f"{hub.url}/{name}"}


def validate(hub, path, body):
    assert set(json.loads(body)) == {"content", "repoType"}
    return 200, {"errors": [], "warnings": []}


def preupload(hub, path, body):
    files = [
        {
            "path": file["path"],
            "uploadMode": "lfs" if file["size"] > LARGE else "regular",
            "shouldIgnore": False,
        }
        for file in json.loads(body)["files"]
    ]
    return 200, {"files": files}


def lfs_batch(hub, path, body):
    objects = [
        {**asked, "actions": {"upload": {"href": f"{hub.url}/lfs/{asked['oid']}"}}}
        for asked in json.loads(body)["objects"]
    ]
    return 200, {"transfer": "basic", "objects": objects}


def commit(hub, path, body):
    name = repository_in(path)
    files = hub.repositories[name]["files"]
    for line in map(json.loads, body.splitlines()):
        value = line["value"]
        if line["key"] == "header":
            hub.commits.append(value["summary"])
        elif line["key"] == "file":
            files[value["path"]] = base64.b64decode(value["content"])
        elif line["key"] == "lfsFile":
            files[value["path"]] = hub.large[value["oid"]]
        else:
            assert line["key"] == "deletedFile"
            del files[value["path"]]
    return 200, {"commitUrl": f"{hub.url}/{name}/commit/1", "commitOid": "1"}


def info(hub, path, body):
    repository = hub.repositories.get(repository_in(path))
    if repository is None:
        return 404, {"error": "Repository not found"}
    siblings = [{"rfilename": name} for name in repository["files"]]
    return 200, {"id": "1", "private": repository["private"], "siblings": siblings}


def repository_in(path):
    return "/".join(path.split("/")[3:5])


INFO = {"/api/models/": info}
ENDPOINTS = {
    "/api/repos/create": create,
    "/api/validate-yaml": validate,
    "/preupload/": preupload,
    ".git/info/lfs/objects/batch": lfs_batch,
    "/commit/": commit,
}
