# SPDX-License-Identifier: MIT
"""Filters in a real Envoy Gateway: gateway_test.py PROGRAM [CASE...]. One gateway serves all cases: each has a route
of its own, and those that belong together are applied at once. What a case comes to is also a row of docs/gateway.md."""
import hashlib
import os
import signal
import sys
import unittest

import table
from local_gateway import (FileServer, Gateway, Load, PrivateRegistry, ask, config_map, free_port,
                           from_http, gateway_object, image, module, policy, route, secret, wait_for)

HEADER = "x-wasm-custom"
PROGRAM = None
world = None


class World:
    """What all cases share: the gateway, the images in its registry, and the routes."""

    def __init__(self):
        self.open = []
        try:
            self.gateway = self.kept(Gateway(PROGRAM))
            self.gateway.up()
            self.url = self.gateway.url()
            self.registry = self.gateway.registry()
            self.foo = module("trapping")  # sets the header to FOO, and traps on a request with x-trap
            self.image = self.gateway.pack(self.foo)
            self.digest = self.push("foo:v1", self.image)
        except BaseException:
            self.close()
            raise

    def kept(self, thing):
        self.open.append(thing)
        return thing

    def push(self, name, layout, *flags):
        return self.gateway.push(layout, f"{self.registry}/{name}", *self.gateway.push_flags(), *flags)

    def reference(self, name):
        return f"{self.registry}/{name}"

    def close(self):
        while self.open:
            self.open.pop().close()


def setUpModule():  # pylint: disable=invalid-name
    global world  # pylint: disable=global-statement
    world = World()


def tearDownModule():  # pylint: disable=invalid-name
    world.close()


class GatewayTest(unittest.TestCase):
    """With what the cases have in common; a class of them applies its objects once."""

    maxDiff = None
    objects = []

    @classmethod
    def apply(cls, *objects):
        """Until the class has ended."""
        result = world.gateway.apply(*objects)
        cls.objects = [*cls.objects, *objects]
        return result

    @classmethod
    def tearDownClass(cls):
        if cls.objects:
            world.gateway.delete(*cls.objects)
        cls.objects = []

    def served(self, name, headers=()):
        return ask(f"{world.url}/{name}", headers)

    def wait_for_header(self, name, value, headers=()):
        """Envoy takes up a moment after the controller what is new."""
        def has_it():
            response = self.served(name, headers)
            return response.status == 200 and response.values(HEADER) == [value] and response
        return wait_for(f"{HEADER}: {value} on /{name}", has_it)

    def wait_for_no_header(self, name):
        def has_none():
            response = self.served(name)
            return response.status == 200 and response.values(HEADER) == []
        wait_for(f"no {HEADER} on /{name}", has_none)

    def wait_for_status(self, name, status):
        wait_for(f"status {status} on /{name}", lambda: self.served(name).status == status)

    def accepted(self, name):
        kind, status, message = world.gateway.condition(f"EnvoyExtensionPolicy default/{name}")
        self.assertEqual((kind, status), ("Accepted", "True"), message)

    def refused(self, name, *words):
        condition = world.gateway.condition(f"EnvoyExtensionPolicy default/{name}")
        self.assertEqual(condition[:2], ("Accepted", "False"))
        for word in words:
            self.assertIn(word, condition[2])
        return condition[2]


class Sources(GatewayTest):
    """Where a module may come from. The control of all: a route without a policy, which has no header."""

    @classmethod
    def setUpClass(cls):
        gateway = world.gateway
        cls.files = world.kept(FileServer({"foo.wasm": world.foo}))
        cls.private = world.kept(PrivateRegistry(gateway.folder / "private"))
        docker = world.push("docker:v1", world.image, "--format", "v2s2")
        artifact = world.push("artifact:v1", gateway.pack(world.foo, "artifact"))
        reference = f"{cls.private.address}/foo:v1"
        # Of its own: the controller knows an image that another policy has pulled, and asks for it in another way.
        other = f"{cls.private.address}/other:v1"
        for where in (reference, other):
            gateway.push(world.image, where, *cls.private.push_flags())
        sha256 = hashlib.sha256(world.foo).hexdigest()
        cls.accepted_ones = {
            "by-tag": image(world.reference("foo:v1")),
            "by-digest": image(world.reference(f"foo@{world.digest}")),
            "pinned": image(world.reference("foo:v1"), world.digest),
            "docker-schema": image(world.reference("docker:v1"), docker),
            "artifact": image(world.reference("artifact:v1"), artifact),
            "http": from_http(f"{cls.files.url}/foo.wasm", sha256),
            "private": image(reference, pull_secret="right", authority="authority"),
        }
        wrong = "0" * 64
        cls.refused_ones = {
            "http-wrong-sha256": from_http(f"{cls.files.url}/foo.wasm", wrong),
            "wrong-secret": image(other, pull_secret="wrong", authority="authority"),
            "no-secret": image(reference, authority="authority"),
            "no-authority": image(reference, pull_secret="right"),
        }
        both = {**cls.accepted_ones, **cls.refused_ones}
        cls.result = cls.apply(
            secret("right", cls.private.docker_config(cls.private.PASSWORD)),
            secret("wrong", cls.private.docker_config("guessed")),
            config_map("authority", cls.private.authority.read_text()),
            *map(route, [*both, "plain"]), *(policy(name, wasm) for name, wasm in both.items()))

    def test_every_right_source_is_accepted_and_puts_the_header_on_its_route(self):
        for name in self.accepted_ones:
            with self.subTest(name):
                self.wait_for_header(name, "FOO")
                self.accepted(name)

    def test_a_route_without_a_policy_has_no_header(self):
        self.wait_for_no_header("plain")

    def test_a_wrong_source_is_refused_with_the_reason_and_its_route_answers_500(self):
        words = {"http-wrong-sha256": ["checksum", "does not match"], "wrong-secret": ["UNAUTHORIZED"],
                 "no-secret": ["UNAUTHORIZED"], "no-authority": ["certificate"]}
        for name in self.refused_ones:
            with self.subTest(name):
                self.refused(name, *words[name])
                self.wait_for_status(name, 500)

    def test_apply_ends_with_6_and_names_what_was_refused_and_no_secret(self):
        self.assertEqual(self.result.returncode, 6, self.result.stdout)
        for name in self.refused_ones:
            self.assertIn(f"EnvoyExtensionPolicy default/{name}", self.result.stdout)
        refused = self.result.stdout[self.result.stdout.index("does not accept "):]
        for name in self.accepted_ones:
            self.assertNotRegex(refused, f"EnvoyExtensionPolicy default/{name}\\b(?!-)")
        self.assertNotIn(self.private.PASSWORD, self.result.stdout)


class FailOpen(GatewayTest):
    """What becomes of requests when a filter cannot run, failOpen true and false: the table of docs/gateway.md."""

    @classmethod
    def setUpClass(cls):
        # What it does when it is loaded cannot be seen in it: to trap.
        broken = module("trapping", **{"(func $trap_on": "(func $begin unreachable) (start $begin) (func $trap_on"})
        world.push("broken:v1", world.gateway.pack(broken))
        cls.wasm = {
            "sound": lambda fail_open: image(world.reference("foo:v1"), fail_open=fail_open),
            "missing-tag": lambda fail_open: image(world.reference("foo:v9"), fail_open=fail_open),
            "unreachable": lambda fail_open: image(f"127.0.0.1:{free_port()}/foo:v1", fail_open=fail_open),
            "wrong-digest": lambda fail_open: image(world.reference("foo:v1"), "0" * 64, fail_open=fail_open),
            "does-not-load": lambda fail_open: image(world.reference("broken:v1"), fail_open=fail_open),
            "traps": lambda fail_open: image(world.reference("foo:v1"), fail_open=fail_open),
        }
        names = [(name, mode) for name in cls.wasm for mode in ("open", "closed")]
        cls.result = cls.apply(
            *(route(f"{name}-{mode}") for name, mode in names),
            *(policy(f"{name}-{mode}", cls.wasm[name](mode == "open")) for name, mode in names))
        wait_for("the last route answers",
                 lambda: ask(f"{world.url}/sound-closed").values(HEADER) == ["FOO"])

    def test_the_table_of_the_document_is_what_happens(self):
        """Each row: what the status says, and how the route answers, before and after a trap."""
        rows = []
        for name in self.wasm:
            for mode in ("open", "closed"):
                rows.append(self.row(name, mode))
        table.check(rows, "failures", self)

    def row(self, name, mode):
        where = f"{name}-{mode}"
        condition = world.gateway.condition(f"EnvoyExtensionPolicy default/{where}")
        answers = self.answer(where)
        if name == "traps":
            # Each of Envoy's workers has a VM of its own, and a connection meets one of them: all of them trap.
            first = {self.answer(where, [("x-trap", "now")]) for _ in range(40)}
            then = {self.answer(where) for _ in range(40)}
            answers = f"{' or '.join(sorted(first))}; then {' or '.join(sorted(then))}"
        return [name.replace("-", " "), "true" if mode == "open" else "false", f"{condition[0]}={condition[1]}", answers]

    def answer(self, where, headers=()):
        response = self.served(where, headers)
        values = response.values(HEADER)
        return f"{response.status}{' with the header' if values == ['FOO'] else ''}"

    def test_the_reasons_are_the_controllers_own(self):
        for mode in ("open", "closed"):
            self.refused(f"missing-tag-{mode}", "MANIFEST_UNKNOWN")
            self.refused(f"unreachable-{mode}", "connection refused")
            self.refused(f"wrong-digest-{mode}", "does not match")
            self.accepted(f"does-not-load-{mode}")
            self.accepted(f"sound-{mode}")


class Policies(GatewayTest):
    @classmethod
    def setUpClass(cls):
        cls.configured = world.push("configured:v1", world.gateway.pack(module("configured")))
        cls.first = world.push("first:v1", world.gateway.pack(module("trapping", FOO="AAA")))
        cls.second = world.push("second:v1", world.gateway.pack(module("trapping", FOO="BBB")))
        cls.apply(gateway_object("second", 8080), route("on-second", "second"), route("also-second", "second"),
                  route("configured"), route("ordered"), route("removed"), route("untouched"))

    def test_a_policy_on_a_gateway_is_for_all_its_routes_and_no_other(self):
        whole = policy("whole", image(world.reference("foo:v1")), target=("Gateway", "second"))
        self.apply(whole)
        url = world.gateway.url("default/second")
        for name in ("on-second", "also-second"):
            wait_for(f"{name} has the header", lambda name=name: ask(f"{url}/{name}").values(HEADER) == ["FOO"])
        self.wait_for_no_header("untouched")

    def test_configuration_reaches_the_filter_and_changes_while_it_runs(self):
        def configured(colour):
            return policy("configured", image(world.reference("configured:v1"), config={"colour": colour}))
        self.apply(configured("red"))
        self.wait_for_header("configured", '{"colour":"red"}')
        self.apply(configured("blue"))
        self.wait_for_header("configured", '{"colour":"blue"}')

    def test_two_filters_of_a_policy_run_in_their_order(self):
        """Responses pass them backwards: the first of the list has the last word."""
        both = [image(world.reference(f"{name}:v1"), name=name) for name in ("first", "second")]
        self.apply(policy("ordered", *both))
        self.wait_for_header("ordered", "AAA")
        self.apply(policy("ordered", *reversed(both)))
        self.wait_for_header("ordered", "BBB")

    def test_without_its_policy_a_route_has_no_header(self):
        one = policy("removed", image(world.reference("foo:v1")))
        self.apply(one)
        self.wait_for_header("removed", "FOO")
        self.assertIn("deleted", world.gateway.delete(one))
        self.wait_for_no_header("removed")

    def test_what_the_controller_cannot_read_changes_nothing(self):
        wrong = route("wrong")
        wrong["spec"]["rules"][0]["matches"][0]["path"]["type"] = "Nonsense"
        result = world.gateway.apply(wrong)
        self.assertEqual(result.returncode, 6, result.stdout)
        self.assertIn("Nonsense", result.stdout)
        self.assertNotIn("HTTPRoute default/wrong", [one["object"] for one in world.gateway.status()["objects"]])
        self.apply(route("right-after"))
        self.wait_for_no_header("right-after")


class UnderLoad(GatewayTest):
    @classmethod
    def setUpClass(cls):
        """Modules that this Envoy has never had: what it has, it knows by its code."""
        cls.versions = {}
        for name in ("old", "new", "stays", "unseen"):
            cls.versions[name] = world.push(f"{name}:v1", world.gateway.pack(module("trapping", FOO=name[:3].upper())))

    def manifest(self, target, image_name):
        """The policy as the program writes it."""
        file = world.gateway.folder / f"{target}-{image_name}.yaml"
        world.gateway.must("manifest", "--target", f"HTTPRoute/{target}", "--name", target, "--source", "image",
                           world.reference(f"{image_name}:v1"), "--sha256", self.versions[image_name], "-o", file)
        self.addCleanup(world.gateway.run, "gateway", "delete", file)
        return file

    def test_a_new_version_comes_without_a_failed_request(self):
        self.apply(route("upgraded"))
        old, new = self.manifest("upgraded", "old"), self.manifest("upgraded", "new")
        world.gateway.must("gateway", "apply", old)
        self.wait_for_header("upgraded", "OLD")
        with Load(f"{world.url}/upgraded") as load:
            wait_for("some requests", lambda: load.answered > 50)
            world.gateway.must("gateway", "apply", new)
            self.wait_for_header("upgraded", "NEW")
            before = load.answered
            wait_for("some more requests", lambda: load.answered > before + 50)
        self.assertEqual(load.failures[:5], [])

    def test_envoy_keeps_the_old_module_when_nothing_but_the_module_changes(self):
        """The control of the variable that `manifest` names after each module. Should this fail, it is not needed."""
        def stays(name):
            return policy("stays", image(world.reference(f"{name}:v1"), self.versions[name]))
        self.apply(route("stays"), stays("stays"))
        self.wait_for_header("stays", "STA")
        self.apply(stays("unseen"), route("behind"))
        self.wait_for_no_header("behind")
        seen = {value for _ in range(200) for value in self.served("stays").values(HEADER)}
        self.assertEqual(seen, {"STA"})

    def test_the_load_would_see_a_failure(self):
        self.apply(route("failing"), policy("failing", image(world.reference("foo:v9"), fail_open=False)))
        self.wait_for_status("failing", 500)
        with Load(f"{world.url}/failing") as load:
            wait_for("a request", lambda: load.answered > 2)
        self.assertIn("status 500", load.failures)

    def test_a_controller_that_is_killed_comes_back_and_no_request_fails(self):
        one = policy("survives", image(world.reference("foo:v1"), world.digest, fail_open=False))
        self.apply(route("survives"), one)
        self.wait_for_header("survives", "FOO")
        pid, starts = world.gateway.process("controller")
        with Load(f"{world.url}/survives") as load:
            wait_for("some requests", lambda: load.answered > 20)
            os.kill(pid, signal.SIGKILL)
            wait_for("another controller", lambda: world.gateway.process("controller")[1] > starts)
            wait_for("it accepts the policy",
                     lambda: world.gateway.condition("EnvoyExtensionPolicy default/survives"))
            self.accepted("survives")
            self.wait_for_header("survives", "FOO")
        self.assertEqual(load.failures[:5], [])
        world.gateway.delete(one)
        self.wait_for_no_header("survives")

    def test_an_envoy_that_is_killed_comes_back(self):
        self.apply(route("again"), policy("again", image(world.reference("foo:v1"))))
        self.wait_for_header("again", "FOO")
        pid, starts = world.gateway.process("envoy/default-eg")
        os.kill(pid, signal.SIGKILL)
        wait_for("another Envoy", lambda: world.gateway.process("envoy/default-eg")[1] > starts)

        def answers():
            try:
                return self.served("again").values(HEADER) == ["FOO"]
            except OSError:
                return False
        wait_for("it has the filter", answers)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
