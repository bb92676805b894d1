# SPDX-License-Identifier: MIT
"""The gateway that the tests share, and what they need beside it: registries, a server of modules, load."""
import base64
import hashlib
import http.client
import http.server
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE.parent / "modules"
PATIENCE = 60  # seconds; the machine may be busy


class Failure(Exception):
    """What went wrong, for people."""


def wait_for(what, condition, patience=PATIENCE):
    """Until `condition` gives something, which is returned; what it saw last is in the failure."""
    deadline = time.monotonic() + patience
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() >= deadline:
            raise Failure(f"{what}: not within {patience} s")
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def values(self, name):
        return [value for key, value in self.headers if key.lower() == name]

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:200]!r}"


def ask(url, headers=()):
    """One request on a connection of its own."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request("GET", parts.path or "/", headers=dict(headers))
        answer = connection.getresponse()
        return Response(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


class Load:
    """Asks all the time, on two connections that it keeps; what is not a 200 has failed."""

    def __init__(self, url):
        self.parts = urllib.parse.urlsplit(url)
        self.ended = threading.Event()
        self.answered, self.failures = 0, []
        self.threads = [threading.Thread(target=self.run) for _ in range(2)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def run(self):
        connection = http.client.HTTPConnection(self.parts.netloc, timeout=20)
        while not self.ended.is_set():
            try:
                connection.request("GET", self.parts.path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failures.append(f"status {answer.status}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
            self.answered += 1
        connection.close()


class Gateway:
    """`wasmup gateway` with a state of its own. There can be one on a machine: Envoy Gateway's ports are fixed."""

    def __init__(self, program):
        self.program = str(program)
        self.folder = Path(tempfile.mkdtemp(prefix="wasmup-gateway-test-"))
        self.environment = dict(os.environ, XDG_STATE_HOME=str(self.folder / "state"))
        self.state = self.folder / "state/wasmup/gateway"

    def run(self, *arguments, **options):
        return subprocess.run([self.program, *map(str, arguments)], env=self.environment, cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
                              **options)

    def must(self, *arguments):
        result = self.run(*arguments)
        if result.returncode != 0:
            raise Failure(f"wasmup {' '.join(map(str, arguments))}: status {result.returncode}\n{result.stdout}")
        return result.stdout

    def up(self, *flags):
        """Waits its turn when another gateway has the ports."""
        wait_for("Envoy Gateway's ports are free", self.ports_are_free, 300)
        self.must("gateway", "up", *flags)

    @staticmethod
    def ports_are_free():
        for port in (18000, 18002, 8081):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("0.0.0.0", port))
                except OSError:
                    return False
        return True

    def close(self):
        self.run("gateway", "down")
        shutil.rmtree(self.folder, ignore_errors=True)

    def status(self):
        return json.loads(self.must("gateway", "status", "--json"))

    def process(self, name):
        """The number of the process whose name begins with `name`, and how often it has been started."""
        for one in self.status()["processes"]:
            if one["name"].startswith(name):
                return one["pid"], one["starts"]
        raise Failure(f"there is no process {name}")

    def url(self, gateway="default/eg"):
        for listener in self.status()["listeners"]:
            if listener["gateway"] == gateway:
                return listener["url"].rstrip("/")
        raise Failure(f"there is no listener of {gateway}")

    def registry(self):
        return self.status()["registry"]

    def push_flags(self):
        """For skopeo, to the gateway's registry."""
        return (PLAIN, "--authfile", self.status()["registry_login"])

    def objects_file(self, objects):
        file = self.folder / f"objects-{time.monotonic_ns()}.yaml"
        file.write_text("".join("---\n" + json.dumps(one) + "\n" for one in objects))
        return file

    def apply(self, *objects):
        """Whether the controller accepts them or not; the result tells."""
        return self.run("gateway", "apply", self.objects_file(objects))

    def delete(self, *objects):
        return self.must("gateway", "delete", self.objects_file(objects))

    def condition(self, key):
        """(type, status, message) of the first condition that does not hold, else of the first; of KIND NS/NAME."""
        for one in self.status()["objects"]:
            if one["object"] == key:
                conditions = [c for verdict in one["verdicts"] or [] for c in verdict["conditions"]]
                wrong = [c for c in conditions if c["status"] != "True"]
                for condition in wrong + conditions:
                    return condition["type"], condition["status"], condition["message"]
        return None

    # --- images ---

    def pack(self, module, kind="image"):
        """An OCI layout of a module's bytes."""
        name = hashlib.sha256(module).hexdigest()[:16]
        file, layout = self.folder / f"{name}.wasm", self.folder / f"{name}-{kind}"
        if not layout.exists():
            file.write_bytes(module)
            self.must("image", file, "-o", layout, "--format", kind)
        return layout

    def push(self, layout, reference, *flags):
        """With skopeo; returns the digest that the registry knows it by."""
        digest = self.folder / "digest"
        self.skopeo("copy", "--digestfile", digest, *flags, f"oci:{layout}", f"docker://{reference}")
        return digest.read_text().strip()

    def skopeo(self, *arguments):
        result = subprocess.run(["skopeo", "--insecure-policy", *map(str, arguments)], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        if result.returncode != 0:
            raise Failure(f"skopeo {arguments[0]}: {result.stdout}")


PLAIN = "--dest-tls-verify=false"  # skopeo: a registry of plain HTTP


class PrivateRegistry:
    """docker-registry with a user, a password, and a certificate of an authority of its own."""

    USER, PASSWORD = "wasmup", "open-sesame"
    HASH = "$2y$05$dymqTF9nQwompPenS9ZpnOpauiPCgDmEn5IcPIHVYCz4nMjfV.C6m"  # htpasswd -nbB

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.address = f"127.0.0.1:{free_port()}"
        self.authority = self.folder / "authority/ca.crt"
        self.authority.parent.mkdir()
        self.make_certificates()
        (self.folder / "users").write_text(f"{self.USER}:{self.HASH}\n")
        self.auth_file = self.folder / "auth.json"
        self.auth_file.write_text(self.docker_config(self.PASSWORD))
        configuration = {
            "version": 0.1, "log": {"level": "warn"},
            "storage": {"filesystem": {"rootdirectory": str(self.folder / "data")}},
            "auth": {"htpasswd": {"realm": "wasmup", "path": str(self.folder / "users")}},
            "http": {"addr": self.address,
                     "tls": {"certificate": str(self.folder / "server.crt"), "key": str(self.folder / "server.key")}}}
        (self.folder / "registry.json").write_text(json.dumps(configuration))
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", self.folder / "registry.json"], stdout=log,
                                            stderr=log)
        host, port = self.address.split(":")
        wait_for("the private registry listens", lambda: self.listens(host, int(port)))

    @staticmethod
    def listens(host, port):
        with socket.socket() as probe:
            return probe.connect_ex((host, port)) == 0

    def make_certificates(self):
        def openssl(*arguments):
            subprocess.run(["openssl", *map(str, arguments)], cwd=self.folder, check=True, timeout=60,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        openssl("req", "-x509", *key, "-days", 2, "-subj", "/CN=wasmup test authority", "-keyout", "ca.key", "-out",
                self.authority)
        openssl("req", *key, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr")
        (self.folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", self.authority, "-CAkey", "ca.key", "-CAcreateserial",
                "-days", 2, "-extfile", "names", "-out", "server.crt")

    def docker_config(self, password):
        auth = base64.b64encode(f"{self.USER}:{password}".encode()).decode()
        return json.dumps({"auths": {self.address: {"auth": auth}}})

    def push_flags(self):
        return ("--authfile", self.auth_file, "--dest-cert-dir", self.authority.parent)

    def close(self):
        self.process.terminate()
        self.process.wait(30)


class FileServer:
    """Serves bytes by name, over HTTP."""

    def __init__(self, files):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # pylint: disable=invalid-name
                content = files.get(self.path.lstrip("/"))
                self.send_response(200 if content else 404)
                self.send_header("content-length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def module(name, **changes):
    """A module of tests/modules, with words in its text replaced."""
    text = (MODULES / f"{name}.wat").read_text()
    for old, new in changes.items():
        if text.count(old) == 0:
            raise Failure(f"{name}.wat has no {old}")
        text = text.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder) / "module.wat", Path(folder) / "module.wasm"
        source.write_text(text)
        subprocess.run(["wat2wasm", source, "-o", binary], check=True, timeout=60)
        return binary.read_bytes()


# --- objects, as people write them for a cluster ---

def gateway_object(name, port):
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": name},
            "spec": {"gatewayClassName": "eg", "listeners": [{"name": "http", "protocol": "HTTP", "port": port}]}}


def route(name, gateway="eg"):
    """Everything below /NAME, to the upstream."""
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": name},
            "spec": {"parentRefs": [{"name": gateway}],
                     "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": f"/{name}"}}],
                                "backendRefs": [{"name": "backend", "port": 3000}]}]}}


def policy(name, *wasm, target=("HTTPRoute", None)):
    kind, target_name = target
    return {"apiVersion": "gateway.envoyproxy.io/v1alpha1", "kind": "EnvoyExtensionPolicy", "metadata": {"name": name},
            "spec": {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": kind, "name": target_name or name}],
                     "wasm": list(wasm)}}


def image(url, sha256=None, *, name="filter", fail_open=None, config=None, pull_secret=None, authority=None):
    code = {"url": url}
    if sha256:
        code["sha256"] = sha256.removeprefix("sha256:")
    if pull_secret:
        code["pullSecretRef"] = {"name": pull_secret}
    if authority:
        code["tls"] = {"caCertificateRef": {"kind": "ConfigMap", "name": authority}}
    return with_rest({"name": name, "code": {"type": "Image", "image": code}}, fail_open, config)


def from_http(url, sha256, *, fail_open=None):
    return with_rest({"name": "filter", "code": {"type": "HTTP", "http": {"url": url, "sha256": sha256}}}, fail_open,
                     None)


def with_rest(wasm, fail_open, config):
    if fail_open is not None:
        wasm["failOpen"] = fail_open
    if config is not None:
        wasm["config"] = config
    return wasm


def secret(name, docker_config):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name},
            "type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": docker_config}}


def config_map(name, authority):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"ca.crt": authority}}
