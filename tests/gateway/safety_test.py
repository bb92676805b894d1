# SPDX-License-Identifier: MIT
"""What somebody's manifest, and another user of the machine, cannot do to who runs a gateway: safety_test.py PROGRAM.
In real Envoy Gateway, registry and Envoys; each test has its control, which shows that it would see the harm."""
import base64
import http.client
import json
import os
import socket
import stat
import subprocess
import sys
import traceback
import unittest
from pathlib import Path

from local_gateway import PLAIN, Failure, Gateway, ask, image, module, policy, route, wait_for

PROGRAM = None
HEADER = "x-wasm-custom"
SECRET, NAMED = "AWS_SECRET_ACCESS_KEY", "WASMUP_TEST_NAMED"
gateway = None


def setUpModule():  # pylint: disable=invalid-name
    global gateway  # pylint: disable=global-statement
    gateway = Gateway(PROGRAM)
    gateway.environment.update({SECRET: "a-secret", NAMED: "a-named-value"})
    try:
        gateway.up("--env", NAMED)
    except BaseException:
        gateway.close()
        raise


def tearDownModule():  # pylint: disable=invalid-name
    gateway.close()


def of_version(version, kind, name, spec):
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec}


def tcp_route(name, version, parent="eg"):
    return of_version(f"gateway.networking.k8s.io/{version}", "TCPRoute", name,
                      {"parentRefs": [{"name": parent, "sectionName": name}] if parent != "eg" else [{"name": "eg"}],
                       "rules": [{"backendRefs": [{"name": "backend", "port": 3000}]}]})


class Panic(unittest.TestCase):
    """An object over which the controller panics, each time that it reads it."""

    def test_the_old_objects_are_put_back_and_the_panic_is_quoted(self):
        gateway.apply(route("before"))
        starts = gateway.process("controller")[1]
        for attempt in range(2):
            result = gateway.apply(route("beside"), tcp_route("panics", "v1alpha2"))
            self.assertEqual(result.returncode, 6, result.stdout)
            self.assertIn("all is as it was before", result.stdout)
            self.assertRegex(result.stdout, "panic: .*TCPRouteSpec")
            self.assertGreater(gateway.process("controller")[1], starts + attempt)
        objects = [one["object"] for one in gateway.status()["objects"]]
        self.assertIn("HTTPRoute default/before", objects)
        self.assertNotIn("HTTPRoute default/beside", objects)
        self.assertNotIn("TCPRoute default/panics", objects)
        self.assertEqual(gateway.condition("HTTPRoute default/before")[:2], ("Accepted", "True"))
        after = gateway.apply(route("after"))
        self.assertEqual(after.returncode, 0, after.stdout)
        wait_for("traffic", lambda: ask(gateway.url() + "/after").status == 200)
        gateway.delete(route("before"), route("after"))


class Variables(unittest.TestCase):
    """What filters, and processes, see of the user's environment."""

    def test_no_process_has_a_variable_that_was_not_named(self):
        status = gateway.status()
        self.assertIn(b"a-secret", b"".join(value.encode() for value in gateway.environment.values()))
        for pid in [status["supervisor"], *(one["pid"] for one in status["processes"])]:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            self.assertNotIn(b"a-secret", environment)
            self.assertIn(b"a-named-value", environment)

    def test_values_are_in_no_file(self):
        for file in gateway.state.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"a-named-value", file.read_bytes(), file)

    def test_a_filter_sees_what_was_named_and_nothing_else(self):
        registry = gateway.registry()
        gateway.push(gateway.pack(module("environment")), f"{registry}/environment:v1", *gateway.push_flags())

        def asking(name, *variables):
            wasm = image(f"{registry}/environment:v1")
            wasm["env"] = {"hostKeys": list(variables)}
            return [route(name), policy(name, wasm)]
        result = gateway.apply(*asking("named", NAMED), *asking("secret", SECRET, "PATH_TO_NOTHING"))
        self.assertEqual(result.returncode, 0, result.stdout)
        for name, value in (("named", f"{NAMED}=a-named-value"), ("secret", "none")):
            wait_for(f"{value} on /{name}", lambda n=name, v=value: ask(f"{gateway.url()}/{n}").values(HEADER) == [v])
        gateway.delete(*asking("named"), *asking("secret"))


def logging_to(path):
    """A patch of Envoy: it writes a line into this file for each connection."""
    log = {"name": "file", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog", "path": str(path)}}
    return of_version("gateway.envoyproxy.io/v1alpha1", "EnvoyPatchPolicy", "logging", {
        "type": "JSONPatch", "targetRef": {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "eg"},
        "jsonPatches": [{"type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "default/eg/http",
                         "operation": {"op": "add", "path": "/access_log", "value": [log]}}]})


class Files(unittest.TestCase):
    """What a manifest can write."""

    def test_a_patch_of_envoy_and_a_socket_are_only_taken_from_who_is_trusted(self):
        backend = of_version("gateway.envoyproxy.io/v1alpha1", "Backend", "docker",
                             {"endpoints": [{"unix": {"path": "/var/run/docker.sock"}}]})
        for wrong in (logging_to("/tmp/log"), backend):
            result = gateway.apply(route("beside"), wrong)
            self.assertEqual(result.returncode, 6, result.stdout)
            self.assertIn("--trusted", result.stdout)
            self.assertNotIn("HTTPRoute default/beside", [one["object"] for one in gateway.status()["objects"]])

    def test_even_so_envoy_writes_nowhere_but_in_the_gateways_folder(self):
        inside, outside = gateway.state / "home/written", gateway.folder / "written"
        for path in (outside, inside):  # the second is the control
            gateway.must("gateway", "apply", "--trusted", gateway.objects_file([logging_to(path)]))
            if path == outside:
                wait_for("Envoy's refusal", lambda: "Read-only file system" in gateway.must("gateway", "logs", "envoy"))
            else:
                wait_for("the file", lambda: ask(gateway.url() + "/").status == 200 and inside.exists())
        self.assertFalse(outside.exists())
        gateway.delete(logging_to(inside))


def sockets_of(pids):
    """(protocol, address, port) of what these processes listen on, from what the kernel says."""
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = os.readlink(descriptor)
            except OSError:  # closed meanwhile
                continue
            if target.startswith("socket:["):
                inodes.add(target[len("socket:["):-1])
    found = set()
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{protocol}").read_text().splitlines()[1:]:
            fields = line.split()
            listens = fields[3] == "0A" if protocol.startswith("tcp") else fields[2].endswith(":0000")
            if listens and fields[9] in inodes:
                address, port = fields[1].split(":")
                words = [bytes.fromhex(address[i:i + 8])[::-1] for i in range(0, len(address), 8)]
                family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
                found.add((protocol, socket.inet_ntop(family, b"".join(words)), int(port, 16)))
    return found


def elsewhere(sockets):
    """Those of other addresses than loopback's."""
    return {one for one in sockets if not one[1].startswith(("127.", "::ffff:127.")) and one[1] != "::1"}


def with_all_listeners():
    """A Gateway with a listener of each protocol, and what they lead to."""
    listeners = of_version("gateway.networking.k8s.io/v1", "Gateway", "all", {
        "gatewayClassName": "eg",
        "listeners": [{"name": "http", "protocol": "HTTP", "port": 80},
                      {"name": "tcp", "protocol": "TCP", "port": 9001},
                      {"name": "udp", "protocol": "UDP", "port": 9002},
                      {"name": "tls", "protocol": "TLS", "port": 9003, "tls": {"mode": "Passthrough"}}]})
    udp = tcp_route("udp", "v1", "all")
    udp["kind"] = "UDPRoute"
    tls = tcp_route("tls", "v1", "all")
    tls["kind"] = "TLSRoute"
    tls["spec"]["hostnames"] = ["www.example.com"]
    return [listeners, tcp_route("tcp", "v1", "all"), udp, tls]


class Ports(unittest.TestCase):
    """Nothing listens where another machine reaches it."""

    def test_the_control_an_open_port_is_seen(self):
        with socket.socket() as opened:
            opened.bind(("0.0.0.0", 0))
            opened.listen()
            self.assertIn(opened.getsockname()[1], [one[2] for one in elsewhere(sockets_of([os.getpid()]))])

    def test_all_processes_listen_on_loopback_only(self):
        result = gateway.apply(*with_all_listeners())
        self.assertEqual(result.returncode, 0, result.stdout)

        def pids():
            status = gateway.status()
            return [status["supervisor"], *(one["pid"] for one in status["processes"])]
        wanted = {int(one["url"].rstrip("/").rsplit(":", 1)[1]) for one in gateway.status()["listeners"]}
        self.assertEqual(len(wanted), 5)
        wanted |= {18000, 18002, 8081}
        wait_for("all of them listen", lambda: wanted <= {one[2] for one in sockets_of(pids())})
        self.assertEqual(elsewhere(sockets_of(pids())), set())
        gateway.delete(*with_all_listeners())


def as_another_user(work):
    """What `work` gives as nobody, who may be on this machine too; its result is True or False."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            os._exit(0 if work() else 1)
        except PermissionError:
            os._exit(1)
        finally:  # anything else is no answer
            traceback.print_exc()
            os._exit(2)
    result = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if result not in (0, 1):
        raise Failure("another user could not try it")
    return result == 0


def ask_socket(path, method, what):
    """The status of Envoy's admin, on its socket."""
    connection = http.client.HTTPConnection("localhost", timeout=20)
    connection.sock = socket.socket(socket.AF_UNIX)
    # A path may be longer than a socket's address: from its folder it is short.
    folder = os.open(Path(path).parent, os.O_PATH)
    connection.sock.connect(f"/proc/self/fd/{folder}/{Path(path).name}")
    connection.request(method, what)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    os.close(folder)
    return answer.status


def ask_port(port, method, path, headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


class Neighbours(unittest.TestCase):
    """What another user of this machine can do."""

    def test_envoys_admin_is_a_socket_that_only_its_user_reaches(self):
        envoys = [one for one in gateway.status()["processes"] if one["admin"]]
        self.assertTrue(envoys)
        self.assertEqual(stat.S_IMODE(gateway.state.stat().st_mode), 0o700)
        for one in envoys:
            self.assertEqual(ask_socket(one["admin"], "GET", "/certs"), 200)
            self.assertEqual(stat.S_IMODE(os.stat(one["admin"]).st_mode), 0o600)
        status = gateway.status()
        for _, _, port in sockets_of([one["pid"] for one in status["processes"]]):
            self.assertNotIn(b"initial_fetch", ask_port(port, "GET", "/config_dump")[1])
            self.assertNotIn(b"uptime_current_epoch", ask_port(port, "GET", "/server_info")[1])
            ask_port(port, "POST", "/quitquitquit")
        self.assertEqual([one["starts"] for one in gateway.status()["processes"]],
                         [one["starts"] for one in status["processes"]])

    @unittest.skipIf(os.getuid() != 0, "becomes another user, which only root can")
    def test_another_user_gets_neither_to_the_admin_nor_to_the_login(self):
        status, url = gateway.status(), gateway.url() + "/"
        admin = next(one["admin"] for one in status["processes"] if one["admin"])
        os.chmod(gateway.folder, 0o755)  # what keeps them out is the gateway's own folder

        def reaches():
            return ask_socket(admin, "POST", "/quitquitquit") == 200

        def reads():
            return Path(status["registry_login"]).read_bytes() != b""
        self.assertEqual(ask(url).status, 200)  # another user may not be able to load what Python needs for it
        self.assertFalse(as_another_user(reaches))
        self.assertFalse(as_another_user(reads))
        self.assertTrue(reads())
        self.assertTrue(as_another_user(lambda: ask(url).status == 200))  # the control

    def test_the_registry_does_nothing_without_its_login(self):
        registry = gateway.registry()
        port = int(registry.rsplit(":", 1)[1])
        layout = gateway.pack(module("trapping"))
        digest = gateway.push(layout, f"{registry}/kept:v1", *gateway.push_flags())
        wrong = base64.b64encode(b"wasmup:wasmup").decode()
        for headers in ((), [("authorization", f"Basic {wrong}")]):
            for method, path in (("GET", "/v2/_catalog"), ("GET", "/v2/kept/manifests/v1"),
                                 ("POST", "/v2/planted/blobs/uploads/"), ("DELETE", f"/v2/kept/manifests/{digest}"),
                                 ("PUT", "/v2/kept/manifests/v1")):
                self.assertEqual(ask_port(port, method, path, headers)[0], 401, (method, path))
        with self.assertRaises(Failure):
            gateway.push(layout, f"{registry}/planted:v1", PLAIN, "--dest-no-creds")

    def test_its_user_is_not_asked_for_it(self):
        registry = gateway.registry()
        layout = gateway.pack(module("trapping"))
        self.assertIn("pushed", gateway.must("push", f"{registry}/mine:v1", "--from", layout))
        manifest = gateway.folder / "mine.yaml"
        gateway.must("manifest", "--target", "HTTPRoute/backend", "--name", "mine", "--source", "image",
                     f"{registry}/mine:v1", "--pin", "-o", manifest)
        gateway.must("gateway", "apply", manifest)
        wait_for("the filter", lambda: ask(gateway.url() + "/").values(HEADER) == ["FOO"])
        gateway.must("gateway", "delete", manifest)

    def test_the_login_is_in_no_command_line_and_no_output(self):
        login = Path(gateway.status()["registry_login"])
        self.assertEqual(stat.S_IMODE(login.stat().st_mode), 0o600)
        auth = next(iter(json.loads(login.read_text())["auths"].values()))["auth"]
        password = base64.b64decode(auth).decode().split(":")[1]
        commands = subprocess.run(["ps", "axww", "-o", "args"], stdout=subprocess.PIPE, check=True).stdout.decode()
        self.assertIn("registry", commands)
        for text in (commands, gateway.must("gateway", "status"), gateway.must("gateway", "logs", "registry")):
            self.assertNotIn(password, text)
            self.assertNotIn(auth, text)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
